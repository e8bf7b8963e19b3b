import { rm } from 'node:fs/promises';
import { type ImportReport, saidNote } from '@zhiyin/contract';
import { AppError, assert } from '../../domain/app-error.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { ControlSession } from '../../storage/control/control-store.ts';
import type { Stores } from '../../storage/stores.ts';
import { stopIfCancelled } from './bulk/bulk-engine.ts';
import { removePublished } from './bulk/publish.ts';
import { runBulk } from './bulk/run-bulk.ts';
import type { ImportDeps, RunOptions } from './import-deps.ts';
import { importFolder } from './import-files.ts';
import { findSameImport, getImportRow, type ImportRow } from './import-rows.ts';
import { makePlan } from './make-plan.ts';
import { holdsOrders, ordersInEvents } from './orders-in-events.ts';
import { closeTaken, giveBackTaken } from './replay/end-replay.ts';
import { runRows } from './rows/run-rows.ts';
import { saveCounts } from './save-counts.ts';
import { keepProgress, type ProgressKeeper } from './save-progress.ts';

/**
 * The job of one import, from queued to done. Safe to be called again after a crash: nothing is seen before everything is
 * ready, and what is counted is counted in the transaction that ends the import.
 */
export async function runImport(
  stores: Stores,
  deps: ImportDeps,
  workspace: Workspace,
  importId: number,
  options: RunOptions,
): Promise<void> {
  const row = await getImportRow(stores.control, workspace.id, importId);
  // Cancelled after the worker had died: nobody else takes away what that run may have published.
  if (row.state === 'cancelled') return removeHalf(stores, deps, workspace, row);
  const [begun] = await stores.control.of(workspace.id).query<{ started_at: Date }>(
    `update imports set state = 'running', started_at = coalesce(started_at, $3), error = null
         where workspace_id = $1 and id = $2 and state not in ('done', 'cancelled', 'failed') returning started_at`,
    [importId, deps.now?.() ?? new Date()],
  );
  if (!begun) return;
  const watch = watchForCancel(stores, workspace, importId, options.signal);
  const progress = keepProgress(stores, workspace, row, options);
  try {
    // Of the first start, so that a run after a crash makes the same rows again.
    const report = await work(stores, deps, workspace, row, begun.started_at, {
      ...options,
      signal: watch.signal,
      progress,
    });
    deps.log.info(
      { importId, workspaceId: workspace.id, received: report.received, seconds: report.seconds },
      'import: done',
    );
  } catch (cause) {
    // Cancelling kills statements and refuses writes before the watch has seen it: the row itself says what it was.
    const now = await getImportRow(stores.control, workspace.id, importId).catch(() => undefined);
    const isCancelled = watch.isCancelled() || now?.state === 'cancelled';
    if (options.signal.aborted && !isCancelled) throw cause;
    if (isCancelled) await endCancelled(stores, deps, workspace, row, progress.handedOn()?.rows ?? 0);
    else await endBadly(stores, deps, workspace, importId, cause);
    if (isPassing(cause) && !isCancelled) throw cause;
    deps.log.warn(
      { importId, workspaceId: workspace.id, code: cause instanceof AppError ? cause.code : 'internal' },
      'import: ended without a result',
    );
  } finally {
    watch.stop();
  }
}

async function work(
  stores: Stores,
  deps: ImportDeps,
  workspace: Workspace,
  row: ImportRow,
  startedAt: Date,
  options: RunOptions & { readonly progress: ProgressKeeper },
): Promise<ImportReport> {
  const began = performance.now();
  const seconds = () => Math.round((performance.now() - began) / 100) / 10;
  const same = await findSameImport(stores.control, workspace.id, row);
  if (same?.report) {
    const received = same.report.received;
    const report: ImportReport = {
      received,
      accepted: 0,
      repaired: 0,
      duplicate: received,
      quarantined: 0,
      repairs: {},
      reasons: {},
      made: {},
      notes: [saidNote('same_file', { import: same.id })],
      seconds: seconds(),
    };
    await closeTaken(stores, deps, workspace.id, row.id);
    await saveCounts(stores, workspace, row, report, startedAt, {
      valid: 0,
      duplicate: received,
      reasons: {},
      repairs: {},
    });
    return report;
  }
  const plan = await makePlan(deps, workspace, row, startedAt, options.signal);
  const result = isBulk(plan.kind)
    ? await runBulk(stores, deps, plan, { ...options, onProgress: options.progress.say })
    : await runRows(stores, deps, plan, { ...options, isRestart: row.startedAt !== null });
  const { isEmpty, direct, ...counts } = result;
  const notes = [
    ...counts.notes,
    ...(isEmpty ? [saidNote('no_rows')] : []),
    ...(plan.kind === 'events' && (await holdsOrders(stores, plan)) ? [saidNote(ordersInEvents)] : []),
  ];
  const report: ImportReport = { ...counts, notes, seconds: seconds() };
  assert(
    report.received === report.accepted + report.repaired + report.duplicate + report.quarantined,
    `import ${row.id}: ${report.received} received ≠ ${report.accepted} + ${report.repaired} + ${report.duplicate} + ${report.quarantined}`,
  );
  stopIfCancelled(options.signal);
  await closeTaken(stores, deps, workspace.id, row.id);
  await saveCounts(stores, workspace, row, report, startedAt, direct);
  await rm(importFolder(deps.importDir, row.id), { recursive: true, force: true });
  return report;
}

