import { AppError } from '../../domain/app-error.ts';
import type { EventStore, EventTable } from '../../storage/events/event-store.ts';
import type { Row } from '../rows/chunk-rows.ts';
import type { Chunk, PreparedRecord, Vaults } from './chunk.ts';
import { quarantineRow } from './prepare-chunk.ts';

const tableOrder: readonly EventTable[] = ['order_lines', 'reviews', 'ad_spend', 'events', 'traits'];

type OwnedRow = { readonly row: Row; readonly record: PreparedRecord };

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
    for (const { table, row } of record.kept!.tables) byTable.get(table)!.push({ row, record });
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
    ({ verdict, quarantine, outcome }) => verdict.kind === 'quarantined' && quarantine && !outcome.replayOf,
  );
  await appendRows(
    events,
    'quarantine',
    refused.map((record) => ({ row: record.quarantine!, record })),
    `${chunk.token}:quarantine`,
  );
}

const isRefused = (error: unknown): boolean => error instanceof AppError && error.code === 'storage.refused';

async function appendRows(events: EventStore, table: EventTable, rows: readonly OwnedRow[], token: string) {
  if (rows.length === 0) return;
  await events.append(
    table,
    rows.map(({ row }) => row),
    token,
  );
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
  const detail = `the event store did not take its row for ${table}: ${error.message.slice(0, 300)}`;
  const vault = vaults.get(record.outcome.arrival.workspaceId)!;
  mutable.quarantine = quarantineRow(record.outcome, { reason: 'store_refused', field: '', detail }, vault);
  // A mended record is in quarantine already and stays there.
  mutable.verdict = record.outcome.replayOf ? { kind: 'ignored' } : { kind: 'quarantined', reason: 'store_refused' };
}
