import { money, number, type PanelDefinition, rangeParameters, text } from './panel.ts';

/**
 * Where people came from (utm source / medium of their landings in the range), and the orders that followed within seven days
 * of a landing. An order goes to the latest landing before it; without one it is `direct`.
 */
export const channelsPanel: PanelDefinition = {
  columns: (workspace) => [text('channel'), number('people'), number('orders'), money('revenue')(workspace)],
  ask: (workspace, query) => ({
    name: 'overview-channels',
    parameters: { ...rangeParameters(workspace, query), currency: workspace.currency },
    sql: `
      WITH landings AS
      (
        SELECT
          profile_id,
          occurred_at,
          concat(
            context.campaign.source::Nullable(String),
            if(ifNull(context.campaign.medium::Nullable(String), '') = '', '', concat(' / ', context.campaign.medium::Nullable(String)))
          ) AS channel
        FROM @person_events
        WHERE ifNull(context.campaign.source::Nullable(String), '') != ''
          AND occurred_at >= {from:DateTime64(3)} - INTERVAL 7 DAY AND occurred_at < {to:DateTime64(3)}
      ),
      orders AS
      (
        SELECT profile_id, order_id, min(occurred_at) AS at, sum(amount_minor) AS amount
        FROM @person_order_lines
        WHERE kind = 'sale' AND currency = {currency:String}
          AND occurred_at >= {from:DateTime64(3)} AND occurred_at < {to:DateTime64(3)}
        GROUP BY profile_id, order_id
      )
      SELECT channel, sum(landed) AS people, sum(ordered) AS orders, sum(earned) AS revenue
      FROM
      (
        SELECT assumeNotNull(channel) AS channel, uniqExact(profile_id) AS landed, 0 AS ordered, 0 AS earned
        FROM landings
        WHERE occurred_at >= {from:DateTime64(3)}
        GROUP BY channel
        UNION ALL
        SELECT
          if(landings.occurred_at >= orders.at - INTERVAL 7 DAY AND ifNull(landings.channel, '') != '', assumeNotNull(landings.channel), 'direct') AS channel,
          0 AS landed,
          count() AS ordered,
          sum(orders.amount) AS earned
        FROM orders
        ASOF LEFT JOIN landings ON orders.profile_id = landings.profile_id AND orders.at >= landings.occurred_at
        GROUP BY channel
      )
      GROUP BY channel
      ORDER BY revenue DESC, people DESC, channel
      LIMIT 30`,
  }),
};
