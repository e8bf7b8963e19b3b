export { type Balance, readBalance } from './balance.ts';
export { type Cleaner, type CleanerOptions, type CleanerStatus, startCleaner } from './cleaner.ts';
export { cleanerPauseLockKey } from './cleaner-locks.ts';
