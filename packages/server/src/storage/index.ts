export type { ControlSession, ControlStore, SqlValue } from './control/index.ts';
export type { StorageLogger } from './engines/supervise.ts';
export type {
  Answer,
  EventStore,
  EventTable,
  Question,
  ReadOptions,
  SentStatement,
  StatementHook,
} from './events/index.ts';
export { keepLast } from './events/index.ts';
export type { Decision, DecisionLedger } from './ledger/index.ts';
export { migrateStores } from './migrate-stores.ts';
export { type OpenStores, type OpenStoresOptions, openStores } from './open-stores.ts';
export { type Engines, type StoreAddresses, startEngines } from './start-engines.ts';
export type { Stores } from './stores.ts';
export type { Vault, WorkspaceVault } from './vault/index.ts';
