import type { ImportDeps } from '../import-deps.ts';
import type { ImportPlan } from '../import-plan.ts';
import { type BulkEngine, countRows } from './bulk-engine.ts';
import { rough, type Staging } from './staging.ts';

/** Keys held in memory at once; more are taken in several passes over slices of the keys. */
const keysPerPass = 8_000_000;

/**
 * Equal rows have equal keys. A till may scan an item twice, so by default the second, third, … gets a key of its own, made from
 * the number of its occurrence; with `repeatedRows: one` (or when rows carry message ids) only the first stays. Returns how many went.
 */
export async function settleRepeats(
  engine: BulkEngine,
  staging: Staging,
  plan: ImportPlan,
  target: 'order_lines' | 'events',
): Promise<number> {
  const key = target === 'order_lines' ? 'line_key' : 'message_key';
  const { again, repeated } = staging;
  for (const table of [again, repeated]) await engine.run(`DROP TABLE IF EXISTS ${table} SYNC`);
  await engine.run(`CREATE TABLE ${repeated} (${key} UUID) ENGINE = MergeTree ORDER BY ${key} SETTINGS ${rough}`);
  await engine.run(`INSERT INTO ${repeated} SELECT ${key} FROM ${staging.rows} GROUP BY ${key} HAVING count() > 1`);
  if ((await countRows(engine, repeated)) === 0) return 0;
  await engine.run(`CREATE TABLE ${again} AS ${staging.rows}`);
  await engine.run(`INSERT INTO ${again} SELECT * EXCEPT (occurrence) REPLACE (
      reinterpretAsUUID(sipHash128Keyed(({hashKey0:UInt64}, {hashKey1:UInt64}), 'again', ${key}, occurrence)) AS ${key})
    FROM (SELECT *, row_number() OVER (PARTITION BY ${key} ORDER BY row) AS occurrence FROM ${staging.rows} WHERE ${key} IN (SELECT ${key} FROM ${repeated}))
    WHERE occurrence > 1`);
  await engine.run(`DELETE FROM ${staging.rows} WHERE row IN (SELECT row FROM ${again})`);
  const isOnce = plan.options.repeatedRows === 'one';
  if (isOnce && target === 'order_lines')
    await engine.run(`DELETE FROM ${staging.orders} WHERE row IN (SELECT row FROM ${again})`);
  const drop = isOnce ? '1' : target === 'events' ? 'keyed = 1' : '0';
  const dropped = await countRows(engine, again, drop);
  await engine.run(`INSERT INTO ${staging.rows} SELECT * FROM ${again} WHERE NOT (${drop})`);
  return dropped;
}

/** Removes staged rows that another import (or another way in) brought before. Returns how many. */
export async function dropKnown(
  engine: BulkEngine,
  deps: ImportDeps,
  what: {
    readonly staged: string;
    readonly target: 'order_lines' | 'events';
    readonly key: string;
    readonly rows: number;
  },
): Promise<number> {
  const table = `${deps.database}.${what.target}`;
  const ofOthers = 'workspace_id = {workspaceId:UInt32} AND import_id != {importId:UInt32}';
  const stored = await countRows(engine, table, ofOthers);
  if (stored === 0) return 0;
  const passes = Math.ceil(stored / keysPerPass);
  let dropped = 0;
  for (let pass = 0; pass < passes; pass++) {
    const slice = passes === 1 ? '' : ` AND sipHash64(${what.key}) % ${passes} = ${pass}`;
    const known = `${what.key} IN (SELECT ${what.key} FROM ${table} WHERE ${ofOthers}${slice})`;
    const n = await countRows(engine, what.staged, known);
    if (n > 0) await engine.run(`DELETE FROM ${what.staged} WHERE ${known}`);
    dropped += n;
  }
  return dropped;
}
