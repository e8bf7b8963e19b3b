import process from 'node:process';
import { parseConfig } from '../config.ts';
import { AppError } from '../domain/app-error.ts';
import { createLogger } from '../logger.ts';
import { findRunFile } from '../run-file.ts';
import { type BackupManifest, backupStores, restoreStores } from '../storage/backup/index.ts';
import { startEngines } from '../storage/start-engines.ts';
import { parseArguments } from './arguments.ts';

/** `zhiyin backup DIRECTORY`: everything there is, consistent, while the platform runs or while it does not. */
export async function runBackupCommand(args: readonly string[]): Promise<void> {
  const to = directoryOf(args, 'zhiyin backup DIRECTORY   (a directory that does not exist yet)');
  const config = parseConfig(process.env);
  const logger = createLogger(process.env.ZHIYIN_LOG_LEVEL ?? 'warn', 'cli');
  const run = await findRunFile(config.dataDir);
  const engines = run ? undefined : await startEngines(config, logger);
  try {
    const addresses = run?.addresses ?? engines?.addresses;
    if (!addresses) throw new AppError('storage.unavailable', 'backup: the stores cannot be reached');
    sayWhatIsThere('Backed up', to, await backupStores({ config, addresses, to, logger }));
    console.log(
      'It holds the master key and personal data under that key: keep it as safe as the data directory itself.',
    );
  } finally {
    await engines?.stop();
  }
}

/** `zhiyin restore DIRECTORY`: fills the empty data directory that ZHIYIN_DATA_DIR names and compares every count and checksum. */
export async function runRestoreCommand(args: readonly string[]): Promise<void> {
  const from = directoryOf(args, 'ZHIYIN_DATA_DIR=./new-data zhiyin restore DIRECTORY');
  const config = parseConfig(process.env);
  const run = await findRunFile(config.dataDir);
  if (run) {
    throw new AppError('conflict', `restore: a platform (process ${run.pid}) runs on ${config.dataDir}`, {
      details: { field: 'ZHIYIN_DATA_DIR', fix: 'Stop it, or restore into a new data directory.' },
    });
  }
  const logger = createLogger(process.env.ZHIYIN_LOG_LEVEL ?? 'warn', 'cli');
  sayWhatIsThere('Restored', config.dataDir, await restoreStores({ config, from, logger }));
  console.log('Every count and checksum agrees with the backup. Start with: npm start');
}

function directoryOf(args: readonly string[], usage: string): string {
  const [directory] = parseArguments(args, {}, usage).positionals;
  if (!directory) throw new AppError('input.invalid', `which directory?\n\nUsage: ${usage}`);
  return directory;
}

function sayWhatIsThere(verb: string, where: string, manifest: BackupManifest): void {
  const rows = (facts: BackupManifest['events']) => facts.reduce((sum, table) => sum + table.rows, 0);
  console.log(
    `${verb} ${rows(manifest.events)} rows of events and ${rows(manifest.control)} of control data (made ${manifest.createdAt}): ${where}`,
  );
}
