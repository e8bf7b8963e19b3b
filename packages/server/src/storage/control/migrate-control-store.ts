import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { AppError, assert } from '../../domain/app-error.ts';
import type { ControlStoreAddress } from './open-control-store.ts';
import { toControlError } from './to-control-error.ts';

export type ControlMigration = { readonly version: number; readonly name: string; readonly sql: string };

/** Number of our advisory lock: "zhiyin" in ASCII, cut to 32 bits. */
const migrationLock = 0x7a686979;

/** Migrations in `migrations/`, in the order of their numbers. */
export function loadControlMigrations(): ControlMigration[] {
  const dir = fileURLToPath(new URL('./migrations', import.meta.url));
  return readdirSync(dir)
    .filter((file) => /^\d{3}-.+\.sql$/.test(file))
    .sort()
    .map((file) => ({
      version: Number(file.slice(0, 3)),
      name: file.slice(4, -'.sql'.length),
      sql: readFileSync(path.join(dir, file), 'utf8'),
    }));
}

/**
 * Brings the schema up to date and runs `whileLocked` (the event store's migrations) under the same lock, so that several
 * processes may start at once. Each migration is one transaction; a changed file of an applied one is refused.
 */
export async function migrateControlStore(
  address: ControlStoreAddress,
  options: { migrations?: readonly ControlMigration[]; whileLocked?: () => Promise<void> } = {},
): Promise<string[]> {
  const migrations = options.migrations ?? loadControlMigrations();
  assert(/^[a-z_][a-z0-9_]*$/.test(address.schema), `schema ${address.schema} must be a plain name`);
  const client = new pg.Client({ connectionString: address.connectionString, application_name: 'zhiyin migrate' });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select pg_advisory_lock($1, hashtext($2))', [migrationLock, address.schema]);
    await client.query(`create schema if not exists ${address.schema}`);
    await client.query(`set search_path to ${address.schema}, public`);
    const applied = await applyMigrations(client, migrations);
    await options.whileLocked?.();
    return applied;
  } catch (cause) {
    throw toControlError('migrate', cause);
  } finally {
    await client.end().catch(() => {});
  }
}

async function applyMigrations(client: pg.Client, migrations: readonly ControlMigration[]): Promise<string[]> {
  await client.query(`create table if not exists schema_migrations (
    version integer primary key, name text not null, checksum text not null, applied_at timestamptz not null default now())`);
  const { rows } = await client.query<{ version: number; checksum: string }>(
    'select version, checksum from schema_migrations',
  );
  const done = new Map(rows.map((row) => [row.version, row.checksum]));
  const newest = Math.max(0, ...migrations.map((migration) => migration.version));
  const tooNew = [...done.keys()].find((version) => version > newest);
  if (tooNew !== undefined) {
    throw new AppError(
      'config.invalid',
      `control store: schema ${tooNew} is newer than this program knows (${newest})`,
      {
        details: { fix: 'Start the newer version of Zhiyin, or restore a backup from before the upgrade.' },
      },
    );
  }
  const applied: string[] = [];
  for (const migration of migrations) {
    const checksum = createHash('sha256').update(migration.sql).digest('hex');
    const known = done.get(migration.version);
    if (known === checksum) continue;
    if (known !== undefined) {
      throw new AppError(
        'config.invalid',
        `control store: migration ${migration.version}-${migration.name} was changed after it ran`,
        {
          details: { fix: 'Put the change into a new migration; start with a new data directory while developing.' },
        },
      );
    }
    await client.query('begin');
    try {
      await client.query(migration.sql);
      await client.query('insert into schema_migrations (version, name, checksum) values ($1, $2, $3)', [
        migration.version,
        migration.name,
        checksum,
      ]);
      await client.query('commit');
    } catch (cause) {
      await client.query('rollback').catch(() => {});
      throw cause;
    }
    applied.push(`${migration.version}-${migration.name}`);
  }
  return applied;
}
