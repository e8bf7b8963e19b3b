import { money, number, type PanelDefinition, rangeParameters, text } from './panel.ts';

/** The 50 items that sold for most, with how many looked at them. Name and category from the catalogue, else from the orders. */
export const productsPanel: PanelDefinition = {
  columns: (workspace) => [
    text('item_id'),
    text('name'),
    text('category'),
    number('viewers'),
    number('buyers'),
    number('quantity'),
    money('revenue')(workspace),
  ],
  ask: (workspace, query) => ({
    name: 'overview-products',
    parameters: { ...rangeParameters(workspace, query), currency: workspace.currency },
    sql: `
      SELECT
        sold.item_id AS item_id,
        if(catalogue.name != '', catalogue.name, sold.item_name) AS name,
        if(catalogue.category != '', catalogue.category, sold.category) AS category,
        viewed.viewers AS viewers,
        sold.buyers AS buyers,
        toFloat64(sold.quantity) AS quantity,
        sold.revenue AS revenue
      FROM
      (
        SELECT
          item_id,
          anyLast(item_name) AS item_name,
          anyLast(category) AS category,
          uniqExactIf(profile_id, kind = 'sale') AS buyers,
          sumIf(quantity, kind = 'sale') AS quantity,
          sum(amount_minor) AS revenue
        FROM @person_order_lines
        WHERE occurred_at >= {from:DateTime64(3)} AND occurred_at < {to:DateTime64(3)}
          AND currency = {currency:String} AND item_id != ''
        GROUP BY item_id
        ORDER BY revenue DESC, item_id
        LIMIT 50
      ) AS sold
      LEFT JOIN
      (
        SELECT properties.product_id::Nullable(String) AS item_id, uniqExact(profile_id) AS viewers
        FROM @person_events
        WHERE name = 'product_viewed' AND occurred_at >= {from:DateTime64(3)} AND occurred_at < {to:DateTime64(3)}
        GROUP BY item_id
      ) AS viewed ON viewed.item_id = sold.item_id
      LEFT JOIN (SELECT item_id, name, category FROM @items WHERE deleted = 0) AS catalogue ON catalogue.item_id = sold.item_id
      ORDER BY revenue DESC, item_id`,
  }),
};
