import { Readable } from 'node:stream';
import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';
import { assert } from '../../domain/app-error.ts';
import type { EventTable, JsonLines } from './event-store.ts';

const newline = 0x0a;
const beginning = Buffer.from('{"workspace_id":');

/** Rows as JSON lines. Each must name its workspace: without one it would be nobody's. */
export function toJsonLines(table: EventTable, rows: readonly Record<string, unknown>[] | JsonLines): JsonLines {
  if ('pieces' in rows) {
    checkLines(table, rows);
    return rows;
  }
  const lines: string[] = [];
  for (const [index, row] of rows.entries()) {
    const workspaceId = row.workspace_id;
    assert(
      Number.isSafeInteger(workspaceId) && Number(workspaceId) > 0,
      `append: ${table} row ${index} has no workspace_id`,
    );
    lines.push(JSON.stringify(row), '\n');
  }
  return { rows: rows.length, pieces: rows.length === 0 ? [] : [Buffer.from(lines.join(''), 'utf8')] };
}

export type InsertLines = {
  readonly table: string;
  readonly lines: JsonLines;
  readonly signal: AbortSignal;
  readonly settings: ClickHouseSettings;
};

/** The client's own `insert` would encode rows; these are encoded. */
export async function insertLines(client: ClickHouseClient, { table, lines, signal, settings }: InsertLines) {
  const { stream } = await client.exec({
    query: `INSERT INTO ${table} FORMAT JSONEachRow`,
    values: Readable.from(lines.pieces, { objectMode: false }),
    abort_signal: signal,
    clickhouse_settings: settings,
  });
  // There is nothing in it, but the connection is free again only when it was read.
  for await (const _ of stream);
}

function checkLines(table: EventTable, lines: JsonLines): void {
  let rows = 0;
  for (const piece of lines.pieces) {
    for (let at = 0; at < piece.length; rows += 1) {
      const first = piece[at + beginning.length] ?? 0;
      const names =
        piece.compare(beginning, 0, beginning.length, at, Math.min(at + beginning.length, piece.length)) === 0;
      assert(
        names && first >= 0x31 && first <= 0x39,
        `append: ${table} line ${rows} does not begin with its workspace_id`,
      );
      const end = piece.indexOf(newline, at);
      assert(end >= 0, `append: ${table} line ${rows} has no end`);
      at = end + 1;
    }
  }
  assert(rows === lines.rows, `append: ${table} names ${lines.rows} rows and holds ${rows} lines`);
}
