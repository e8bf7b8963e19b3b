export { type Balance, readBalance } from './balance.ts';
export { type Cleaner, type CleanerOptions, type CleanerStatus, startCleaner } from './cleaner.ts';
export { cleanerPauseLockKey } from './cleaner-locks.ts';
export { cleaningRules } from './cleaning-rules.ts';
export { listRefusals } from './identity/list-refusals.ts';
export { registerPeople, type SeenPeople } from './identity/register-people.ts';
export { type Merge, remerge, unmerge } from './identity/unmerge.ts';
export { type CleanAct, discardQuarantine } from './quarantine/discard-quarantine.ts';
export { listQuarantine, type QuarantineQuery } from './quarantine/list-quarantine.ts';
export { previewRepair } from './quarantine/preview-repair.ts';
export { listProperties, updateProperty } from './quarantine/properties.ts';
export { deleteRepairRule, listRepairRules, updateRepairRule } from './quarantine/repair-rules.ts';
export { loadRepairRun, saveRepairRun } from './quarantine/repair-runs.ts';
export {
  type MendedImportRow,
  type ReplayImportRows,
  type ReplayTools,
  replayQuarantine,
} from './quarantine/replay-quarantine.ts';
