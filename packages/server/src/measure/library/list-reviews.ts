import type { Page, reviewRowSchema } from '@zhiyin/contract';
import type { z } from 'zod';
import { toInstant } from '../../domain/rows.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import { type LibraryQuery, offsetOf, pageAt } from './paging.ts';

type ReviewRow = z.infer<typeof reviewRowSchema>;
type Cells = {
  review_key: string;
  profile_id: string;
  item_id: string;
  item_name: string;
  rating: number | null;
  title: string;
  text: string;
  language: string;
  occurred_at: string;
  total: string;
};

/** Reviews, newest first; search looks at title and text. */
export async function listReviews(stores: Stores, workspace: Workspace, query: LibraryQuery): Promise<Page<ReviewRow>> {
  const offset = offsetOf(query);
  const answer = await stores.events.read<Cells>(workspace.id, {
    name: 'reviews-page',
    parameters: { limit: query.limit, offset, search: query.search ?? '', item: query.itemId ?? '' },
    sql: `
      SELECT
        review_key, profile_id, written.item_id AS item_id, catalogue.name AS item_name, rating, title, text, language, occurred_at, total
      FROM
      (
        SELECT review_key, profile_id, item_id, rating, title, text, language, occurred_at, count() OVER () AS total
        FROM @person_reviews
        WHERE ({item:String} = '' OR item_id = {item:String})
          AND ({search:String} = '' OR positionCaseInsensitiveUTF8(concat(title, ' ', text), {search:String}) > 0)
        ORDER BY occurred_at DESC, review_key
        LIMIT {limit:UInt32} OFFSET {offset:UInt32}
      ) AS written
      LEFT JOIN (SELECT item_id, name FROM @items) AS catalogue ON catalogue.item_id = written.item_id
      ORDER BY occurred_at DESC, review_key`,
  });
  const rows = answer.rows.map((cells) => ({
    reviewKey: cells.review_key,
    profileId: cells.profile_id === '0' ? null : cells.profile_id,
    itemId: cells.item_id,
    itemName: cells.item_name,
    rating: cells.rating === null ? null : Number(cells.rating),
    title: cells.title,
    text: cells.text,
    language: cells.language,
    occurredAt: toInstant(cells.occurred_at),
  }));
  return pageAt(rows, answer.rows[0]?.total, offset);
}
