import type { Nodes } from './connect-nodes.ts';
import type { EventTable } from './event-store.ts';
import type { EventStoreAddress } from './event-store-address.ts';
import { toStorageError } from './to-storage-error.ts';

/** Through the Distributed table of one node. */
export async function appendToCluster(
  nodes: Nodes,
  address: EventStoreAddress,
  table: EventTable,
  rows: readonly Record<string, unknown>[],
  token: string,
): Promise<void> {
  try {
    await nodes.writer().insert({
      table: `${address.database}.${table}`,
      values: rows,
      format: 'JSONEachRow',
      clickhouse_settings: {
        ...nodes.insertSettings,
        insert_deduplication_token: `${table}:${token}`,
        distributed_foreground_insert: 1,
      },
    });
  } catch (cause) {
    throw toStorageError(`append to ${table}`, cause, 'write');
  }
}
