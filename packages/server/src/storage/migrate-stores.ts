import { migrateControlStore } from './control/index.ts';
import type { StorageLogger } from './engines/supervise.ts';
import { migrateEventStore } from './events/index.ts';
import type { StoreAddresses } from './start-engines.ts';

/** Both schemas to the newest version, under the control store's lock: any number of processes may call it at once. */
export async function migrateStores(addresses: StoreAddresses, logger: StorageLogger): Promise<void> {
  const events: string[] = [];
  const control = await migrateControlStore(addresses.control, {
    whileLocked: async () => void events.push(...(await migrateEventStore(addresses.events))),
  });
  if (control.length + events.length > 0) logger.info({ control, events }, 'stores migrated');
}
