import type { ImportReport } from '@zhiyin/contract';
import { assert } from '../../../domain/app-error.ts';
import type { Stores } from '../../../storage/stores.ts';
import type { ImportDeps, ImportProgress, RunOptions } from '../import-deps.ts';
import type { ImportPlan } from '../import-plan.ts';
import type { DirectCounts } from '../save-counts.ts';
import { type BulkEngine, countRows, openBulkEngine } from './bulk-engine.ts';
import { countStaged, type StagedCounts } from './count-staged.ts';
import { orderEventsSelect } from './order-events-sql.ts';
import { ordersCleanSql } from './orders-sql.ts';
import { dropHelpers, publishRejects, publishRows, removePublished } from './publish.ts';
import { registerStagedPeople } from './register-staged-people.ts';
import { dropKnown, settleRepeats } from './settle-keys.ts';
import { stageFile } from './stage-file.ts';
import { createStaging, dropStaging, type Staging, stagingOf } from './staging.ts';
import { streamFile } from './stream-file.ts';

export type BulkResult = Omit<ImportReport, 'seconds'> & {
  readonly isEmpty: boolean;
  readonly direct: DirectCounts;
};

/**
 * Orders and events, entirely inside the engine: file → staging (cleaned, keyed, surrogates instead of people) → tables.
 *
 * Nothing is seen before everything is ready: staging is published by moving its partition, so a killed or cancelled run
 * leaves no rows behind, and starting over is always right.
 */
export async function runBulk(
  stores: Stores,
  deps: ImportDeps,
  plan: ImportPlan,
  options: RunOptions,
): Promise<BulkResult> {
  const engine = await openBulkEngine(stores, plan, options.signal);
  const staging = stagingOf(deps.database, plan);
  const target = plan.kind === 'orders' ? 'order_lines' : 'events';
  const say = progressTeller(options);
  try {
    await say('preparing', 0, null);
    await removePublished(stores, plan);
    await stageFile(stores, deps, plan, engine, staging, (file) =>
      fill({ ...plan, file }, engine, staging, target, (rows) => say('preparing', rows, null)),
    );
    const staged = { kept: await countRows(engine, staging.rows), refused: await countRows(engine, staging.rejects) };
    await say('matching', staged.kept + staged.refused, staged.kept + staged.refused);
    const repeats = await settleRepeats(engine, staging, plan, target);
    const known = await dropKnown(engine, deps, {
      staged: staging.rows,
      target,
      key: keyOf(target),
      rows: staged.kept,
    });
    const kept = staged.kept - repeats - known;
    await say('people', kept, kept);
    const repairs = target === 'order_lines' ? ordersCleanSql(plan).repairsOf('mended') : 'repairs';
    const counts = await countStaged(engine, staging, target, repairs);
    // Node and the control store are busy with people, the engine with the rest.
    const [orders] = await allOf(
      target === 'order_lines' ? stageOrderEvents(engine, deps, plan, staging) : {},
      registerStagedPeople(stores, deps, plan, engine, staging),
      dropHelpers(engine, staging, target),
    );
    assert(
      counts.kept === kept,
      `import ${plan.importId}: ${staged.kept} staged, ${counts.kept} kept, ${repeats} repeats, ${known} known`,
    );
    await say('storing', kept, kept);
    const refusedBefore = await publishRejects(engine, deps, plan, staging);
    const reasons = await countRejects(engine, staging);
    await publishRows(engine, plan, staging, target);
    return report(staged, { ...counts, made: { ...orders, ...counts.made } }, repeats + known + refusedBefore, reasons);
  } finally {
    await dropStaging(engine.node, staging);
  }
}

/** Waits for all of them also when one fails: nothing may still use the staging tables when they are dropped. */
async function allOf<Works extends readonly unknown[]>(
  ...works: Works
): Promise<{ -readonly [At in keyof Works]: Awaited<Works[At]> }> {
  await Promise.allSettled(works);
  return Promise.all(works);
}

const keyOf = (target: 'order_lines' | 'events') => (target === 'order_lines' ? 'line_key' : 'message_key');

async function fill(
  plan: ImportPlan,
  engine: BulkEngine,
  staging: Staging,
  target: 'order_lines' | 'events',
  onRead: (rows: number) => Promise<void>,
): Promise<void> {
  await createStaging(engine.node, staging, target);
  await streamFile(engine, plan, staging, onRead);
}

/** Returns how many orders and refunds the file has, those that were stored before too. */
async function stageOrderEvents(
  engine: BulkEngine,
  deps: ImportDeps,
  plan: ImportPlan,
  staging: Staging,
): Promise<{ orders: number; refunds: number }> {
  const exponent = plan.rules.currencyExponents.get(plan.options.currency) ?? 2;
  await engine.run(
    `INSERT INTO ${staging.orderEvents} (workspace_id, source_id, import_id, received_at, message_key, identity_id, type, name, occurred_at, properties, context, repairs) ${orderEventsSelect(plan, staging.orders, exponent, ordersCleanSql(plan).repairsOf)}`,
  );
  const made = {
    orders: await countRows(engine, staging.orderEvents, `name = 'order_completed'`),
    refunds: await countRows(engine, staging.orderEvents, `name = 'order_refunded'`),
  };
  await dropKnown(engine, deps, {
    staged: staging.orderEvents,
    target: 'events',
    key: 'message_key',
    rows: Number.POSITIVE_INFINITY,
  });
  return made;
}

async function countRejects(engine: BulkEngine, staging: Staging): Promise<Record<string, number>> {
  const rows = await engine.rows<{ reason: string; n: string }>(
    `SELECT reason, count() AS n FROM ${staging.rejects} GROUP BY reason ORDER BY n DESC`,
  );
  return Object.fromEntries(rows.map((row) => [row.reason, Number(row.n)]));
}

function report(
  staged: { readonly kept: number; readonly refused: number },
  counts: StagedCounts,
  duplicate: number,
  reasons: Record<string, number>,
): BulkResult {
  const quarantined = Object.values(reasons).reduce((sum, n) => sum + n, 0);
  return {
    received: staged.kept + staged.refused,
    accepted: counts.kept - counts.repaired,
    repaired: counts.repaired,
    duplicate,
    quarantined,
    repairs: counts.repairs,
    reasons,
    made: counts.made,
    notes: [],
    isEmpty: staged.kept + staged.refused === 0,
    direct: { valid: counts.kept, duplicate, reasons, repairs: counts.repairs },
  };
}

function progressTeller(options: RunOptions) {
  return async (stage: ImportProgress['stage'], rowsDone: number, rowsTotal: number | null) => {
    await options.onProgress?.({ stage, rowsDone, rowsTotal, secondsLeft: null });
  };
}
