import { setTimeout as sleep } from 'node:timers/promises';
import { sealRecordSql } from '../../../storage/vault/index.ts';
import type { ImportPlan } from '../import-plan.ts';
import type { BulkEngine } from './bulk-engine.ts';
import { eventColumns, eventRowsSelect, eventsCleanSql, keptEventsSelect } from './events-sql.ts';
import { identitySql } from './identity-sql.ts';
import { keptLinesSelect, lineColumns, linesSelect, orderColumns, ordersCleanSql, ordersSelect } from './orders-sql.ts';
import { numberedRejectsSelect } from './rejects-sql.ts';
import { literal } from './sql-text.ts';
import { rough, type Staging, stagingReason } from './staging.ts';

/**
 * One pass over the file. Cleaned rows go through a table that keeps nothing, and views behind it part them block by block: kept
 * rows, refused rows (sealed), who is named (sealed) and who stood together. Nothing in clear is ever stored on the way.
 */
export async function streamFile(
  engine: BulkEngine,
  plan: ImportPlan,
  staging: Staging,
  onRead: (rows: number) => Promise<void>,
): Promise<void> {
  const isOrders = plan.kind === 'orders';
  const { kinds } = identitySql(plan);
  const clean = isOrders ? ordersCleanSql(plan) : eventsCleanSql(plan);
  const columns: readonly (readonly [name: string, type: string, sql?: string])[] = [
    ...(isOrders ? lineColumns(plan) : eventColumns),
    ['refused_raw', 'String', `if(wrong = 0, '', raw)`],
    [
      'raw_key',
      'UInt128',
      `if(wrong = 0, toUInt128(0), reinterpretAsUInt128(sipHash128Keyed(({hashKey0:UInt64}, {hashKey1:UInt64}), raw)))`,
    ],
    ['seal_key', 'LowCardinality(String)', `toLowCardinality({recordKey:String})`],
    ...kinds.flatMap((kind): [string, string, string?][] => [
      [`surrogate_${kind}`, 'UInt64'],
      [`value_${kind}`, 'LowCardinality(String)'],
    ]),
  ];
  if (isOrders)
    await engine.node.maintain(
      `CREATE TABLE ${staging.orders} (${typed(orderColumns(plan))}) ENGINE = MergeTree ORDER BY tuple() SETTINGS ${rough}, max_bytes_to_merge_at_max_space_in_pool = 1`,
      stagingReason,
    );
  await engine.node.maintain(`CREATE TABLE ${staging.passing} (${typed(columns)}) ENGINE = Null`, stagingReason);
  const views: [view: string, target: string, select: string][] = [
    [
      staging.toRows,
      staging.rows,
      isOrders ? keptLinesSelect(plan, staging.passing) : keptEventsSelect(plan, staging.passing, clean.repairsOf),
    ],
    ...(isOrders
      ? [[staging.toOrders, staging.orders, ordersSelect(plan, staging.passing)] as [string, string, string]]
      : []),
    [
      staging.toRefused,
      staging.refused,
      `SELECT row, ${clean.reasonOf('wrong')} AS reason, ${clean.fieldOf('wrong')} AS field, detail, raw_key, ${sealed('refused_raw', 'row')} AS raw_sealed FROM ${staging.passing} WHERE wrong != 0`,
    ],
    // One view each: of a union only the first part would see the rows.
    ...kinds.map((kind): [string, string, string] => [
      staging.toPeople[kind],
      staging.people,
      `SELECT identity_id, ${literal(kind)} AS kind, ${sealed('value', 'identity_id')} AS value_sealed, first FROM (
        SELECT surrogate_${kind} AS identity_id, any(value_${kind}) AS value, any(seal_key) AS seal_key, min(occurred_at) AS first
        FROM ${staging.passing} WHERE wrong = 0 AND surrogate_${kind} != 0 GROUP BY surrogate_${kind})`,
    ]),
    ...(kinds.length > 1
      ? [[staging.toPairs, staging.pairs, pairsSelect(kinds, staging.passing)] as [string, string, string]]
      : []),
  ];
  for (const [view, target, select] of views)
    await engine.node.maintain(`CREATE MATERIALIZED VIEW ${view} TO ${target} AS ${select}`, stagingReason);
  const chosen = columns.map(([name, , sql]) => (sql ? `${sql} AS ${name}_out` : name));
  const select = isOrders ? linesSelect(plan, clean, chosen) : eventRowsSelect(clean, chosen);
  const counting = countWhileReading(engine, staging, onRead);
  try {
    await engine.run(`INSERT INTO ${staging.passing} (${columns.map(([name]) => name).join(', ')}) ${select}`);
  } finally {
    await counting.stop();
  }
  for (const [view] of views) await engine.node.maintain(`DROP VIEW ${view} SYNC`, stagingReason);
  await engine.run(`INSERT INTO ${staging.rejects} ${numberedRejectsSelect(staging.refused)}`);
}

const typed = (columns: readonly (readonly [name: string, type: string, ...rest: unknown[]])[]) =>
  columns.map(([name, type]) => `${name} ${type}`).join(', ');

const countEveryMs = 2_000;
const leastRows = 10_000;

/** Tells from time to time how many rows the engine has read of the file. Not being able to tell must not end an import. */
function countWhileReading(engine: BulkEngine, staging: Staging, onRead: (rows: number) => Promise<void>) {
  const stopping = new AbortController();
  const count = async () => {
    const [row] = await engine.node.maintain<{ n: string }>(
      `SELECT max(read_rows) AS n FROM system.processes WHERE position(query, 'INSERT INTO ${staging.passing} ') > 0 AND query_id != queryID()`,
      stagingReason,
    );
    const rows = Number(row?.n ?? 0);
    // The first ones are no pace yet.
    if (rows >= leastRows && !stopping.signal.aborted) await onRead(rows);
  };
  const counting = (async () => {
    for (;;) {
      await sleep(countEveryMs, undefined, { signal: stopping.signal, ref: false });
      await count();
    }
  })().catch(() => {});
  return {
    async stop() {
      stopping.abort();
      await counting;
    },
  };
}

/** The key comes with the rows: a view's text is written down in the engine and must not hold it. */
const sealed = (text: string, seed: string): string =>
  sealRecordSql(text, seed).replaceAll('{recordKey:String}', 'seal_key');

/** Each identifier of a row with the strongest one in it. */
function pairsSelect(kinds: readonly string[], passing: string): string {
  return `SELECT least(identity_id, other) AS low_id, greatest(identity_id, other) AS high_id, min(occurred_at) AS first
    FROM (SELECT identity_id, occurred_at, [${kinds.map((kind) => `surrogate_${kind}`).join(', ')}] AS all FROM ${passing} WHERE wrong = 0)
    ARRAY JOIN all AS other WHERE other != 0 AND other != identity_id GROUP BY low_id, high_id`;
}
