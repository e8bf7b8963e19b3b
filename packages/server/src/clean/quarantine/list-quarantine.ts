import { explainSaid, type Page, type QuarantineFilter, type QuarantineRow } from '@zhiyin/contract';
import type { Workspace } from '../../domain/workspace.ts';
import { sourceNames } from '../../storage/control/source-names.ts';
import type { Stores } from '../../storage/stores.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { maskRaw } from './mask-raw.ts';
import { countQuarantine, readQuarantine } from './read-quarantine.ts';

export type QuarantineQuery = QuarantineFilter & { readonly cursor?: string | undefined; readonly limit: number };

/** What waits to be mended, newest first. Records are shown in clear only to those who may see people. */
export async function listQuarantine(
  stores: Stores,
  workspace: Workspace,
  query: QuarantineQuery,
  view: { readonly reveal: boolean },
): Promise<Page<QuarantineRow>> {
  const { cursor, limit, ...filter } = query;
  const vault = await stores.vault.of(workspace.id);
  const [receivedAt, recordKey] = decodeCursor(cursor, 2);
  const after = recordKey === undefined ? undefined : { receivedAt: receivedAt!, recordKey };
  const [page, total, names] = await Promise.all([
    readQuarantine(stores.events, workspace.id, vault, { filter, limit, order: 'newest', after }),
    // Counting a text means opening every record: the page is worth it, the number is not.
    filter.text ? null : countQuarantine(stores.events, workspace.id, vault, filter),
    sourceNames(stores.control, workspace.id),
  ]);
  return {
    rows: page.records.map(({ raw, receivedAt: at, ...record }) => ({
      ...record,
      receivedAt: at.toISOString(),
      source: names.get(record.sourceId) ?? '',
      explanation: explainSaid(record.detail),
      raw: raw === undefined ? '' : view.reveal ? raw : maskRaw(raw),
    })),
    nextCursor:
      page.records.length === limit && page.last ? encodeCursor([page.last.receivedAt, page.last.recordKey]) : null,
    total,
  };
}
