import { AppError } from '../../../domain/app-error.ts';
import type { Workspace } from '../../../domain/workspace.ts';
import type { Stores } from '../../../storage/stores.ts';
import type { ImportDeps } from '../import-deps.ts';
import { markOf } from './bulk-engine.ts';
import { literal } from './sql-text.ts';

const sampleRows = 100;

/** Columns, first rows and number of rows of a Parquet file, as the engine reads it. */
export async function readParquetSample(
  stores: Stores,
  _deps: ImportDeps,
  workspace: Workspace,
  importId: number,
  path: string,
): Promise<{ columns: string[]; rows: string[][]; rowsTotal: number }> {
  const from = `file(${literal(path)}, 'Parquet')`;
  const reason = `import ${importId}: look at a Parquet file of workspace ${workspace.id}`;
  const mark = `/* ${markOf(importId)} */`;
  try {
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
    if (cause instanceof AppError && cause.code === 'storage.unavailable') throw cause;
    throw new AppError('input.invalid', 'detectFile: the file says it is Parquet but cannot be read as such', {
      cause,
      details: { field: 'file', fix: 'Write the file again and send it whole.' },
    });
  }
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
