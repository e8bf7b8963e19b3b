import type { Stores } from '../../../storage/stores.ts';
import type { ImportDeps } from '../import-deps.ts';
import type { ImportPlan } from '../import-plan.ts';
import { type BulkEngine, countRows } from './bulk-engine.ts';
import { helperColumns, type Staging } from './staging.ts';

/** Staged rows → the tables everyone reads. */
export async function publishRows(
  engine: BulkEngine,
  plan: ImportPlan,
  staging: Staging,
  target: 'order_lines' | 'events',
): Promise<void> {
  if (target === 'order_lines') await publish(engine, plan, staging.orderEvents, 'events');
  await publish(engine, plan, staging.rows, target);
}

/** Staged rows as the table they go to wants them. The engine takes its time over many parts without working: do something else meanwhile. */
export async function dropHelpers(
  engine: BulkEngine,
  staging: Staging,
  target: 'order_lines' | 'events',
): Promise<void> {
  const drops = helperColumns[target].map(([name]) => `DROP COLUMN ${name}`);
  await engine.run(`ALTER TABLE ${staging.rows} ${drops.join(', ')} SETTINGS mutations_sync = 2, alter_sync = 2`);
}

async function publish(
  engine: BulkEngine,
  plan: ImportPlan,
  staged: string,
  target: 'order_lines' | 'events',
): Promise<void> {
  if ((await countRows(engine, staged)) === 0) return;
  const partition = plan.receivedAt.toISOString().slice(0, 7).replace('-', '');
  await engine.node.publish({ staged, table: target, partition });
}

/**
 * Rows that an earlier, broken-off run of the same import had already published, on every node: it may have died when some had
 * theirs. So all nodes have to be up.
 */
export async function removePublished(stores: Stores, plan: ImportPlan): Promise<void> {
  const own = `workspace_id = ${plan.workspace.id} AND import_id = ${plan.importId}`;
  const reason = `import ${plan.importId}: remove what a broken-off run published`;
  for (const { maintain, local } of stores.events.eachNode()) {
    const rows = <Row>(sql: string) => maintain<Row>(sql, reason);
    for (const table of ['order_lines', 'events', 'quarantine'] as const) {
      if ((await countRows({ rows }, local(table), own)) === 0) continue;
      await maintain(`DELETE FROM ${local(table)} WHERE ${own} SETTINGS lightweight_deletes_sync = 2`, reason);
    }
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
  const duplicates = await countRows(engine, staging.rejects, known);
  if (duplicates > 0) await engine.run(`DELETE FROM ${staging.rejects} WHERE ${known}`);
  await engine.run(`INSERT INTO ${deps.database}.quarantine (workspace_id, record_key, source_id, import_id, row_number, received_at, reason, field, detail, event_type, event_name, state, raw_sealed, version)
    SELECT {workspaceId:UInt32}, record_key, ${plan.sourceId}, ${plan.importId}, row, toDateTime64({receivedAt:String}, 3, 'UTC'), reason, field, detail, 'import:${plan.kind}', '', 'open', raw_sealed, 1 FROM ${staging.rejects} SETTINGS distributed_foreground_insert = 1`);
  return duplicates;
}
