import type { itemRowSchema, Page } from '@zhiyin/contract';
import type { z } from 'zod';
import { toInstant } from '../../domain/rows.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import { type LibraryQuery, offsetOf, pageAt } from './paging.ts';

type ItemRow = z.infer<typeof itemRowSchema>;
type Cells = {
  item_id: string;
  name: string;
  description: string;
  category: string;
  brand: string;
  price_minor: string | null;
  currency: string;
  url: string;
  image_url: string;
  stock: string | null;
  attributes: Record<string, unknown> | string;
  updated_at: string;
  total: string;
};

/** The catalogue by name; search looks at id, name, category and brand. */
export async function listItems(stores: Stores, workspace: Workspace, query: LibraryQuery): Promise<Page<ItemRow>> {
  const offset = offsetOf(query);
  const answer = await stores.events.read<Cells>(workspace.id, {
    name: 'items-page',
    parameters: { limit: query.limit, offset, search: query.search ?? '' },
    sql: `
      SELECT
        item_id, name, description, category, brand, price_minor, currency, url, image_url, stock, attributes, updated_at,
        count() OVER () AS total
      FROM @items
      WHERE deleted = 0
        AND ({search:String} = '' OR item_id = {search:String}
          OR positionCaseInsensitiveUTF8(concat(name, ' ', category, ' ', brand), {search:String}) > 0)
      ORDER BY name, item_id
      LIMIT {limit:UInt32} OFFSET {offset:UInt32}`,
  });
  const rows = answer.rows.map((cells) => ({
    itemId: cells.item_id,
    name: cells.name,
    description: cells.description,
    category: cells.category,
    brand: cells.brand,
    priceMinor: cells.price_minor === null ? null : Number(cells.price_minor),
    currency: cells.currency,
    url: cells.url,
    imageUrl: cells.image_url,
    stock: cells.stock === null ? null : Number(cells.stock),
    attributes: typeof cells.attributes === 'string' ? JSON.parse(cells.attributes) : cells.attributes,
    updatedAt: toInstant(cells.updated_at),
  }));
  return pageAt(rows, answer.rows[0]?.total, offset);
}
