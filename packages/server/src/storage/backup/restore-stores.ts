import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import type { Config } from '../../config.ts';
import { AppError } from '../../domain/app-error.ts';
import { loadControlMigrations, migrateControlStore } from '../control/index.ts';
import type { StorageLogger } from '../engines/supervise.ts';
import { openEventStore } from '../events/index.ts';
import { startEngines } from '../start-engines.ts';
import { controlFacts, loadControl } from './control-tables.ts';
import { eventFacts } from './event-tables.ts';
import { type BackupManifest, readManifest, type TableFacts } from './manifest.ts';
import { loadJobs } from './waiting-work.ts';

export type RestoreOptions = {
  /** Names the data directory to fill; it must be empty. */
  readonly config: Config;
  readonly from: string;
  readonly logger: StorageLogger;
};

/**
 * Fills an empty data directory from a backup and compares every count and checksum. Nobody but us runs on the directory, so
 * the engines are started for it and stopped again; the next `zhiyin start` applies newer migrations.
 */
export async function restoreStores(options: RestoreOptions): Promise<BackupManifest> {
  const { config, logger } = options;
  const from = path.resolve(options.from);
  const manifest = await readManifest(from);
  await assertEmpty(config);
  const engines = await startEngines(config, logger);
  try {
    const { events, control } = engines.addresses;
    await restoreControl(manifest, from, control.connectionString, control.schema);
    await restoreEvents(manifest, from, events);
  } finally {
    await engines.stop();
  }
  for (const [name, target] of [
    ['journal', config.collect.journalDir],
    ['imports', config.collect.importDir],
    ['models', config.recommend.modelDir],
    ['keys', path.join(config.dataDir, 'keys')],
  ] as const) {
    const source = path.join(from, name);
    if (existsSync(source)) await cp(source, target, { recursive: true });
  }
  logger.info({ from, createdAt: manifest.createdAt }, 'restored');
  return manifest;
}

async function assertEmpty(config: Config): Promise<void> {
  if (config.events.url || config.control.url) {
    throw new AppError('input.invalid', 'restore: only the embedded stores are restored by Zhiyin', {
      details: { field: 'CLICKHOUSE_URL', fix: 'Unset CLICKHOUSE_URL and DATABASE_URL.' },
    });
  }
  for (const dir of [
    config.events.embeddedDir,
    config.control.embeddedDir,
    config.collect.journalDir,
    config.collect.importDir,
    config.recommend.modelDir,
  ]) {
    const entries = await readdir(dir).catch(() => []);
    if (entries.length === 0) continue;
    throw new AppError('input.invalid', `restore: ${dir} is not empty`, {
      details: { field: 'ZHIYIN_DATA_DIR', fix: 'Restore into a new data directory.' },
    });
  }
}

async function restoreControl(
  manifest: BackupManifest,
  from: string,
  connectionString: string,
  schema: string,
): Promise<void> {
  const migrations = loadControlMigrations().filter((migration) => migration.version <= manifest.controlVersion);
  if (Math.max(0, ...migrations.map((migration) => migration.version)) < manifest.controlVersion) {
    throw new AppError(
      'input.invalid',
      `restore: the backup is of schema ${manifest.controlVersion}, newer than this version`,
      {
        details: { fix: 'Restore with the version of Zhiyin that made the backup, or a newer one.' },
      },
    );
  }
  await migrateControlStore({ connectionString, schema, embedded: true }, { migrations });
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query('begin');
    await client.query(`set local search_path to ${schema}, public`);
    await loadControl(client, schema, path.join(from, 'control'), manifest.control);
    const found: TableFacts[] = [];
    for (const { table } of manifest.control) found.push(await controlFacts(client, schema, table));
    assertSame('control store', manifest.control, found);
    await loadJobs(client, from);
    await client.query('commit');
  } finally {
    await client.end();
  }
}

async function restoreEvents(
  manifest: BackupManifest,
  from: string,
  address: Parameters<typeof openEventStore>[0],
): Promise<void> {
  const name = 'restore';
  const place = path.join(address.embeddedBackupDir ?? '', name);
  const events = openEventStore(address);
  try {
    await mkdir(path.dirname(place), { recursive: true });
    await cp(path.join(from, 'events'), place, { recursive: true });
    await events.maintain(
      `RESTORE DATABASE ${manifest.database} AS ${address.database} FROM File('${name}')`,
      'restore a backup',
    );
    assertSame('event store', manifest.events, await eventFacts(events, address.database));
  } finally {
    await rm(place, { recursive: true, force: true });
    await events.close();
  }
}

function assertSame(what: string, expected: readonly TableFacts[], found: readonly TableFacts[]): void {
  for (const facts of expected) {
    const now = found.find((other) => other.table === facts.table);
    if (now?.rows === facts.rows && now.checksum === facts.checksum) continue;
    throw new AppError(
      'internal',
      `restore: ${what} table ${facts.table} has ${now?.rows ?? 'no'} rows (${now?.checksum}), the backup says ${facts.rows} (${facts.checksum})`,
      { details: { fix: 'Do not use this data directory; keep the backup and report this.' } },
    );
  }
}
