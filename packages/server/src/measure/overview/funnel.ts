import { number, type PanelDefinition, rangeParameters, rate, text } from './panel.ts';

/** Of the people who looked at a product, how many went how far within seven days, in this order. */
export const funnelPanel: PanelDefinition = {
  columns: () => [text('step'), number('people'), rate('rate')],
  ask: (workspace, query) => ({
    name: 'overview-funnel',
    parameters: rangeParameters(workspace, query),
    // windowFunnel takes integers only: milliseconds since 1970, window of seven days.
    sql: `
      SELECT step, people, if(viewers = 0, 0, people / viewers) AS rate
      FROM
      (
        SELECT
          [countIf(level >= 1), countIf(level >= 2), countIf(level >= 3), countIf(level >= 4)] AS reached,
          reached[1] AS viewers
        FROM
        (
          SELECT
            profile_id,
            windowFunnel(604800000)(
              toUInt64(toUnixTimestamp64Milli(occurred_at)),
              name = 'product_viewed', name = 'product_added', name = 'checkout_started', name = 'order_completed'
            ) AS level
          FROM @person_events
          WHERE occurred_at >= {from:DateTime64(3)} AND occurred_at < {to:DateTime64(3)}
            AND name IN ('product_viewed', 'product_added', 'checkout_started', 'order_completed')
          GROUP BY profile_id
        )
      )
      ARRAY JOIN
        ['product_viewed', 'product_added', 'checkout_started', 'order_completed'] AS step,
        reached AS people,
        [1, 2, 3, 4] AS position
      ORDER BY position`,
  }),
};
