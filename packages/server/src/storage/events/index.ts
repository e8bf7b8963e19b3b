export type {
  Answer,
  EventNode,
  EventStore,
  EventTable,
  Question,
  ReadOptions,
} from './event-store.ts';
export type { EventStoreAddress } from './event-store-address.ts';
export { migrateEventStore } from './migrate-event-store.ts';
export { type EventStoreOptions, openEventStore } from './open-event-store.ts';
export { type TableDefinition, tables, workspaceTables } from './schema.ts';
export { type EmbeddedClickHouse, startEmbeddedClickHouse } from './start-embedded-clickhouse.ts';
export { keepLast, type SentStatement, type StatementHook } from './statement-hook.ts';
