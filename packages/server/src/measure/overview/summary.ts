import { money, number, type PanelDefinition, rangeParameters } from './panel.ts';

/**
 * The key figures of a range beside those of the range before. Revenue is sales less refunds, each on its own day, in the
 * workspace's currency; returning revenue is the part of it from people who had ordered before; lines in other currencies are not mixed in.
 */
export const summaryPanel: PanelDefinition = {
  columns: (workspace) => [
    ...['people', 'active_people', 'new_people', 'events', 'orders'].flatMap((key) => [
      number(key),
      number(`previous_${key}`),
    ]),
    ...['revenue', 'returning_revenue', 'refunds'].flatMap((key) => [
      money(key)(workspace),
      money(`previous_${key}`)(workspace),
    ]),
  ],
  ask: (workspace, query) => ({
    name: 'overview-summary',
    parameters: { ...rangeParameters(workspace, query), currency: workspace.currency },
    sql: `
      SELECT * FROM
      (
        SELECT
          countIf(first_seen < {to:DateTime64(3)}) AS people,
          countIf(first_seen < {from:DateTime64(3)}) AS previous_people,
          countIf(now_events > 0) AS active_people,
          countIf(before_events > 0) AS previous_active_people,
          countIf(first_seen >= {from:DateTime64(3)} AND first_seen < {to:DateTime64(3)}) AS new_people,
          countIf(first_seen >= {previous:DateTime64(3)} AND first_seen < {from:DateTime64(3)}) AS previous_new_people,
          sum(now_events) AS events,
          sum(before_events) AS previous_events
        FROM
        (
          SELECT
            profile_id,
            min(occurred_at) AS first_seen,
            countIf(occurred_at >= {from:DateTime64(3)} AND occurred_at < {to:DateTime64(3)}) AS now_events,
            countIf(occurred_at >= {previous:DateTime64(3)} AND occurred_at < {from:DateTime64(3)}) AS before_events
          FROM @person_events
          WHERE type != 'segment'
          GROUP BY profile_id
        )
      ) AS activity
      CROSS JOIN
      (
        SELECT
          uniqExactIf(order_id, is_now AND sales > 0) AS orders,
          uniqExactIf(order_id, is_before AND sales > 0) AS previous_orders,
          sumIf(sales - refunds_given, is_now) AS revenue,
          sumIf(sales - refunds_given, is_before) AS previous_revenue,
          sumIf(sales - refunds_given, is_now AND at > first_at) AS returning_revenue,
          sumIf(sales - refunds_given, is_before AND at > first_at) AS previous_returning_revenue,
          sumIf(refunds_given, is_now) AS refunds,
          sumIf(refunds_given, is_before) AS previous_refunds
        FROM
        (
          SELECT
            order_id,
            min(occurred_at) AS at,
            sumIf(amount_minor, kind = 'sale') AS sales,
            -sumIf(amount_minor, kind = 'refund') AS refunds_given,
            minIf(min(occurred_at), kind = 'sale') OVER (PARTITION BY profile_id) AS first_at,
            at >= {from:DateTime64(3)} AND at < {to:DateTime64(3)} AS is_now,
            at >= {previous:DateTime64(3)} AND at < {from:DateTime64(3)} AS is_before
          FROM @person_order_lines
          WHERE currency = {currency:String}
          GROUP BY profile_id, order_id, kind
        )
      ) AS sales`,
  }),
};
