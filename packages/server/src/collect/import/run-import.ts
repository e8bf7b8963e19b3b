import { rm } from 'node:fs/promises';
import type { ImportReport } from '@zhiyin/contract';
import { AppError, assert } from '../../domain/app-error.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { ControlSession } from '../../storage/control/control-store.ts';
import type { Stores } from '../../storage/stores.ts';
import { stopIfCancelled } from './bulk/bulk-engine.ts';
import { runBulk } from './bulk/run-bulk.ts';
import type { ImportDeps, RunOptions } from './import-deps.ts';
import { importFolder } from './import-files.ts';
import { findSameImport, getImportRow, type ImportRow } from './import-rows.ts';
import { makePlan } from './make-plan.ts';
import { closeTaken, giveBackTaken } from './replay/end-replay.ts';
import { runRows } from './rows/run-rows.ts';
import { saveCounts } from './save-counts.ts';

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
  if (row.state === 'done' || row.state === 'cancelled' || row.state === 'failed') return;
  const startedAt = deps.now?.() ?? new Date();
  await stores.control
    .of(workspace.id)
    .query(
      `update imports set state = 'running', started_at = coalesce(started_at, $3), error = null where workspace_id = $1 and id = $2`,
      [importId, startedAt],
    );
  const watch = watchForCancel(stores, workspace, importId, options.signal);
  try {
    const report = await work(stores, deps, workspace, row, startedAt, { ...options, signal: watch.signal });
    deps.log.info(
      { importId, workspaceId: workspace.id, received: report.received, seconds: report.seconds },
      'import: done',
    );
  } catch (cause) {
    if (options.signal.aborted && !watch.isCancelled()) throw cause;
    await endBadly(stores, deps, workspace, importId, cause, watch.isCancelled());
    if (isPassing(cause) && !watch.isCancelled()) throw cause;
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
  options: RunOptions,
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
      notes: [`The same file was imported before as import ${same.id}: nothing was added.`],
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
  const tell = progressSaver(stores, workspace, row.id, options, row.detected?.rowsEstimate ?? null);
  const plan = await makePlan(deps, workspace, row, startedAt, options.signal);
  const bulk = plan.kind === 'orders' || plan.kind === 'events';
  const result = bulk
    ? await runBulk(stores, deps, plan, { ...options, onProgress: tell })
    : await runRows(stores, deps, plan, { ...options, onProgress: tell });
  const { isEmpty, direct, ...counts } = result;
  const report: ImportReport = {
    ...counts,
    notes: isEmpty ? [...counts.notes, 'The file has a header and no rows.'] : counts.notes,
    seconds: seconds(),
  };
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

function progressSaver(
  stores: Stores,
  workspace: Workspace,
  importId: number,
  options: RunOptions,
  rowsTotal: number | null,
): NonNullable<RunOptions['onProgress']> {
  return async (progress) => {
    const shown = { ...progress, rowsTotal: progress.rowsTotal ?? rowsTotal };
    await stores.control
      .of(workspace.id)
      .query('update imports set progress = $3 where workspace_id = $1 and id = $2', [importId, JSON.stringify(shown)]);
    await options.onProgress?.(shown);
  };
}

const isPassing = (cause: unknown): boolean =>
  cause instanceof AppError && ['storage.unavailable', 'storage.full', 'overload'].includes(cause.code);

async function endBadly(
  stores: Stores,
  deps: ImportDeps,
  workspace: Workspace,
  importId: number,
  cause: unknown,
  isCancelled: boolean,
): Promise<void> {
  // What may pass is tried again by the queue: the import stays queued for it.
  const state = isCancelled ? 'cancelled' : isPassing(cause) ? 'queued' : 'failed';
  const message = isCancelled
    ? 'Cancelled: nothing of this file was stored.'
    : cause instanceof Error
      ? cause.message.slice(0, 1_000)
      : String(cause);
  const save = async (session: ControlSession) => {
    await session
      .of(workspace.id)
      .query(
        `update imports set state = $3, error = $4, ended_at = case when $3 = 'queued' then null else now() end, progress = '{}' where workspace_id = $1 and id = $2 and state <> 'done'`,
        [importId, state, message],
      );
  };
  const { state: before } = await getImportRow(stores.control, workspace.id, importId);
  if (before === 'done') return;
  if (state === 'queued') await save(stores.control);
  else await giveBackTaken(stores, deps, workspace.id, importId, save);
}
