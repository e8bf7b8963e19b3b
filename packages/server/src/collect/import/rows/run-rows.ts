import { saidNote } from '@zhiyin/contract';
import type { JsonObject } from '../../../domain/events.ts';
import { asImportId } from '../../../domain/ids.ts';
import type { Stores } from '../../../storage/stores.ts';
import { type BulkEngine, countRows, openBulkEngine, stopIfCancelled } from '../bulk/bulk-engine.ts';
import { cleanSql, commonRefusals } from '../bulk/clean-sql.ts';
import { publishRejects } from '../bulk/publish.ts';
import { rejectsSelect } from '../bulk/rejects-sql.ts';
import type { BulkResult } from '../bulk/run-bulk.ts';
import { sourceSql } from '../bulk/source-sql.ts';
import { literal } from '../bulk/sql-text.ts';
import { stageFile } from '../bulk/stage-file.ts';
import { createRowStaging, dropStaging, type Staging, stagingOf } from '../bulk/staging.ts';
import type { ImportDeps, RunOptions } from '../import-deps.ts';
import type { ImportPlan } from '../import-plan.ts';
import type { ProgressKeeper } from '../save-progress.ts';
import { countHandedOn } from './count-handed-on.ts';
import { type JournalCounts, readJournalCounts } from './journal-counts.ts';
import { type RowFields, readFields } from './read-fields.ts';
import { storeItems } from './store-items.ts';
import { toCall } from './to-call.ts';
import { toReview } from './to-review.ts';
import { toSpend } from './to-spend.ts';

const pageRows = 1_000;
/** Rows of one journal record: small enough for every limit of a batch. */
const recordRows = 500;
const recordBytesMax = 400_000;

/**
 * Customers, reviews, spend and catalogue: the engine reads the file, rows come to Node sealed and page by page, and go the way
 * everything goes (the journal) or, for the catalogue, straight to its table. A run after a crash goes on behind the rows that
 * the journal has already, so that each row of the file is counted once. Refused rows have keys of their own and replace themselves.
 */
export async function runRows(
  stores: Stores,
  deps: ImportDeps,
  plan: ImportPlan,
  options: RunOptions & { readonly isRestart: boolean; readonly progress: ProgressKeeper },
): Promise<BulkResult> {
  const { progress } = options;
  const engine = await openBulkEngine(stores, plan, options.signal);
  const staging = stagingOf(deps.database, plan);
  try {
    await progress.say({ stage: 'preparing', rowsDone: 0, rowsTotal: null, secondsLeft: null });
    await stageFile(stores, deps, plan, engine, staging, (file) => fill(plan, file, engine, staging));
    const total = await countRows(engine, staging.rows);
    const refusedTotal = await countRows(engine, staging.rejects);
    const isJournalled = plan.kind !== 'catalogue';
    const before =
      options.isRestart && isJournalled ? await countHandedOn(stores, plan, options, progress.handedOn()) : 0;
    const say = (stage: 'storing' | 'cleaning', rowsDone: number) =>
      progress.say({
        stage,
        rowsDone,
        rowsTotal: stage === 'storing' ? total + refusedTotal : total,
        secondsLeft: null,
      });
    const handOn = (rows: number) => progress.handOn({ journal: isJournalled ? options.journal.id : '', rows });
    handOn(before);
    await say('storing', before);
    const items = {
      accepted: 0,
      repaired: 0,
      duplicate: 0,
      repairs: new Map<string, number>(),
      refused: [] as { row: number; raw: string; reason: string; field: string; detail: string }[],
    };
    const vault = await stores.vault.of(plan.workspace.id);
    let done = before;
    for (let after = 0, skipped = before; ; skipped = 0) {
      const page = await engine.rows<{ row: string; sealed: string }>(
        `SELECT row, raw_sealed AS sealed FROM ${staging.rows} WHERE row > ${after} ORDER BY row LIMIT ${pageRows} OFFSET ${skipped}`,
      );
      if (page.length === 0) break;
      after = Number(page[page.length - 1]!.row);
      const rows = page.map((one) =>
        readFields(plan, Number(one.row), vault.openRecord(Buffer.from(one.sealed, 'base64')).toString('utf8')),
      );
      if (isJournalled) {
        const from = done;
        await appendToJournal(
          plan,
          options,
          rows.map((row) => toEntry(plan, row)),
          (appended) => handOn(from + appended),
        );
      } else await storeItems(stores, plan, rows, items, { isRestart: options.isRestart });
      done += page.length;
      handOn(done);
      await say('storing', done);
    }
    if (items.refused.length > 0) await addRefused(engine, stores, plan, staging, items.refused);
    const duplicates = await publishRejects(engine, deps, plan, staging);
    const reasons = await reasonsOf(engine, staging);
    const counts = isJournalled ? await waitForJournal(stores, plan, options, total, deps, say) : null;
    return summarise(plan, { received: total + refusedTotal, duplicates, reasons, items, counts });
  } finally {
    await dropStaging(engine.node, staging);
  }
}

async function fill(plan: ImportPlan, file: ImportPlan['file'], engine: BulkEngine, staging: Staging): Promise<void> {
  await createRowStaging(engine.node, staging);
  const filePlan = { ...plan, file };
  const clean = cleanSql(sourceSql(file), {
    columns: [`'' AS kind`],
    refusals: commonRefusals(filePlan, null),
    repairs: [],
  });
  await engine.run(`INSERT INTO ${staging.rows} ${rejectsSelect(clean).replace(`reason != ''`, `reason = ''`)}`);
  await engine.run(`INSERT INTO ${staging.rejects} ${rejectsSelect(clean)}`);
}