/** `cancelled` may be set by any process: looked at once a second. */
function watchForCancel(stores: Stores, workspace: Workspace, importId: number, outer: AbortSignal) {
  const controller = new AbortController();
  let cancelled = false;
  const timer = setInterval(async () => {
    const row = await getImportRow(stores.control, workspace.id, importId).catch(() => undefined);
    if (row?.state !== 'cancelled') return;
    cancelled = true;
    controller.abort(new Error('cancelled by an operator'));
  }, 1_000);
  return {
    signal: AbortSignal.any([outer, controller.signal]),
    isCancelled: () => cancelled,
    stop: () => clearInterval(timer),
  };
}

const isBulk = (kind: ImportRow['kind']): boolean => kind === 'orders' || kind === 'events';

const isPassing = (cause: unknown): boolean =>
  cause instanceof AppError && ['storage.unavailable', 'storage.full', 'overload'].includes(cause.code);

/** What was ended meanwhile stays as it is. */
const end = (workspace: Workspace, importId: number, state: 'queued' | 'failed', message: string) => {
  return async (session: ControlSession) => {
    await session.of(workspace.id).query(
      `update imports set state = $3, error = $4, ended_at = case when $3 = 'queued' then null else now() end,
         progress = case when $3 = 'queued' then progress else '{}' end
       where workspace_id = $1 and id = $2 and state not in ('done', 'cancelled')`,
      [importId, state, message],
    );
  };
};

async function endBadly(
  stores: Stores,
  deps: ImportDeps,
  workspace: Workspace,
  importId: number,
  cause: unknown,
): Promise<void> {
  const message = cause instanceof Error ? cause.message.slice(0, 1_000) : String(cause);
  const { state } = await getImportRow(stores.control, workspace.id, importId);
  if (state === 'done') return;
  // What may pass is tried again by the queue: the import stays queued for it, and where it was stays known.
  if (isPassing(cause)) await end(workspace, importId, 'queued', message)(stores.control);
  else await giveBackTaken(stores, deps, workspace.id, importId, end(workspace, importId, 'failed', message));
}

/** Orders and events leave nothing behind, at whatever moment it came; other rows that left before stay, and are named. */
async function endCancelled(
  stores: Stores,
  deps: ImportDeps,
  workspace: Workspace,
  row: ImportRow,
  handedOn: number,
): Promise<void> {
  await removeHalf(stores, deps, workspace, row);
  const stays =
    row.kind === 'catalogue'
      ? `items of the first ${handedOn} rows were stored before that and stay`
      : `${handedOn} rows were handed on before that and stay`;
  const message =
    isBulk(row.kind) || handedOn === 0
      ? 'Cancelled: no rows of this file were stored.'
      : `Cancelled: ${stays}. Import the file again to add the rest.`;
  await giveBackTaken(stores, deps, workspace.id, row.id, async (session) => {
    await session
      .of(workspace.id)
      .query(
        `update imports set state = 'cancelled', error = $3, ended_at = coalesce(ended_at, now()), progress = '{}' where workspace_id = $1 and id = $2 and state <> 'done'`,
        [row.id, message],
      );
  });
}

/** What a cancelled run had published of orders or events. */
async function removeHalf(stores: Stores, deps: ImportDeps, workspace: Workspace, row: ImportRow): Promise<void> {
  const { startedAt } = await getImportRow(stores.control, workspace.id, row.id);
  if (!startedAt || !isBulk(row.kind)) return;
  // As if it were UTF-8: no file is read here, so none need be rewritten.
  const readable = { ...row, options: { ...row.options, encoding: 'utf-8' as const } };
  const plan = await makePlan(deps, workspace, readable, startedAt);
  await removePublished(stores, plan);
}
