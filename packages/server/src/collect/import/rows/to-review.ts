import type { JsonObject } from '../../../domain/events.ts';
import { plainId, type RowFields } from './read-fields.ts';

/** A row of a review file → an entry of POST /v1/reviews. Instants as they are written: cleaning reads them. */
export function toReview(row: RowFields): JsonObject {
  const text = (field: string) => row.fields.get(field);
  const entries: [string, string | undefined][] = [
    ['reviewId', text('review_id')],
    ['itemId', text('item_id') && plainId(text('item_id')!)],
    ['userId', text('user_id') && plainId(text('user_id')!)],
    ['email', text('email')],
    ['phone', text('phone')],
    ['rating', text('rating')],
    ['title', text('title')],
    ['text', text('text')],
    ['timestamp', text('timestamp')],
    ['language', text('language')],
  ];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
