import type { Question } from '../../storage/events/event-store.ts';

export const exportTables = ['events', 'orders', 'people', 'items', 'reviews', 'spend', 'quarantine'] as const;
export type ExportTable = (typeof exportTables)[number];

export function isExportTable(what: string): what is ExportTable {
  return (exportTables as readonly string[]).includes(what);
}

/** What each export reads. Ids are surrogates; who stands behind them is added by `addPeople` when asked for. */
export const exportQuestions: Readonly<Record<ExportTable, Question>> = {
  events: {
    name: 'export-events',
    sql: `SELECT toString(message_key) AS message_id, toString(profile_id) AS profile_id, toString(identity_id) AS identity_id, type, name, occurred_at, received_at,
      source_id, toJSONString(properties) AS properties, toJSONString(context) AS context, import_id FROM @person_events`,
  },
  orders: {
    name: 'export-orders',
    sql: `SELECT order_id, toString(profile_id) AS profile_id, toString(identity_id) AS identity_id, kind, item_id, item_name, category, toString(quantity) AS quantity,
      toString(unit_price) AS unit_price, amount_minor, currency, occurred_at, import_id FROM @person_order_lines`,
  },
  people: {
    name: 'export-people',
    sql: `SELECT toString(profile_id) AS profile_id, groupUniqArray(50)(toString(identity_id)) AS identity_ids, min(occurred_at) AS first_seen_at, max(occurred_at) AS last_seen_at, count() AS events
      FROM (SELECT profile_id, identity_id, occurred_at FROM @person_events UNION ALL SELECT profile_id, identity_id, occurred_at FROM @person_traits) GROUP BY profile_id`,
  },
  items: {
    name: 'export-items',
    sql: 'SELECT item_id, name, description, category, brand, price_minor, currency, url, image_url, stock, toJSONString(attributes) AS attributes, updated_at FROM @items WHERE deleted = 0',
  },
  reviews: {
    name: 'export-reviews',
    sql: 'SELECT toString(review_key) AS review_key, toString(profile_id) AS profile_id, toString(identity_id) AS identity_id, item_id, rating, title, text, language, occurred_at FROM @person_reviews',
  },
  spend: {
    name: 'export-spend',
    sql: 'SELECT day, media_channel, campaign, spend_minor, currency, impressions, clicks FROM @ad_spend',
  },
  quarantine: {
    name: 'export-quarantine',
    sql: 'SELECT toString(record_key) AS record_key, source_id, import_id, row_number, received_at, reason, field, detail, state, raw_sealed FROM @quarantine',
  },
};
