import { setTimeout as sleep } from 'node:timers/promises';
import type { Nodes } from './connect-nodes.ts';
import type { EventStoreAddress } from './event-store-address.ts';

const roundEveryMs = 1000;

export type SpoolDelivery = {
  /** Something may wait in a spool: look until nothing does. */
  wake(): void;
  stop(): Promise<void>;
};

/**
 * Sends on what nodes have spooled for replicas that were away. A server does that by itself in time; the embedded one has no
 * thread for it, so we ask. Begins with a look at what an earlier process left behind.
 */
export function deliverSpools(nodes: Nodes, address: EventStoreAddress): SpoolDelivery {
  const stopping = new AbortController();
  let round: Promise<void> | undefined;
  let again = false;

  const flushWaiting = async (): Promise<boolean> => {
    let waiting = false;
    for (const node of nodes.perNode) {
      try {
        const rows = await nodes.maintain<{ table: string }>(
          'SELECT DISTINCT table FROM system.distribution_queue WHERE database = {database:String} AND data_files > 0',
          { database: address.database },
          node,
        );
        for (const { table } of rows) {
          waiting = true;
          await nodes.maintain(`SYSTEM FLUSH DISTRIBUTED ${address.database}.${table}`, {}, node).catch(() => {});
        }
      } catch {
        // The node itself is away: what it spooled can wait no longer than it stays away.
        waiting = true;
      }
    }
    return waiting;
  };

  const run = async (): Promise<void> => {
    do {
      again = false;
      while ((await flushWaiting()) && !stopping.signal.aborted) {
        await sleep(roundEveryMs, undefined, { ref: false, signal: stopping.signal }).catch(() => {});
      }
    } while (again && !stopping.signal.aborted);
    round = undefined;
  };

  const wake = () => {
    again = true;
    if (!stopping.signal.aborted) round ??= run();
  };
  wake();
  return {
    wake,
    async stop() {
      stopping.abort();
      await round;
    },
  };
}
