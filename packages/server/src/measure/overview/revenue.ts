import { date, money, number, type PanelDefinition, periodSql, rangeParameters } from './panel.ts';

/** Orders and revenue (sales less refunds) period by period, and how much of it came from people who had ordered before. */
export const revenuePanel: PanelDefinition = {
  columns: (workspace) => [
    date('date'),
    number('orders'),
    money('revenue')(workspace),
    money('returning_revenue')(workspace),
    money('refunds')(workspace),
  ],
  ask: (workspace, query) => ({
    name: 'overview-revenue',
    parameters: { ...rangeParameters(workspace, query), zone: workspace.timeZone, currency: workspace.currency },
    sql: `
      SELECT
        ${periodSql(query.granularity, 'at')} AS date,
        uniqExactIf(order_id, kind = 'sale') AS orders,
        sum(amount) AS revenue,
        sumIf(amount, at > first_at) AS returning_revenue,
        -sumIf(amount, kind = 'refund') AS refunds
      FROM
      (
        SELECT
          profile_id,
          order_id,
          kind,
          min(occurred_at) AS at,
          sum(amount_minor) AS amount,
          minIf(min(occurred_at), kind = 'sale') OVER (PARTITION BY profile_id) AS first_at
        FROM @person_order_lines
        WHERE currency = {currency:String}
        GROUP BY profile_id, order_id, kind
      )
      WHERE at >= {from:DateTime64(3)} AND at < {to:DateTime64(3)}
      GROUP BY date
      ORDER BY date`,
  }),
};
