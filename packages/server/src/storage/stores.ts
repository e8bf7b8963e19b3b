import type { ControlStore } from './control/control-store.ts';
import type { EventStore } from './events/event-store.ts';
import type { DecisionLedger } from './ledger/decision-ledger.ts';
import type { Vault } from './vault/vault.ts';

/** Everything a stage may read and write, handed in by `main.ts`. */
export type Stores = {
  readonly events: EventStore;
  readonly control: ControlStore;
  readonly vault: Vault;
  readonly ledger: DecisionLedger;
};
