import { type IdentityKind, identityKinds } from '../../../domain/identity.ts';
import type { EventNode } from '../../../storage/events/event-store.ts';
import type { ImportPlan } from '../import-plan.ts';

/** The tables of one import inside the engine. They live as long as the import runs; only surrogates and sealed values stand in them. */
export type Staging = {
  /** Cleaned rows: order lines, or events. */
  readonly rows: string;
  /** What the events of orders are made of; see `ordersSelect`. */
  readonly orders: string;
  /** Events of the orders. */
  readonly orderEvents: string;
  readonly rejects: string;
  /** Refused rows before they have their keys. */
  readonly refused: string;
  /** Identifiers of kept rows, sealed, with the time each was seen first; once a block. */
  readonly people: string;
  /** The same, once each. */
  readonly seen: string;
  /** Identifiers that stood in one row. */
  readonly pairs: string;
  /** Keys that more than one row has, and the rows that repeat an earlier one. */
  readonly repeated: string;
  readonly again: string;
  /** Keeps nothing: rows pass through it into the views, which fill the tables above. */
  readonly passing: string;
  readonly toRows: string;
  readonly toOrders: string;
  readonly toRefused: string;
  readonly toPeople: Readonly<Record<IdentityKind, string>>;
  readonly toPairs: string;
};

export function stagingOf(database: string, plan: Pick<ImportPlan, 'importId'>): Staging {
  const name = (part: string) => `${database}.import_${plan.importId}_${part}`;
  return {
    rows: name('rows'),
    orders: name('orders'),
    orderEvents: name('order_events'),
    rejects: name('rejects'),
    refused: name('refused'),
    people: name('people'),
    seen: name('seen'),
    pairs: name('pairs'),
    repeated: name('repeated'),
    again: name('again'),
    passing: name('passing'),
    toRows: name('to_rows'),
    toOrders: name('to_orders'),
    toRefused: name('to_refused'),
    toPeople: Object.fromEntries(identityKinds.map((kind) => [kind, name(`to_people_${kind}`)])) as Staging['toPeople'],
    toPairs: name('to_pairs'),
  };
}

export const stagingReason = 'import: staging tables of one import';
const reason = stagingReason;
// Staging is thrown away after a crash, so it need not reach the disk before the import is published.
export const rough = 'fsync_after_insert = 0, fsync_part_directory = 0, non_replicated_deduplication_window = 0';

/** Columns that staged rows have beside those of the table they go to. Dropped before they are moved there. */
export const helperColumns: Readonly<Record<'order_lines' | 'events', readonly (readonly [string, string])[]>> = {
  order_lines: [
    ['row', 'UInt64'],
    ['mended', 'UInt32'],
  ],
  events: [
    ['row', 'UInt64'],
    ['keyed', 'UInt8'],
  ],
};

export async function createStaging(
  node: EventNode,
  staging: Staging,
  target: 'order_lines' | 'events',
): Promise<void> {
  await dropStaging(node, staging);
  await createUnmerged(node, staging.rows, target);
  await node.maintain(
    `ALTER TABLE ${staging.rows} ${helperColumns[target].map(([name, type]) => `ADD COLUMN ${name} ${type}`).join(', ')}`,
    reason,
  );
  if (target === 'order_lines') await createUnmerged(node, staging.orderEvents, 'events');
  await createSealedStaging(node, staging);
}

/** Parts are merged where they go to: a merge here is work for nothing, and changes of the table would have to wait for it. */
async function createUnmerged(node: EventNode, name: string, target: 'order_lines' | 'events'): Promise<void> {
  await node.createStaged(name, target);
  await node.maintain(`ALTER TABLE ${name} MODIFY SETTING max_bytes_to_merge_at_max_space_in_pool = 1`, reason);
}

/** The tables that hold sealed values: what was refused, and who is named. */
async function createSealedStaging(node: EventNode, staging: Staging): Promise<void> {
  await node.maintain(
    `CREATE TABLE ${staging.rejects} (row UInt64, reason LowCardinality(String), field LowCardinality(String), detail String, record_key UUID, raw_sealed String) ENGINE = MergeTree ORDER BY row SETTINGS ${rough}`,
    reason,
  );
  await node.maintain(
    `CREATE TABLE ${staging.people} (identity_id UInt64, kind LowCardinality(String), value_sealed String, first DateTime64(3, 'UTC')) ENGINE = MergeTree ORDER BY identity_id SETTINGS ${rough}`,
    reason,
  );
  await node.maintain(
    `CREATE TABLE ${staging.refused} (row UInt64, reason LowCardinality(String), field LowCardinality(String), detail String, raw_key UInt128, raw_sealed String) ENGINE = MergeTree ORDER BY row SETTINGS ${rough}`,
    reason,
  );
  await node.maintain(
    `CREATE TABLE ${staging.seen} (identity_id UInt64, kind LowCardinality(String), value_sealed String, first DateTime64(3, 'UTC')) ENGINE = MergeTree ORDER BY identity_id SETTINGS ${rough}`,
    reason,
  );
  await node.maintain(
    `CREATE TABLE ${staging.pairs} (low_id UInt64, high_id UInt64, first DateTime64(3, 'UTC')) ENGINE = MergeTree ORDER BY (low_id, high_id) SETTINGS ${rough}`,
    reason,
  );
}

/** For kinds whose rows go on to Node: all of them sealed. */
export async function createRowStaging(node: EventNode, staging: Staging): Promise<void> {
  await dropStaging(node, staging);
  await createSealedStaging(node, staging);
  await node.maintain(`CREATE TABLE ${staging.rows} AS ${staging.rejects}`, reason);
}

export async function dropStaging(node: EventNode, staging: Staging): Promise<void> {
  const { toRows, toOrders, toRefused, toPeople, toPairs, ...stored } = staging;
  // Views first: a table they write to must not go before them.
  for (const tables of [[toRows, toOrders, toRefused, toPairs, ...Object.values(toPeople)], Object.values(stored)])
    await Promise.all(tables.map((table) => node.maintain(`DROP TABLE IF EXISTS ${table} SYNC`, reason)));
}
