export type {
  JournalPosition,
  JournalReader,
  JournalRecord,
  JournalRecordKind,
  JournalStatus,
  JournalWriter,
} from './journal.ts';
export { lookAgain } from './look-again.ts';
export { comparePositions, openJournalReader } from './open-journal-reader.ts';
export { type JournalWriterOptions, openJournalWriter } from './open-journal-writer.ts';
