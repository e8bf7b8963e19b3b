import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import { deliverChanges } from './deliver-changes.ts';

const everyMs = 2_000;
const afterFailureMs = 15_000;

/** The loop: looks for changes that nobody was told of yet. One that fails is tried again later and holds up no other. */
export function startDeliveries(options: {
  readonly stores: Stores;
  readonly workspaceOf: (workspaceId: Workspace['id']) => Promise<Workspace>;
  readonly logger: Pick<Logger, 'warn'>;
}): { stop(): Promise<void> } {
  const { stores, workspaceOf, logger } = options;
  const stopping = new AbortController();
  const pause = (ms: number) => sleep(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
  const run = async () => {
    while (!stopping.signal.aborted) {
      try {
        await deliverChanges(stores, workspaceOf, stopping.signal);
        await pause(everyMs);
      } catch (error) {
        if (stopping.signal.aborted) return;
        logger.warn({ err: error }, 'deliveries: will try again');
        await pause(afterFailureMs);
      }
    }
  };
  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
