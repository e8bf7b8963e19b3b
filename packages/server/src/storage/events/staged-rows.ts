import { AppError } from '../../domain/app-error.ts';
import type { EventNode, EventTable } from './event-store.ts';
import type { EventStoreAddress } from './event-store-address.ts';
import { mergeTreeSettings } from './render-engine-config.ts';
import { localName } from './render-tables.ts';
import { type TableDefinition, tables } from './schema.ts';

export type StagedRows = {
  /** A table on `node` with the columns of `table`, by its full name. */
  readonly staged: string;
  readonly table: EventTable;
  /** The one partition that its rows are in. */
  readonly partition: string;
};

const reason = 'publish staged rows';

/**
 * CREATE of a table with the columns, the order and the partitions of another. Replicated tables have a path that only one can
 * have, so theirs are plain.
 */
export function renderStaged(address: EventStoreAddress, name: string, table: EventTable): string {
  const like = `CREATE TABLE ${name} AS ${address.database}.${localName(table, address)}`;
  if (address.engineFamily === 'plain') return like;
  const { partitionBy, orderBy } = definitionOf(table);
  const settings = Object.entries(mergeTreeSettings).map(([key, value]) => `${key} = ${value}`);
  return `${like} ENGINE = MergeTree ${partitionBy ? `PARTITION BY ${partitionBy} ` : ''}ORDER BY ${orderBy} SETTINGS ${settings.join(', ')}`;
}

/**
 * Staged rows → the table everyone reads, all at once. On one server their partition is moved, which is one step and copies nothing.
 *
 * In a cluster rows go first to the nodes they belong to, into tables that nobody reads, on every replica where the Distributed
 * table makes the copies. Only when all are there each node takes its own, one after the other: again one step each. All nodes
 * have to be up; a broken-off call leaves rows on some nodes, and who calls again has to remove those first.
 */
export async function publishStaged(
  address: EventStoreAddress,
  node: EventNode,
  everyNode: readonly EventNode[],
  { staged, table, partition }: StagedRows,
): Promise<void> {
  const target = `${address.database}.${localName(table, address)}`;
  if (address.cluster === null) {
    await node.maintain(`ALTER TABLE ${staged} MOVE PARTITION ${partition} TO TABLE ${target}`, reason);
    return;
  }
  const part = `${staged}_part`;
  const spread = `${staged}_spread`;
  try {
    await onEach(everyNode, async ({ maintain }) => {
      await maintain(`DROP TABLE IF EXISTS ${part} SYNC`, reason);
      await maintain(renderStaged(address, part, table), reason);
    });
    await node.maintain(`DROP TABLE IF EXISTS ${spread} SYNC`, reason);
    await node.maintain(
      `CREATE TABLE ${spread} AS ${part} ENGINE = Distributed(${address.cluster}, ${address.database}, ${part.split('.')[1]}, ${definitionOf(table).shardBy})`,
      reason,
    );
    await node.maintain(
      `INSERT INTO ${spread} SELECT * FROM ${staged} SETTINGS distributed_foreground_insert = 1`,
      reason,
    );
    await assertWhole(node, staged, spread);
    await onEach(everyNode, ({ maintain }) =>
      maintain(`ALTER TABLE ${target} ATTACH PARTITION ${partition} FROM ${part}`, reason),
    );
  } finally {
    await node.maintain(`DROP TABLE IF EXISTS ${spread} SYNC`, reason).catch(() => {});
    for (const { maintain } of everyNode) await maintain(`DROP TABLE IF EXISTS ${part} SYNC`, reason).catch(() => {});
  }
}

async function assertWhole(node: EventNode, staged: string, spread: string): Promise<void> {
  const [row] = await node.maintain<{ here: string; there: string }>(
    `SELECT (SELECT count() FROM ${staged}) AS here, (SELECT count() FROM ${spread}) AS there`,
    reason,
  );
  if (row?.here === row?.there) return;
  throw new AppError(
    'storage.unavailable',
    `publish: ${row?.there} of ${row?.here} rows reached the nodes they belong to`,
  );
}

/** One after the other, and the first that fails ends it. */
async function onEach(nodes: readonly EventNode[], work: (node: EventNode) => Promise<unknown>): Promise<void> {
  for (const node of nodes) {
    try {
      await work(node);
    } catch (cause) {
      if (!(cause instanceof AppError) || cause.code !== 'storage.unavailable') throw cause;
      throw new AppError('storage.unavailable', `event store: ${node.url} does not answer, and every node is needed`, {
        cause,
        details: { fix: 'Bring the node back; the work is tried again by itself.' },
      });
    }
  }
}

function definitionOf(table: EventTable): TableDefinition {
  const definition = tables.find(({ name }) => name === table);
  if (!definition) throw new AppError('internal', `publish: there is no table ${table}`);
  return definition;
}
