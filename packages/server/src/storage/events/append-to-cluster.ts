import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../domain/app-error.ts';
import { isConnectionError, type Node, type Nodes } from './connect-nodes.ts';
import type { SpoolDelivery } from './deliver-spools.ts';
import type { EventTable, JsonLines } from './event-store.ts';
import type { EventStoreAddress } from './event-store-address.ts';
import { insertLines } from './json-lines.ts';
import { toStorageError } from './to-storage-error.ts';

const arriveTimeoutMs = 20_000;
const pollEveryMs = 15;

/**
 * Into the Distributed table of one node, which splits the rows by shard and passes the token on to each shard's table, so that
 * the same token stays a no-op through whichever node it comes.
 *
 * Where replicas copy each other (replicated tables, or one replica a shard) the insert waits for one replica of each shard.
 * Where the Distributed table itself makes the copies (plain tables), waiting for all would fail as soon as one replica is
 * away. So the node spools to its own disk, synced, sends in the background, and we answer when each shard has the rows on at
 * least one replica; what an absent one missed waits in the spool until it is back.
 */
export async function appendToCluster(
  nodes: Nodes,
  address: EventStoreAddress,
  table: EventTable,
  lines: JsonLines,
  token: string,
  spools: SpoolDelivery,
): Promise<void> {
  let last: unknown;
  for (const node of nodes.fromPreferred()) {
    try {
      const copies = await copiesMadeByDistributed(nodes, node, address);
      await insertLines(node.app, {
        table: `${address.database}.${table}`,
        lines,
        signal: AbortSignal.timeout(60_000),
        settings: {
          ...nodes.insertSettings,
          insert_deduplication_token: `${table}:${token}`,
          distributed_foreground_insert: copies ? 0 : 1,
        },
      });
      if (copies && (await untilArrived(nodes, node, address, table)) === 'partly') spools.wake();
      return;
    } catch (cause) {
      if (!isConnectionError(cause)) throw toStorageError(`append to ${table}`, cause, 'write');
      nodes.avoid(node);
      last = cause;
    }
  }
  throw toStorageError(`append to ${table}`, last, 'write');
}

/** Replicas a shard, when the Distributed table writes to each itself; 0 when it writes to one. */
async function copiesMadeByDistributed(nodes: Nodes, node: Node, address: EventStoreAddress): Promise<number> {
  const [row] = await nodes.maintain<{ copies: string }>(
    `SELECT max(replicas) AS copies FROM (SELECT shard_num, count() AS replicas FROM system.clusters
     WHERE cluster = {cluster:String} AND internal_replication = 0 GROUP BY shard_num) HAVING copies > 1`,
    { cluster: address.cluster },
    node,
  );
  return Number(row?.copies ?? 0);
}

/** Returns when no shard has rows waiting for all of its replicas. */
async function untilArrived(
  nodes: Nodes,
  node: Node,
  address: EventStoreAddress,
  table: EventTable,
): Promise<'everywhere' | 'partly'> {
  const deadline = Date.now() + arriveTimeoutMs;
  // Fails for the replica that is away, after having sent to the others or not: the poll below tells.
  const flushed = nodes
    .maintain(`SYSTEM FLUSH DISTRIBUTED ${address.database}.${table}`, {}, node)
    .then(() => true)
    .catch(() => false);
  if (await Promise.race([flushed, sleep(2000, false, { ref: false })])) return 'everywhere';
  while (Date.now() < deadline) {
    const [row] = await nodes.maintain<{ missing: string }>(
      `SELECT count() AS missing FROM (
         SELECT extract(data_path, 'shard(\\\\d+)_replica') AS shard, countIf(data_files > 0) AS waiting
         FROM system.distribution_queue WHERE database = {database:String} AND table = {table:String} GROUP BY shard
       ) AS queues INNER JOIN (
         SELECT toString(shard_num) AS shard, count() AS replicas FROM system.clusters WHERE cluster = {cluster:String} GROUP BY shard
       ) AS shards USING (shard) WHERE waiting >= replicas`,
      { database: address.database, table, cluster: address.cluster },
      node,
    );
    if (Number(row?.missing) === 0) return 'partly';
    await sleep(pollEveryMs);
  }
  throw new AppError('storage.unavailable', `append to ${table}: a shard has no replica that answers`, {
    details: { fix: 'Bring back at least one replica of each shard; the same rows can be sent again.' },
  });
}
