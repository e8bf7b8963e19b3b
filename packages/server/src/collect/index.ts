export {
  comparePositions,
  type JournalPosition,
  type JournalReader,
  type JournalRecord,
  type JournalRecordKind,
  type JournalStatus,
  type JournalWriter,
  type JournalWriterOptions,
  openJournalReader,
  openJournalWriter,
} from './journal/index.ts';
export { type CollectDeps, registerCollectRoutes } from './routes.ts';
export { type CollectSource, openSourceDirectory, type SourceDirectory } from './source-directory.ts';