const toEntry = (plan: ImportPlan, row: RowFields): JsonObject =>
  plan.kind === 'customers' ? toCall(plan, row) : plan.kind === 'reviews' ? toReview(row) : toSpend(plan, row);

async function appendToJournal(
  plan: ImportPlan,
  options: RunOptions,
  entries: readonly JsonObject[],
  onAppended: (rows: number) => void,
): Promise<void> {
  const [kind, key] =
    plan.kind === 'customers'
      ? (['calls', 'batch'] as const)
      : plan.kind === 'reviews'
        ? (['reviews', 'reviews'] as const)
        : (['spend', 'spend'] as const);
  let waiting: string[] = [];
  let bytes = 0;
  let appended = 0;
  const send = async () => {
    if (waiting.length === 0) return;
    stopIfCancelled(options.signal);
    await options.journal.append({
      kind,
      workspaceId: plan.workspace.id,
      sourceId: plan.sourceId,
      importId: asImportId(plan.importId),
      receivedAt: plan.receivedAt,
      route: kind === 'calls' ? 'batch' : kind,
      ip: '',
      userAgent: '',
      count: waiting.length,
      body: Buffer.from(`{"${key}":[${waiting.join(',')}]}`, 'utf8'),
    });
    appended += waiting.length;
    onAppended(appended);
    waiting = [];
    bytes = 0;
  };
  for (const entry of entries) {
    const text = JSON.stringify(entry);
    if (waiting.length >= recordRows || bytes + text.length > recordBytesMax) await send();
    waiting.push(text);
    bytes += text.length;
  }
  await send();
}

/** The worker cleans what was appended; its counts are the report. Waits as long as they move. */
async function waitForJournal(
  stores: Stores,
  plan: ImportPlan,
  options: RunOptions,
  total: number,
  deps: ImportDeps,
  say: (stage: 'cleaning', rowsDone: number) => Promise<void> | void,
): Promise<JournalCounts> {
  const stillMs = 60_000;
  let last = -1;
  let movedAt = Date.now();
  for (;;) {
    stopIfCancelled(options.signal);
    const now = await readJournalCounts(stores, plan);
    if (now.total >= total) return now;
    if (now.total !== last) {
      movedAt = Date.now();
      await say('cleaning', now.total);
    }
    last = now.total;
    if (Date.now() - movedAt > stillMs) {
      deps.log.warn({ importId: plan.importId, waiting: total - now.total }, 'import: rows are still being cleaned');
      return now;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function addRefused(
  engine: BulkEngine,
  stores: Stores,
  plan: ImportPlan,
  staging: Staging,
  refused: readonly { row: number; raw: string; reason: string; field: string; detail: string }[],
): Promise<void> {
  const vault = await stores.vault.of(plan.workspace.id);
  for (let at = 0; at < refused.length; at += 100) {
    const values = refused
      .slice(at, at + 100)
      .map(
        (one) =>
          `(${one.row}, ${literal(one.reason)}, ${literal(one.field)}, ${literal(one.detail)}, '${vault.messageKey(plan.sourceId, `import-row\0${one.raw}`)}', '${vault.sealRecord(Buffer.from(one.raw, 'utf8')).toString('base64')}')`,
      );
    await engine.run(
      `INSERT INTO ${staging.rejects} SELECT * FROM values('row UInt64, reason String, field String, detail String, record_key UUID, raw_sealed String', ${values.join(', ')})`,
    );
  }
}

async function reasonsOf(engine: BulkEngine, staging: Staging): Promise<Record<string, number>> {
  const rows = await engine.rows<{ reason: string; n: string }>(
    `SELECT reason, count() AS n FROM ${staging.rejects} GROUP BY reason`,
  );
  return Object.fromEntries(rows.map((row) => [row.reason, Number(row.n)]));
}

function summarise(
  plan: ImportPlan,
  found: {
    received: number;
    duplicates: number;
    reasons: Record<string, number>;
    items: { accepted: number; repaired: number; duplicate: number; repairs: ReadonlyMap<string, number> };
    counts: JournalCounts | null;
  },
): BulkResult {
  const { items, counts } = found;
  const reasons = { ...found.reasons };
  for (const [reason, n] of counts?.reasons ?? []) reasons[reason] = (reasons[reason] ?? 0) + n;
  const accepted = items.accepted + (counts?.valid ?? 0);
  const duplicate = items.duplicate + found.duplicates + (counts?.duplicate ?? 0);
  const quarantined = Object.values(reasons).reduce((sum, n) => sum + n, 0);
  const received = accepted + items.repaired + duplicate + quarantined;
  return {
    received,
    accepted,
    repaired: items.repaired,
    duplicate,
    quarantined,
    repairs: Object.fromEntries(items.repairs),
    reasons,
    made: { [plan.kind]: accepted + items.repaired },
    notes: received < found.received ? [saidNote('rows_wait', { count: found.received - received })] : [],
    isEmpty: found.received === 0,
    direct: {
      valid: items.accepted + items.repaired,
      duplicate: items.duplicate + found.duplicates,
      reasons: found.reasons,
      repairs: Object.fromEntries(items.repairs),
    },
  };
}
