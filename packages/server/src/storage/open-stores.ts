import type { Config } from '../config.ts';
import { type ControlStore, openControlStore } from './control/index.ts';
import type { StorageLogger } from './engines/supervise.ts';
import { type EventStore, openEventStore, type StatementHook } from './events/index.ts';
import { openDecisionLedger } from './ledger/index.ts';
import { logStatements } from './log-statements.ts';
import type { StoreAddresses } from './start-engines.ts';
import type { Stores } from './stores.ts';
import { loadMasterKey, openVault } from './vault/index.ts';

export type OpenStores = Stores & { close(): Promise<void> };

export type OpenStoresOptions = {
  readonly logger: StorageLogger;
  readonly onStatement?: StatementHook;
};

/** Connects to both stores. The schema is there already: the main process has called `migrateStores`. */
export async function openStores(
  config: Config,
  addresses: StoreAddresses,
  options: OpenStoresOptions,
): Promise<OpenStores> {
  const log = config.statementLogDir ? logStatements(config.statementLogDir) : undefined;
  const onStatement = tellBoth(options.onStatement, log);
  const control: ControlStore = openControlStore(addresses.control, {
    connectionsMax: config.control.connectionsMax,
    onStatement,
  });
  const events: EventStore = openEventStore(addresses.events, { onStatement });
  const vault = openVault({ control, masterKey: await loadMasterKey(config) });
  return {
    events,
    control,
    vault,
    ledger: openDecisionLedger(events),
    close: async () => void (await Promise.all([events.close(), control.close()])),
  };
}

const tellBoth = (one: StatementHook | undefined, other: StatementHook | undefined): StatementHook | undefined =>
  one && other
    ? (sent) => {
        one(sent);
        other(sent);
      }
    : (one ?? other);
