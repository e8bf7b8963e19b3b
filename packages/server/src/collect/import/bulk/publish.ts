import type { ImportDeps } from '../import-deps.ts';
import type { ImportPlan } from '../import-plan.ts';
import type { BulkEngine } from './bulk-engine.ts';
import { helperNames } from './settle-keys.ts';
import type { Staging } from './staging.ts';

/** Staged rows → the tables everyone reads. On one server a partition is moved, which is one step and copies nothing. */
export async function publishRows(
  engine: BulkEngine,
  deps: ImportDeps,
  plan: ImportPlan,
  staging: Staging,
  target: 'order_lines' | 'events',
): Promise<void> {
  if (target === 'order_lines') await publish(engine, deps, plan, staging.orderEvents, 'events', []);
  await publish(engine, deps, plan, staging.rows, target, helperNames(target));
}

async function publish(
  engine: BulkEngine,
  deps: ImportDeps,
  plan: ImportPlan,
  staged: string,
  target: string,
  helpers: readonly string[],
): Promise<void> {
  const [row] = await engine.rows<{ n: string }>(`SELECT count() AS n FROM ${staged}`);
  if (Number(row?.n ?? 0) === 0) return;
  if (helpers.length > 0)
    await engine.run(
      `ALTER TABLE ${staged} ${helpers.map((name) => `DROP COLUMN ${name}`).join(', ')} SETTINGS mutations_sync = 2, alter_sync = 2`,
    );
  if (deps.isCluster) {
    await engine.run(
      `INSERT INTO ${deps.database}.${target} SELECT * FROM ${staged} SETTINGS distributed_foreground_insert = 1`,
    );
    return;
  }
  const month = plan.receivedAt.toISOString().slice(0, 7).replace('-', '');
  await engine.run(`ALTER TABLE ${staged} MOVE PARTITION ${month} TO TABLE ${deps.database}.${target}`);
}

/** Rows that an earlier, broken-off run of the same import had already published. */
export async function removePublished(engine: BulkEngine, deps: ImportDeps, plan: ImportPlan): Promise<void> {
  for (const table of ['order_lines', 'events', 'quarantine'] as const) {
    const own = `workspace_id = ${plan.workspace.id} AND import_id = ${plan.importId}`;
    const [row] = await engine.rows<{ n: string }>(`SELECT count() AS n FROM ${deps.database}.${table} WHERE ${own}`);
    if (Number(row?.n ?? 0) === 0) continue;
    await engine.run(
      `DELETE FROM ${deps.database}.${table}${deps.isCluster ? '_local' : ''} WHERE ${own} SETTINGS lightweight_deletes_sync = 2`,
    );
  }
}

/** Refused rows → quarantine, without those that are there already. Returns how many were. */
export async function publishRejects(
  engine: BulkEngine,
  deps: ImportDeps,
  plan: ImportPlan,
  staging: Staging,
): Promise<number> {
  const known = `record_key IN (SELECT record_key FROM ${deps.database}.quarantine WHERE workspace_id = {workspaceId:UInt32} AND import_id != {importId:UInt32})`;
  const [row] = await engine.rows<{ n: string }>(`SELECT count() AS n FROM ${staging.rejects} WHERE ${known}`);
  const duplicates = Number(row?.n ?? 0);
  if (duplicates > 0) await engine.run(`DELETE FROM ${staging.rejects} WHERE ${known}`);
  await engine.run(`INSERT INTO ${deps.database}.quarantine (workspace_id, record_key, source_id, import_id, row_number, received_at, reason, field, detail, event_type, event_name, state, raw_sealed, version)
    SELECT {workspaceId:UInt32}, record_key, ${plan.sourceId}, ${plan.importId}, row, toDateTime64({receivedAt:String}, 3, 'UTC'), reason, field, detail, 'import:${plan.kind}', '', 'open', raw_sealed, 1 FROM ${staging.rejects}`);
  return duplicates;
}
