import type { Import, ImportKind, ImportMapping, ImportOptions, Page } from '@zhiyin/contract';
import { AppError } from '../../domain/app-error.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import { killImport } from './bulk/bulk-engine.ts';
import type { ImportAct, ImportDeps } from './import-deps.ts';
import { importFile, removeImportFolder } from './import-files.ts';
import { formatImport, getImportRow, listImportRows } from './import-rows.ts';
import { detect } from './receive-import.ts';
import { giveBackTaken } from './replay/end-replay.ts';
import { validateMapping } from './validate-mapping.ts';

export async function getImport(stores: Stores, workspace: Workspace, importId: number): Promise<Import> {
  return formatImport(await getImportRow(stores.control, workspace.id, importId));
}

export async function listImports(
  stores: Stores,
  workspace: Workspace,
  query: { readonly cursor?: string; readonly limit: number },
): Promise<Page<Import>> {
  const before = query.cursor === undefined ? null : Number(query.cursor);
  if (before !== null && !Number.isSafeInteger(before))
    throw new AppError('input.invalid', 'listImports: cursor is none of ours', {
      details: { field: 'cursor', fix: 'Use nextCursor of the page before.' },
    });
  const rows = await listImportRows(stores.control, workspace.id, { before, limit: query.limit + 1 });
  const page = rows.slice(0, query.limit);
  return {
    rows: page.map(formatImport),
    nextCursor: rows.length > query.limit ? String(page[page.length - 1]!.id) : null,
    total: null,
  };
}

/** Kind, mapping or options, before it starts. Another kind or another reading of the file gives a new guess. */
export async function updateImport(
  stores: Stores,
  deps: ImportDeps,
  workspace: Workspace,
  importId: number,
  update: { readonly kind?: ImportKind; readonly mapping?: ImportMapping; readonly options?: ImportOptions },
  act: ImportAct,
): Promise<Import> {
  const row = await getImportRow(stores.control, workspace.id, importId);
  if (row.state !== 'ready' && row.state !== 'uploading')
    throw new AppError('conflict', `Import ${importId} is ${row.state} and cannot be changed any more.`, {
      details: { fix: 'Start a new import.' },
    });
  const options = { ...row.options, ...update.options };
  const kind = update.kind ?? row.kind;
  const readsAnew =
    row.detected !== null &&
    ((update.kind !== undefined && update.kind !== row.kind) || changesReading(update.options));
  const found = readsAnew
    ? await detect(stores, deps, workspace, { ...row, kind, options }, importFile(deps.importDir, importId))
    : null;
  const mapping = update.mapping ?? found?.mapping ?? row.mapping;
  return stores.control.transaction(async (session) => {
    await session
      .of(workspace.id)
      .query(
        `update imports set kind = $3, mapping = $4, options = $5, detected = $6 where workspace_id = $1 and id = $2`,
        [
          importId,
          kind,
          JSON.stringify(mapping),
          JSON.stringify(options),
          JSON.stringify(found?.detected ?? row.detected ?? {}),
        ],
      );
    await act.audit(session, { importId, kind: kind ?? '' });
    return formatImport(await getImportRow(session, workspace.id, importId));
  });
}

const changesReading = (options: ImportOptions | undefined): boolean =>
  options !== undefined &&
  (['format', 'encoding', 'delimiter', 'hasHeader'] as const).some((name) => options[name] !== undefined);

/** Makes it `queued`. The caller sends the job afterwards. @throws AppError `input.invalid` that names every problem. */
export async function startImport(
  stores: Stores,
  workspace: Workspace,
  importId: number,
  act: ImportAct,
): Promise<Import> {
  return stores.control.transaction(async (session) => {
    const row = await getImportRow(session, workspace.id, importId, 'for update');
    if (row.state !== 'ready')
      throw new AppError('conflict', `Import ${importId} is ${row.state}: only one that is ready can start.`, {
        details: { fix: row.state === 'uploading' ? 'Send its file first.' : 'Start a new import.' },
      });
    const problems = validateMapping(
      row.kind,
      row.detected?.columns.map((column) => column.name) ?? [],
      row.mapping,
      row.options,
    );
    if (problems.length > 0) {
      throw new AppError('input.invalid', problems.map((problem) => problem.message).join(' '), {
        details: { field: problems[0]!.field, fix: problems[0]!.message, errors: problems },
      });
    }
    await session
      .of(workspace.id)
      .query(`update imports set state = 'queued' where workspace_id = $1 and id = $2`, [importId]);
    await act.audit(session, { importId, kind: row.kind ?? '' });
    return formatImport(await getImportRow(session, workspace.id, importId));
  });
}

/** Stops what the engine does for it at once. Orders and events leave nothing behind; rows that reached the journal stay. */
export async function cancelImport(
  stores: Stores,
  deps: ImportDeps,
  workspace: Workspace,
  importId: number,
  act: ImportAct,
): Promise<Import> {
  const refuseEnded = ({ state }: { readonly state: Import['state'] }) => {
    if (state === 'done' || state === 'failed')
      throw new AppError('conflict', `Import ${importId} is ${state}: there is nothing to cancel.`);
  };
  refuseEnded(await getImportRow(stores.control, workspace.id, importId));
  // Mended rows of quarantine go back to where they came from.
  await giveBackTaken(stores, deps, workspace.id, importId, async (session) => {
    const row = await getImportRow(session, workspace.id, importId, 'for update');
    if (row.state === 'cancelled') return;
    refuseEnded(row);
    const mayHaveLeft = row.startedAt !== null && row.kind !== 'orders' && row.kind !== 'events';
    // The run knows how many; it says so when it has stopped.
    const stays = mayHaveLeft
      ? 'Cancelled: rows handed on before that stay.'
      : 'Cancelled: no rows of this file were stored.';
    await session
      .of(workspace.id)
      .query(
        `update imports set state = 'cancelled', ended_at = now(), progress = '{}', error = $3 where workspace_id = $1 and id = $2`,
        [importId, stays],
      );
    await act.audit(session, { importId });
  });
  const cancelled = await getImport(stores, workspace, importId);
  await killImport(stores, importId).catch((cause) =>
    deps.log.warn({ importId, cause: String(cause) }, 'import: its queries could not be stopped'),
  );
  if (cancelled.startedAt === null) await removeImportFolder(deps.importDir, importId);
  return cancelled;
}
