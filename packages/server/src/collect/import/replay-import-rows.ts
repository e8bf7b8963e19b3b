import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { AppError } from '../../domain/app-error.ts';
import type { JsonObject } from '../../domain/events.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import type { Detected } from './detect-file.ts';
import type { ImportAct, ImportDeps, RunOptions } from './import-deps.ts';
import { importFile, makeImportFolder } from './import-files.ts';
import { getImportRow } from './import-rows.ts';
import { createImport } from './receive-import.ts';
import { runImport } from './run-import.ts';

/** A refused row of a file, mended: its columns as they were named in the file. */
export type MendedRow = { readonly recordKey: string; readonly importId: number; readonly row: JsonObject };

/**
 * Mended rows go the way they came: as a file with the columns, mapping and options of their first import, imported as one of its
 * own. Rows that are still wrong are refused again, under their new contents; the old records become `replayed`. Called again
 * after a crash, it finds the same rows stored and adds nothing.
 */
export async function replayImportRows(
  stores: Stores,
  deps: ImportDeps,
  workspace: Workspace,
  rows: readonly MendedRow[],
  options: RunOptions,
): Promise<void> {
  for (const [importId, group] of Map.groupBy(rows, (row) => row.importId)) {
    const replayId = await queueMended(stores, deps, workspace, importId, group);
    await runImport(stores, deps, workspace, replayId, options);
    const { state, error } = await getImportRow(stores.control, workspace.id, replayId);
    if (state !== 'done')
      throw new AppError('conflict', `replayImportRows: import ${replayId} ended as ${state}: ${error ?? ''}`);
    await markReplayed(stores, deps, workspace, group);
  }
}

async function queueMended(
  stores: Stores,
  deps: ImportDeps,
  workspace: Workspace,
  importId: number,
  rows: readonly MendedRow[],
): Promise<number> {
  const first = await getImportRow(stores.control, workspace.id, importId);
  if (!first.detected || !first.kind) {
    throw new AppError('conflict', `Import ${importId} has no mapping to replay its rows with.`);
  }
  const text = rows.map(({ row }) => `${JSON.stringify(row)}\n`).join('');
  const fileName = `${first.fileName} (mended)`.slice(0, 255);
  const created = await createImport(stores, workspace, { fileName, kind: first.kind }, silentAct);
  await makeImportFolder(deps.importDir, created.id);
  await writeFile(importFile(deps.importDir, created.id), text, { mode: 0o640, flush: true });
  const detected: Detected = {
    ...first.detected,
    format: 'ndjson',
    compression: 'none',
    encoding: 'utf-8',
    delimiter: null,
    hasHeader: true,
    rowsEstimate: rows.length,
  };
  await stores.control.of(workspace.id).query(
    `update imports set detected = $3, mapping = $4, options = $5, fingerprint = $6, size_bytes = $7, state = 'queued'
     where workspace_id = $1 and id = $2`,
    [
      created.id,
      JSON.stringify(detected),
      JSON.stringify(first.mapping),
      JSON.stringify({ ...first.options, format: 'ndjson', encoding: 'utf-8' }),
      createHash('sha256').update(text).digest('hex'),
      Buffer.byteLength(text),
    ],
  );
  return created.id;
}

/** The replay itself is in the audit log; the file it makes on the way is no deed of its own. */
const silentAct: ImportAct = { actor: { kind: 'system' }, audit: async () => {} };

async function markReplayed(
  stores: Stores,
  deps: ImportDeps,
  workspace: Workspace,
  rows: readonly MendedRow[],
): Promise<void> {
  const table = `${deps.database}.quarantine`;
  await stores.events.maintain(
    `INSERT INTO ${table} SELECT * REPLACE ('replayed' AS state, version + 1 AS version) FROM (
       SELECT * FROM ${table} FINAL WHERE workspace_id = {workspaceId:UInt32} AND state = 'open' AND record_key IN {keys:Array(UUID)})`,
    'quarantine: mended rows of imports were stored',
    { workspaceId: workspace.id, keys: rows.map((row) => row.recordKey) },
  );
}
