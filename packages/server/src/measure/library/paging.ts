import type { Page } from '@zhiyin/contract';
import { AppError } from '../../domain/app-error.ts';

export type LibraryQuery = {
  cursor?: string | undefined;
  limit: number;
  search?: string | undefined;
  itemId?: string | undefined;
};

const offsetMax = 100_000;

/** These lists are read by people, page after page: an offset is enough, and bounded. */
export function offsetOf(query: LibraryQuery): number {
  if (!query.cursor) return 0;
  const offset = Number(query.cursor);
  if (!Number.isInteger(offset) || offset < 0 || offset > offsetMax) {
    throw new AppError('input.invalid', `cursor: must be nextCursor of the page before, got ${query.cursor}`, {
      details: { field: 'cursor', fix: 'Narrow the search to see rows further down.' },
    });
  }
  return offset;
}

export function pageAt<Row>(rows: Row[], total: string | number | undefined, offset: number): Page<Row> {
  const all = Number(total ?? 0);
  const next = offset + rows.length;
  return { rows, nextCursor: rows.length > 0 && next < all && next <= offsetMax ? String(next) : null, total: all };
}
