export type { ControlSession, ControlStore, SqlValue } from './control-store.ts';
export { type ControlMigration, loadControlMigrations, migrateControlStore } from './migrate-control-store.ts';
export { noteChangedPeople } from './note-changed-people.ts';
export { type ControlStoreAddress, type ControlStoreOptions, openControlStore } from './open-control-store.ts';
export { type EmbeddedPostgres, startEmbeddedPostgres } from './start-embedded-postgres.ts';
