import { said } from '@zhiyin/contract';
import { AppError } from '../../domain/app-error.ts';
import type { EventStore, EventTable } from '../../storage/events/event-store.ts';
import type { Row } from '../rows/chunk-rows.ts';
import type { Chunk, PreparedRecord, Vaults } from './chunk.ts';
import { quarantineRow } from './prepare-chunk.ts';
import { joinSpans, type RowSpan } from './row-bytes.ts';

const tableOrder: readonly EventTable[] = ['order_lines', 'reviews', 'ad_spend', 'events', 'traits'];

type OwnedRow = { readonly span: RowSpan; readonly record: PreparedRecord };

/**
 * Rows of the valid records to the event store, one insert per table, each with the chunk's token. Rows that the store refuses
 * are found by halving, and their records go to quarantine; everything else is kept. Repeating all of it changes nothing.
 */
export async function appendChunk(
  events: EventStore,
  chunk: Chunk,
  prepared: readonly PreparedRecord[],
  vaults: Vaults,
): Promise<void> {
  const byTable = new Map<EventTable, OwnedRow[]>(tableOrder.map((table) => [table, []]));
  for (const record of prepared) {
    if (record.verdict.kind !== 'valid') continue;
    for (const span of record.kept!.spans) byTable.get(span.table)!.push({ span, record });
  }
  const results = await Promise.allSettled(
    [...byTable].map(([table, rows]) => appendRows(events, table, rows, `${chunk.token}:${table}`)),
  );
  const failed = results.filter((result) => result.status === 'rejected').map((result) => result.reason as unknown);
  const passing = failed.find((error) => !isRefused(error));
  if (passing) throw passing;
  if (failed.length > 0) {
    for (const table of tableOrder)
      await appendByHalves(events, table, byTable.get(table)!, `${chunk.token}:${table}`, vaults);
  }
  const refused = prepared.filter(
    ({ verdict, quarantine, replayOf }) => verdict.kind === 'quarantined' && quarantine && !replayOf,
  );
  if (refused.length === 0) return;
  const rows = refused.map((record) => record.quarantine!);
  await events.append('quarantine', rows, `${chunk.token}:quarantine`);
}

const isRefused = (error: unknown): boolean => error instanceof AppError && error.code === 'storage.refused';

async function appendRows(events: EventStore, table: EventTable, rows: readonly OwnedRow[], token: string) {
  if (rows.length === 0) return;
  await events.append(table, joinSpans(rows.map(({ span }) => span)), token);
}

/** The tokens name the halves, so that a repeat goes the same way. */
async function appendByHalves(
  events: EventStore,
  table: EventTable,
  rows: readonly OwnedRow[],
  token: string,
  vaults: Vaults,
): Promise<void> {
  if (rows.length === 0) return;
  try {
    await appendRows(events, table, rows, token);
  } catch (error) {
    if (!isRefused(error)) throw error;
    if (rows.length === 1) {
      refuse(rows[0]!.record, table, error as AppError, vaults);
      return;
    }
    const middle = rows.length >> 1;
    await appendByHalves(events, table, rows.slice(0, middle), `${token}/0`, vaults);
    await appendByHalves(events, table, rows.slice(middle), `${token}/1`, vaults);
  }
}

function refuse(record: PreparedRecord, table: EventTable, error: AppError, vaults: Vaults): void {
  const mutable = record as { verdict: PreparedRecord['verdict']; quarantine: Row | undefined };
  const detail = said('store_refused', { table, error: error.message.slice(0, 300) });
  const vault = vaults.get(record.arrival.workspaceId)!;
  mutable.quarantine = quarantineRow(record.cleanAgain(), { reason: 'store_refused', field: '', detail }, vault);
  // A mended record is in quarantine already and stays there.
  mutable.verdict = record.replayOf ? { kind: 'ignored' } : { kind: 'quarantined', reason: 'store_refused' };
}
