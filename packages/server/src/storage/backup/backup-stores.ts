import { existsSync } from 'node:fs';
import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import type { Config } from '../../config.ts';
import { AppError } from '../../domain/app-error.ts';
import { cleanerPauseLockKey } from '../control/pause-lock.ts';
import type { StorageLogger } from '../engines/supervise.ts';
import { openEventStore } from '../events/index.ts';
import type { StoreAddresses } from '../start-engines.ts';
import { dumpControl } from './control-tables.ts';
import { copyIfThere } from './copy-if-there.ts';
import { eventFacts } from './event-tables.ts';
import { type BackupManifest, hashFiles, manifestName } from './manifest.ts';
import { copyImportFiles, dumpJobs, keepNeededFiles } from './waiting-work.ts';

const pauseWaitMs = 120_000;

export type BackupOptions = {
  readonly config: Config;
  /** Of the running engines. */
  readonly addresses: StoreAddresses;
  /** Directory to make; must not exist. */
  readonly to: string;
  readonly logger: StorageLogger;
};

/**
 * Copies everything while the platform runs: control store, event store, waiting journal, imports and jobs that wait or run, models,
 * keys.
 *
 * The three must agree: a control store older than the event store would repeat chunks whose tokens the restored tables have
 * forgotten, a newer one would have counted what is not there. So cleaning pauses, between two chunks, while the copies are
 * made. Collecting goes on; what arrives meanwhile is in the journal, behind the checkpoint, in the backup or after it.
 */
export async function backupStores(options: BackupOptions): Promise<BackupManifest> {
  const { config, addresses, logger } = options;
  const to = path.resolve(options.to);
  assertPossible(addresses, to);
  const partial = `${to}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true, mode: 0o700 });
  const events = openEventStore(addresses.events);
  const client = new pg.Client({
    connectionString: addresses.control.connectionString,
    application_name: 'zhiyin backup',
  });
  client.on('error', () => {});
  try {
    await client.connect();
    const startedAt = performance.now();
    await pausePipeline(client);
    const { schema } = addresses.control;
    const { importDir } = config.collect;
    await copyImportFiles(importDir, path.join(partial, 'imports'));
    await client.query('begin isolation level repeatable read read only');
    const control = await dumpControl(client, schema, path.join(partial, 'control'));
    const { rows } = await client.query<{ version: number }>(
      `select coalesce(max(version), 0) as version from ${schema}.schema_migrations`,
    );
    await dumpJobs(client, schema, partial);
    await keepNeededFiles(client, schema, importDir, path.join(partial, 'imports'));
    await copyEvents(events, addresses, partial);
    const stored = await eventFacts(events, addresses.events.database);
    await copyIfThere(config.collect.journalDir, path.join(partial, 'journal'));
    await copyIfThere(path.join(config.dataDir, 'keys'), path.join(partial, 'keys'));
    // After the control store was read: every model it names is there by now. Half-written ones are not models.
    await copyIfThere(config.recommend.modelDir, path.join(partial, 'models'), (file) => !file.endsWith('.part'));
    await client.query('commit');
    await client.query('select pg_advisory_unlock($1::bigint)', [cleanerPauseLockKey]);
    logger.info({ pausedMs: Math.round(performance.now() - startedAt) }, 'backup: cleaning goes on');

    const manifest: BackupManifest = {
      format: 1,
      createdAt: new Date().toISOString(),
      database: addresses.events.database,
      schema,
      controlVersion: rows[0]?.version ?? 0,
      control,
      events: stored,
      files: await hashFiles(partial),
    };
    await writeFile(path.join(partial, manifestName), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
    await rename(partial, to);
    return manifest;
  } catch (cause) {
    await rm(partial, { recursive: true, force: true });
    throw cause;
  } finally {
    // Ends the pause too, whatever happened: the lock lives as long as its connection.
    await client.end().catch(() => {});
    await events.close();
  }
}

function assertPossible(addresses: StoreAddresses, to: string): void {
  if (!addresses.events.embeddedBackupDir || !addresses.control.embedded) {
    throw new AppError('input.invalid', 'backup: only the embedded stores are backed up by Zhiyin', {
      details: {
        fix: 'Use the tools of your ClickHouse and PostgreSQL servers, and copy the data directory (journal, imports, keys).',
      },
    });
  }
  if (existsSync(to)) {
    throw new AppError('input.invalid', `backup: ${to} exists already`, {
      details: { field: 'to', fix: 'Name a directory that does not exist yet.' },
    });
  }
}

async function pausePipeline(client: pg.Client): Promise<void> {
  await client.query(`set lock_timeout = ${pauseWaitMs}`);
  try {
    await client.query('select pg_advisory_lock($1::bigint)', [cleanerPauseLockKey]);
  } catch (cause) {
    throw new AppError('storage.unavailable', `backup: cleaning did not pause within ${pauseWaitMs / 1000} s`, {
      cause,
      details: { fix: 'Try again in a few minutes; look at Data → Health if cleaning does not go on.' },
    });
  } finally {
    await client.query('set lock_timeout = 0').catch(() => {});
  }
}

/** The engine writes below its own directory only; the files are moved from there. */
async function copyEvents(
  events: ReturnType<typeof openEventStore>,
  addresses: StoreAddresses,
  partial: string,
): Promise<void> {
  const name = `backup-${Date.now()}`;
  const made = path.join(addresses.events.embeddedBackupDir ?? '', name);
  try {
    await events.maintain(`BACKUP DATABASE ${addresses.events.database} TO File('${name}')`, 'backup');
    await moveDirectory(made, path.join(partial, 'events'));
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}

async function moveDirectory(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EXDEV') throw cause;
    await cp(from, to, { recursive: true });
    await rm(from, { recursive: true });
  }
}
