import { rename, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { Import, ImportMapping } from '@zhiyin/contract';
import { AppError } from '../../domain/app-error.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { ControlSession } from '../../storage/control/control-store.ts';
import type { Stores } from '../../storage/stores.ts';
import { readParquetSample } from './bulk/read-parquet-sample.ts';
import { type Detected, detectFile } from './detect-file.ts';
import type { ImportAct, ImportDeps } from './import-deps.ts';
import { importFile, makeImportFolder } from './import-files.ts';
import { formatImport, getImportRow, type ImportRow } from './import-rows.ts';
import { receiveBytes } from './receive-bytes.ts';
import { listSavedMappings } from './saved-mappings.ts';

/** An import begins as a name; its file follows. Each workspace has one source for all its imports. */
export async function createImport(
  stores: Stores,
  workspace: Workspace,
  create: { readonly fileName: string; readonly sizeBytes?: number; readonly kind?: ImportRow['kind'] & string },
  act: ImportAct,
): Promise<Import> {
  return stores.control.transaction(async (session) => {
    const operatorId = act.actor.kind === 'operator' ? (act.actor.id ?? null) : null;
    const importId = await insertImport(session, workspace, create, operatorId);
    await act.audit(session, { importId, fileName: create.fileName });
    return formatImport(await getImportRow(session, workspace.id, importId));
  });
}

/** The row of a new import, as part of a transaction. Returns its id. */
export async function insertImport(
  session: ControlSession,
  workspace: Workspace,
  create: { readonly fileName: string; readonly sizeBytes?: number; readonly kind?: ImportRow['kind'] },
  operatorId: number | null,
): Promise<number> {
  const own = session.of(workspace.id);
  const [source] = await own.query<{ id: number }>(
    `select id from sources where workspace_id = $1 and kind = 'import' order by id limit 1`,
  );
  const sourceId =
    source?.id ??
    (
      await own.query<{ id: number }>(
        `insert into sources (workspace_id, name, kind, write_key) values ($1, 'Files', 'import', 'import_' || replace(gen_random_uuid()::text, '-', '')) returning id`,
      )
    )[0]!.id;
  const [row] = await own.query<{ id: number }>(
    `insert into imports (workspace_id, source_id, file_name, size_bytes, kind, created_by) values ($1, $2, $3, $4, $5, $6) returning id`,
    [sourceId, create.fileName, create.sizeBytes ?? 0, create.kind ?? null, operatorId],
  );
  return row!.id;
}

/** Streams the file to disk, looks at it and guesses. A file can be sent again as long as the import has not started. */
export async function receiveImportFile(
  stores: Stores,
  deps: ImportDeps,
  workspace: Workspace,
  importId: number,
  bytes: Readable,
  act: ImportAct,
): Promise<Import> {
  const row = await getImportRow(stores.control, workspace.id, importId);
  if (row.state !== 'uploading' && row.state !== 'ready')
    throw new AppError('conflict', `Import ${importId} is ${row.state}: its file cannot be changed any more.`, {
      details: { fix: 'Start a new import.' },
    });
  await makeImportFolder(deps.importDir, importId);
  const path = importFile(deps.importDir, importId);
  // Announced when the import was created; once a file was received whole, its size says nothing about the next one.
  const expectedBytes = row.state === 'uploading' && row.sizeBytes > 0 ? row.sizeBytes : undefined;
  const { sizeBytes, sha256 } = await receiveWhole(bytes, path, deps, expectedBytes);
  const detected = await detect(stores, deps, workspace, row, path);
  return stores.control.transaction(async (session) => {
    await session
      .of(workspace.id)
      .query(
        `update imports set size_bytes = $3, fingerprint = $4, detected = $5, mapping = $6, options = $7, kind = coalesce(kind, $8), state = 'ready', error = null where workspace_id = $1 and id = $2`,
        [
          importId,
          sizeBytes,
          sha256,
          JSON.stringify(detected.detected),
          JSON.stringify(detected.mapping),
          JSON.stringify(detected.options),
          detected.detected.kindGuess,
        ],
      );
    await act.audit(session, { importId, sizeBytes });
    return formatImport(await getImportRow(session, workspace.id, importId));
  });
}

/** All of it, or nothing: of an upload that broke off no file stays, and the import goes on waiting for one. */
async function receiveWhole(bytes: Readable, path: string, deps: ImportDeps, expectedBytes: number | undefined) {
  const partial = `${path}.partial`;
  try {
    const received = await receiveBytes(bytes, partial, { diskReserveBytes: deps.diskReserveBytes });
    if (expectedBytes !== undefined && received.sizeBytes !== expectedBytes) {
      throw new AppError(
        'input.invalid',
        `file: ${received.sizeBytes} bytes arrived where sizeBytes announced ${expectedBytes}: the upload is incomplete`,
        {
          details: {
            field: 'file',
            fix: 'Send the whole file again with PUT …/file, or begin an import with the right sizeBytes.',
          },
        },
      );
    }
    await rename(partial, path);
    return received;
  } catch (cause) {
    await rm(partial, { force: true });
    if (!isBrokenOff(cause)) throw cause;
    throw new AppError('input.invalid', 'file: the upload broke off before its end', {
      cause,
      details: { field: 'file', fix: 'Send the whole file again with PUT …/file.' },
    });
  }
}

const isBrokenOff = (cause: unknown): boolean =>
  cause instanceof Error &&
  ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR', 'EPIPE'].includes(
    (cause as NodeJS.ErrnoException).code ?? '',
  );

/** What the file is and a first mapping for it. Also called when kind or options change. */
export async function detect(stores: Stores, deps: ImportDeps, workspace: Workspace, row: ImportRow, path: string) {
  const saved = await listSavedMappings(stores, workspace);
  const detected = await detectFile(path, {
    options: row.options,
    kind: row.kind ?? undefined,
    saved,
    readParquet: (file) => readParquetSample(stores, deps, workspace, row.id, file),
  });
  const mapping: ImportMapping = Object.fromEntries(detected.columns.map((column) => [column.name, column.field]));
  const same = saved.find((one) => detected.columns[0]?.because === `saved mapping "${one.name}"`);
  return { detected: detected satisfies Detected, mapping, options: { ...same?.options, ...row.options } };
}
