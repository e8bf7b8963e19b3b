export { type BackupOptions, backupStores } from './backup-stores.ts';
export { type BackupManifest, readManifest } from './manifest.ts';
export { type RestoreOptions, restoreStores } from './restore-stores.ts';
export { restoredJobsFact, type WaitingJob } from './waiting-work.ts';
