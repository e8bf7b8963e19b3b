import type { JsonObject } from '../../domain/events.ts';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { EventStore } from '../../storage/events/event-store.ts';
import type { ItemCells } from './catalogue.ts';

type Row = {
  item_id: string;
  name: string;
  text: string;
  category: string;
  brand: string;
  price_minor: string | null;
  currency: string;
  url: string;
  image_url: string;
  stock: string | null;
  attributes: JsonObject | string;
  deleted: number;
  version: string;
};

const columns = `item_id, name, substringUTF8(description, 1, 300) AS text, category, brand, price_minor, currency, url, image_url,
  stock, attributes, deleted, version`;

const timeoutMs = 120_000;

/** All items, deleted ones too. Streamed, so that a large catalogue needs no second copy in memory. */
export async function* loadItems(events: EventStore, workspaceId: WorkspaceId): AsyncGenerator<ItemCells[]> {
  const question = { name: 'recommend-items', sql: `SELECT ${columns} FROM @items` };
  for await (const part of events.stream<Row>(workspaceId, question, { timeoutMs })) yield part.map(toCells);
}

/** Ids and versions above `since`: what a look for changes costs when there are none. */
export async function listVersions(
  events: EventStore,
  workspaceId: WorkspaceId,
  since: number,
): Promise<{ item_id: string; version: string }[]> {
  const { rows } = await events.read<{ item_id: string; version: string }>(
    workspaceId,
    {
      name: 'recommend-item-versions',
      sql: 'SELECT item_id, version FROM @items WHERE version > {since:UInt64}',
      parameters: { since: String(Math.max(0, Math.floor(since))) },
    },
    { timeoutMs },
  );
  return rows;
}

export async function loadItemsById(
  events: EventStore,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<ItemCells[]> {
  const { rows } = await events.read<Row>(
    workspaceId,
    {
      name: 'recommend-items-by-id',
      sql: `SELECT ${columns} FROM @items WHERE item_id IN {ids:Array(String)}`,
      parameters: { ids },
    },
    { timeoutMs },
  );
  return rows.map(toCells);
}

function toCells(row: Row): ItemCells {
  return {
    itemId: row.item_id,
    name: row.name,
    description: row.text,
    category: row.category,
    brand: row.brand,
    priceMinor: row.price_minor === null ? null : Number(row.price_minor),
    currency: row.currency,
    url: row.url,
    imageUrl: row.image_url,
    stock: row.stock === null ? null : Number(row.stock),
    attributes: typeof row.attributes === 'string' ? (JSON.parse(row.attributes) as JsonObject) : row.attributes,
    deleted: row.deleted === 1,
    version: Number(row.version),
  };
}
