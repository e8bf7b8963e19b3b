import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { copyFile, mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { safeCell } from '../../collect/export/safe-cell.ts';
import { writeParquet } from '../../collect/export/write-parquet.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import { type Run, sentenceOf, willTryAgain } from '../audiences/act.ts';
import { countPeople, peoplePages } from '../audiences/people-pages.ts';
import { openDestination } from './manage-destinations.ts';
import { type ExportDeps, type ExportRow, exportDays, exportFile, getExportRow } from './manage-exports.ts';
import { type AudienceRow, readAudienceRows } from './read-audience-rows.ts';
import { sendBatch } from './send-batch.ts';

const rowsAtOnce = 1_000;

/**
 * The job: everybody who is in the segment or on the list, page by page. A file is made anew when it was broken off; to a
 * destination it goes on behind the last batch that was taken.
 */
export async function runExport(
  stores: Stores,
  deps: ExportDeps,
  workspace: Workspace,
  exportId: number,
  run: Run,
): Promise<void> {
  const row = await getExportRow(stores.control, workspace.id, exportId);
  if (row.state !== 'queued' && row.state !== 'running') return;
  const choice = row.segment_id !== null ? { segmentId: row.segment_id } : { listId: row.list_id! };
  const own = stores.control.of(workspace.id);
  const total = await countPeople(stores, workspace.id, choice);
  await own.query(
    `update audience_exports set state = 'running', rows_total = $3, error = null where workspace_id = $1 and id = $2`,
    [exportId, total],
  );
  const resumes = row.format === 'destination';
  let done = resumes ? row.rows_done : 0;
  const onPage = async (rows: number, through: string) => {
    done += rows;
    run.progress(done, total);
    await own.query(
      'update audience_exports set rows_done = $3, sent_through = $4 where workspace_id = $1 and id = $2',
      [exportId, done, through],
    );
  };
  const pages = readPages(stores, workspace, row, resumes ? row.sent_through : '0', run.signal);
  try {
    const sizeBytes = resumes
      ? await sendPages(stores, workspace, row, pages, onPage, run)
      : await writePages(stores, deps, row, pages, onPage);
    await own.query(
      `update audience_exports set state = 'done', rows_total = $3, size_bytes = $4, ended_at = now(),
         expires_at = case when format = 'destination' then null else now() + interval '${exportDays} days' end
       where workspace_id = $1 and id = $2`,
      [exportId, done, sizeBytes],
    );
  } catch (cause) {
    const state = willTryAgain(cause, run) ? 'running' : 'failed';
    await own.query(
      `update audience_exports set state = $4, error = $3, ended_at = case when $4 = 'failed' then now() end
       where workspace_id = $1 and id = $2 and state = 'running'`,
      [exportId, sentenceOf(cause), state],
    );
    throw cause;
  }
}

type AudiencePage = { readonly rows: readonly AudienceRow[]; readonly through: string };

async function* readPages(
  stores: Stores,
  workspace: Workspace,
  row: ExportRow,
  after: string,
  signal: AbortSignal,
): AsyncGenerator<AudiencePage> {
  const choice = row.segment_id !== null ? { segmentId: row.segment_id } : { listId: row.list_id! };
  for await (const people of peoplePages(stores, workspace.id, choice, after)) {
    for (let from = 0; from < people.length; from += rowsAtOnce) {
      signal.throwIfAborted();
      const part = people.slice(from, from + rowsAtOnce);
      yield { rows: await readAudienceRows(stores, workspace, part, row.columns), through: part.at(-1)! };
    }
  }
}

type OnPage = (rows: number, through: string) => Promise<void>;

async function writePages(
  stores: Stores,
  deps: ExportDeps,
  row: ExportRow,
  pages: AsyncIterable<AudiencePage>,
  onPage: OnPage,
): Promise<number> {
  const file = exportFile(deps, row);
  await mkdir(deps.exportDir, { recursive: true, mode: 0o700 });
  // With a byte order mark, so that spreadsheets read Chinese as UTF-8.
  const head = row.format === 'csv' ? `\uFEFF${row.columns.map(safeCell).join(',')}\r\n` : '';
  const format = row.format === 'csv' ? formatCsv(row.columns) : (one: AudienceRow) => `${JSON.stringify(one)}\n`;
  const folder = path.join(deps.importDir, `export-audience-${row.id}`);
  const partial = row.format === 'csv' ? `${file}.partial` : path.join(folder, 'rows.ndjson');
  try {
    await mkdir(path.dirname(partial), { recursive: true, mode: 0o750 });
    const out = createWriteStream(partial, { mode: 0o640 });
    out.write(head);
    for await (const { rows, through } of pages) {
      if (!out.write(rows.map(format).join(''))) await once(out, 'drain');
      await onPage(rows.length, through);
    }
    out.end();
    await finished(out);
    if (row.format === 'csv') await rename(partial, file);
    else {
      const to = path.join(folder, 'rows.parquet');
      await writeParquet(stores.events, partial, to);
      await copyFile(to, file);
    }
  } finally {
    await rm(partial, { force: true });
    await rm(folder, { recursive: true, force: true });
  }
  return (await stat(file)).size;
}

const formatCsv =
  (columns: readonly string[]) =>
  (row: AudienceRow): string =>
    `${columns
      .map((column) => {
        const value = row[column];
        return safeCell(Array.isArray(value) ? value.join('; ') : value);
      })
      .join(',')}\r\n`;

async function sendPages(
  stores: Stores,
  workspace: Workspace,
  row: ExportRow,
  pages: AsyncIterable<AudiencePage>,
  onPage: OnPage,
  { signal }: Run,
): Promise<number> {
  const destination = await openDestination(stores, workspace.id, row.destination_id!);
  const about = {
    type: 'audience.export',
    export_id: row.id,
    ...(row.segment_id !== null ? { segment_id: row.segment_id } : { list_id: row.list_id }),
    of: row.of,
  };
  for await (const { rows, through } of pages) {
    await sendBatch(destination, { key: `export-${workspace.id}-${row.id}-${through}`, about, rows }, { signal });
    await onPage(rows.length, through);
  }
  return 0;
}
