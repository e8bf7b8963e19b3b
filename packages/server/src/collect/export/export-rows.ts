import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../domain/app-error.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import { addPeople, type ExportRow, leaveOutPeople } from './add-people.ts';
import { type ExportTable, exportQuestions, exportTables, isExportTable } from './export-tables.ts';
import { safeCell } from './safe-cell.ts';
import { writeParquet } from './write-parquet.ts';

export type ExportRequest = {
  readonly what: string;
  readonly format: 'csv' | 'ndjson' | 'parquet';
  readonly reveal: boolean;
};
export type ExportFile = { readonly body: Readable; readonly contentType: string; readonly fileName: string };
export type ExportDeps = { readonly importDir: string; readonly engineReadsFiles: boolean };

const contentTypes = {
  csv: 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson',
  parquet: 'application/vnd.apache.parquet',
} as const;
const timeoutMs = 3_600_000;

/** A whole table as a stream, in bounded memory. Direct identifiers only when `reveal` is set: checking that right is the caller's. */
export async function exportRows(
  deps: ExportDeps,
  stores: Stores,
  workspace: Workspace,
  request: ExportRequest,
  options: { readonly signal: AbortSignal },
): Promise<ExportFile> {
  const { what, format, reveal } = request;
  if (!isExportTable(what))
    throw new AppError('input.invalid', `exportRows: ${what} cannot be exported`, {
      details: { field: 'what', fix: `Choose one of ${exportTables.join(', ')}.` },
    });
  const rows = readRows(stores, workspace, what, reveal, options.signal);
  const body =
    format === 'csv'
      ? Readable.from(csv(rows), { objectMode: false })
      : format === 'ndjson'
        ? Readable.from(ndjson(rows), { objectMode: false })
        : await parquet(deps, stores, rows, options.signal);
  return {
    body,
    contentType: contentTypes[format],
    fileName: `${what}-${new Date().toISOString().slice(0, 10)}.${format}`,
  };
}

async function* readRows(
  stores: Stores,
  workspace: Workspace,
  what: ExportTable,
  reveal: boolean,
  signal: AbortSignal,
): AsyncGenerator<ExportRow[]> {
  for await (const page of stores.events.stream<ExportRow>(workspace.id, exportQuestions[what], {
    signal,
    timeoutMs,
  })) {
    yield reveal ? await addPeople(stores, workspace, what, page) : leaveOutPeople(page);
  }
}

async function* csv(pages: AsyncIterable<ExportRow[]>): AsyncGenerator<string> {
  let names: string[] | undefined;
  for await (const page of pages) {
    const first = page[0];
    if (!first) continue;
    let text = '';
    if (!names) {
      names = Object.keys(first);
      // With a byte order mark, so that spreadsheets read Chinese as UTF-8.
      text = `\uFEFF${names.map(safeCell).join(',')}\r\n`;
    }
    for (const row of page) text += `${names.map((name) => safeCell(row[name])).join(',')}\r\n`;
    yield text;
  }
}

async function* ndjson(pages: AsyncIterable<ExportRow[]>): AsyncGenerator<string> {
  for await (const page of pages) if (page.length > 0) yield page.map((row) => `${JSON.stringify(row)}\n`).join('');
}

/** The engine writes Parquet out of the same rows: beside the imports, where it may read and write, and only for the moment. */
async function parquet(
  deps: ExportDeps,
  stores: Stores,
  rows: AsyncIterable<ExportRow[]>,
  signal: AbortSignal,
): Promise<Readable> {
  if (!deps.engineReadsFiles)
    throw new AppError('input.invalid', 'exportRows: Parquet is written by the embedded event store only', {
      details: { field: 'format', fix: 'Choose csv or ndjson.' },
    });
  const folder = path.join(deps.importDir, `export-${randomUUID()}`);
  const [from, to] = [path.join(folder, 'rows.ndjson'), path.join(folder, 'rows.parquet')];
  await mkdir(folder, { recursive: true, mode: 0o750 });
  try {
    await pipeline(Readable.from(ndjson(rows)), createWriteStream(from), { signal });
    await writeParquet(stores.events, from, to);
  } catch (cause) {
    await rm(folder, { recursive: true, force: true });
    throw cause;
  }
  const stream = createReadStream(to);
  stream.on('close', () => void rm(folder, { recursive: true, force: true }));
  return stream;
}
