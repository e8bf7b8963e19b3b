import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { Import, RepairAction } from '@zhiyin/contract';
import { AppError } from '../../domain/app-error.ts';
import type { JsonObject } from '../../domain/events.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import { applyRowActions } from './apply-row-actions.ts';
import type { Detected } from './detect-file.ts';
import type { ImportAct, ImportDeps } from './import-deps.ts';
import { importFile, makeImportFolder } from './import-files.ts';
import { formatImport, getImportRow } from './import-rows.ts';
import { createImport } from './receive-import.ts';

/** A refused row as quarantine keeps it, opened by the caller: its columns as JSON, or `{_line}` where it was no record. */
export type RefusedRow = { readonly recordKey: string; readonly raw: string };

/** Before and after, for the console. */
export function mendImportRow(row: RefusedRow, actions: readonly RepairAction[]): JsonObject {
  return applyRowActions(JSON.parse(row.raw) as JsonObject, actions);
}

/**
 * Mended rows go the way they came: as a file with the columns, mapping and options of their first import, queued as an import of
 * its own. Rows that are still wrong are refused again, under their new contents. The caller sends the job and marks the old
 * records as replayed.
 */
export async function replayImportRows(
  stores: Stores,
  deps: ImportDeps,
  workspace: Workspace,
  replay: {
    readonly importId: number;
    readonly rows: readonly RefusedRow[];
    readonly actions: readonly RepairAction[];
  },
  act: ImportAct,
): Promise<Import> {
  const first = await getImportRow(stores.control, workspace.id, replay.importId);
  if (!first.detected || !first.kind)
    throw new AppError('conflict', `Import ${replay.importId} has no mapping to replay its rows with.`);
  if (replay.rows.length === 0)
    throw new AppError('input.invalid', 'replayImportRows: there are no rows to replay', {
      details: { field: 'filter' },
    });
  const text = replay.rows.map((row) => `${JSON.stringify(mendImportRow(row, replay.actions))}\n`).join('');
  const created = await createImport(
    stores,
    workspace,
    { fileName: `${first.fileName} (mended)`.slice(0, 255), sizeBytes: Buffer.byteLength(text), kind: first.kind },
    act,
  );
  await makeImportFolder(deps.importDir, created.id);
  await writeFile(importFile(deps.importDir, created.id), text, { mode: 0o640, flush: true });
  const detected: Detected = {
    ...first.detected,
    format: 'ndjson',
    compression: 'none',
    encoding: 'utf-8',
    delimiter: null,
    hasHeader: true,
    rowsEstimate: replay.rows.length,
  };
  await stores.control
    .of(workspace.id)
    .query(
      `update imports set detected = $3, mapping = $4, options = $5, fingerprint = $6, size_bytes = $7, state = 'queued' where workspace_id = $1 and id = $2`,
      [
        created.id,
        JSON.stringify(detected),
        JSON.stringify(first.mapping),
        JSON.stringify({ ...first.options, format: 'ndjson', encoding: 'utf-8' }),
        createHash('sha256').update(text).digest('hex'),
        Buffer.byteLength(text),
      ],
    );
  return formatImport(await getImportRow(stores.control, workspace.id, created.id));
}
