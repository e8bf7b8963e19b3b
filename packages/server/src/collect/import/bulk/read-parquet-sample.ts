import { AppError } from '../../../domain/app-error.ts';
import type { Workspace } from '../../../domain/workspace.ts';
import type { Stores } from '../../../storage/stores.ts';
import type { ImportDeps } from '../import-deps.ts';
import { markOf } from './bulk-engine.ts';
import { refuseLargeParquet } from './open-sent-bytes.ts';
import { readParquetContents } from './read-parquet-contents.ts';
import { runSent } from './run-sent.ts';
import { type SentSource, sentSource } from './sent-source.ts';
import { parquetSettings, textColumns } from './source-sql.ts';
import { literal } from './sql-text.ts';

const sampleRows = 100;

/** Columns, first rows and number of rows of a Parquet file, as the engine reads it. */
export async function readParquetSample(
  stores: Stores,
  deps: ImportDeps,
  workspace: Workspace,
  importId: number,
  path: string,
): Promise<{ columns: string[]; rows: string[][]; rowsTotal: number }> {
  if (!deps.engineReadsFiles) await refuseLargeParquet(path);
  const from = `file(${literal(path)}, 'Parquet')`;
  const reason = `import ${importId}: look at a Parquet file of workspace ${workspace.id}`;
  const mark = `/* ${markOf(importId)} */`;
  try {
    if (!deps.engineReadsFiles) return await readSentSample(stores, deps, path, { reason, mark: markOf(importId) });
    const described = await stores.events.maintain<{ name: string }>(`DESCRIBE TABLE ${from} ${mark}`, reason);
    const columns = described.map((column) => column.name);
    const rows = await stores.events.maintain<Record<string, unknown>>(
      `SELECT * FROM ${from} LIMIT ${sampleRows} ${mark}`,
      reason,
    );
    const [counted] = await stores.events.maintain<{ n: string }>(`SELECT count() AS n FROM ${from} ${mark}`, reason);
    return {
      columns,
      rows: rows.map((row) => columns.map((column) => cell(Object.hasOwn(row, column) ? row[column] : null))),
      rowsTotal: Number(counted?.n ?? 0),
    };
  } catch (cause) {
    if (cause instanceof AppError && ['storage.unavailable', 'input.invalid'].includes(cause.code)) throw cause;
    throw new AppError('input.invalid', 'detectFile: the file says it is Parquet but cannot be read as such', {
      cause,
      details: { field: 'file', fix: 'Write the file again and send it whole.' },
    });
  }
}

/** The same for an engine that cannot open the file. */
async function readSentSample(
  stores: Stores,
  deps: ImportDeps,
  path: string,
  statement: { readonly reason: string; readonly mark: string },
) {
  const { columns, nested, rowsTotal } = await readParquetContents(path);
  if (nested.length > 0)
    throw new AppError(
      'input.invalid',
      `file: ${nested.slice(0, 5).join(', ')} ${nested.length === 1 ? 'holds' : 'hold'} lists or records, which cannot be streamed to a ClickHouse server elsewhere as Parquet`,
      { details: { field: 'file', fix: 'Leave these columns out, or send the file as NDJSON.' } },
    );
  const source: SentSource = {
    database: deps.database,
    path,
    compression: 'none',
    delimiter: ',',
    engineFormat: 'Parquet',
    structure: textColumns(columns),
    settings: parquetSettings,
    limit: sampleRows,
  };
  const rows = await runSent<Record<string, string | null>>(await stores.events.oneNode(), source, {
    sql: `SELECT * FROM ${sentSource(source)}`,
    parameters: {},
    ...statement,
  });
  return { columns, rows: rows.map((row) => columns.map((column) => cell(row[column]))), rowsTotal };
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
