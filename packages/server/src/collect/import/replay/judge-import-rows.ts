import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { explainSaid, type RepairPreview, type SaidText, said } from '@zhiyin/contract';
import type { JsonObject } from '../../../domain/events.ts';
import type { Workspace } from '../../../domain/workspace.ts';
import type { Stores } from '../../../storage/stores.ts';
import { openBulkEngine } from '../bulk/bulk-engine.ts';
import { eventRowsSelect, eventsCleanSql } from '../bulk/events-sql.ts';
import { linesSelect, ordersCleanSql } from '../bulk/orders-sql.ts';
import type { ImportDeps } from '../import-deps.ts';
import type { ImportPlan } from '../import-plan.ts';
import { getImportRow } from '../import-rows.ts';
import { makePlan } from '../make-plan.ts';
import { type Cleaned, formatRow, previewSelect } from '../preview-import.ts';
import { mendedImport, readMendedRow } from './mended-import.ts';

/** How an import would judge a mended row. */
export type RowJudgement = Pick<
  RepairPreview['rows'][number],
  'outcome' | 'reason' | 'field' | 'detail' | 'explanation'
>;

const timeoutMs = 60_000;

/**
 * What the import they came with would make of these rows now. They are read and cleaned by its own statements, from a file that
 * lives as long as the question. Changes nothing.
 */
export async function judgeImportRows(
  stores: Stores,
  deps: ImportDeps,
  workspace: Workspace,
  importId: number,
  rows: readonly JsonObject[],
): Promise<RowJudgement[]> {
  const first = await getImportRow(stores.control, workspace.id, importId);
  const { detected, state } = first;
  // Its refused rows are not counted yet, and a new run would refuse them anew.
  if (!detected || !first.kind || state !== 'done')
    return rows.map(() => refused(null, said('import_not_done', { import: importId, state })));
  const known = { ...first, detected };
  const readable = rows.map((row) => readMendedRow(known, row));
  const lines = readable.flatMap((row) => (row ? [JSON.stringify(row)] : []));
  const judged =
    lines.length === 0 ? [] : await judgeLines(stores, deps, workspace, mendedImport(known, lines.length), lines);
  let next = 0;
  return readable.map((row) => (row ? judged[next++]! : refused('unreadable_row', said('row_still_none'))));
}

async function judgeLines(
  stores: Stores,
  deps: ImportDeps,
  workspace: Workspace,
  mended: Parameters<typeof makePlan>[2],
  lines: readonly string[],
): Promise<RowJudgement[]> {
  const folder = path.join(deps.importDir, `judged-${randomUUID()}`);
  await mkdir(folder, { recursive: true, mode: 0o750 });
  try {
    const made = await makePlan(deps, workspace, mended, deps.now?.() ?? new Date());
    const plan: ImportPlan = { ...made, file: { ...made.file, path: path.join(folder, 'data') } };
    await writeFile(plan.file.path, `${lines.join('\n')}\n`, { mode: 0o640 });
    const engine = await openBulkEngine(stores, plan, AbortSignal.timeout(timeoutMs));
    const cleaned = await engine.rows<Cleaned>(previewSelect(plan, lines.length));
    const kept = await findKept(stores, workspace, plan, (sql) => engine.rows(sql), lines.length);
    const judged = new Map(cleaned.map((one) => [Number(one.row), formatRow(plan, one)]));
    return lines.map((_, index): RowJudgement => {
      const row = judged.get(index + 1);
      if (!row) return refused('unreadable_row', said('row_unreadable'));
      const { outcome, reason, field, detail, explanation } = row;
      if (outcome === 'quarantined') return { outcome, reason, field, detail, explanation };
      return kept.has(index + 1) ? judgement('duplicate', null, said('known_row')) : judgement('valid', null, null);
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Numbers of the rows that stand in the tables already. Rows of other kinds are compared when they are stored. */
async function findKept(
  stores: Stores,
  workspace: Workspace,
  plan: ImportPlan,
  ask: (sql: string) => Promise<{ row: string; key: string }[]>,
  rows: number,
): Promise<Set<number>> {
  if (plan.kind !== 'orders' && plan.kind !== 'events') return new Set();
  const [table, column, select] =
    plan.kind === 'orders'
      ? ['order_lines', 'line_key', linesSelect(plan, ordersCleanSql(plan, rows), ['row', 'wrong', 'line_key'])]
      : ['events', 'message_key', eventRowsSelect(eventsCleanSql(plan, rows), ['row', 'wrong', 'message_key'])];
  const keys = await ask(`SELECT row, toString(${column}) AS key FROM (${select}) WHERE wrong = 0`);
  if (keys.length === 0) return new Set();
  const found = await stores.events.read<{ key: string }>(workspace.id, {
    name: 'kept-rows',
    sql: `select toString(${column}) as key from @${table} where ${column} in {keys:Array(UUID)}`,
    parameters: { keys: keys.map(({ key }) => key) },
  });
  const there = new Set(found.rows.map(({ key }) => key));
  return new Set(keys.filter(({ key }) => there.has(key)).map(({ row }) => Number(row)));
}

const refused = (reason: string | null, detail: SaidText): RowJudgement => judgement('quarantined', reason, detail);

const judgement = (outcome: RowJudgement['outcome'], reason: string | null, detail: SaidText | null): RowJudgement => ({
  outcome,
  reason,
  field: null,
  detail,
  explanation: detail === null ? null : explainSaid(detail),
});
