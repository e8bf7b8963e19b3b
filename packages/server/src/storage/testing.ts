import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Config, parseConfig } from '../config.ts';
import { asWorkspaceId, type WorkspaceId } from '../domain/ids.ts';
import { startEmbeddedPostgres } from './control/index.ts';
import { silentLogger } from './engines/supervise.ts';
import { type StatementHook, startEmbeddedClickHouse } from './events/index.ts';
import { migrateStores } from './migrate-stores.ts';
import { type OpenStores, openStores } from './open-stores.ts';
import type { StoreAddresses } from './start-engines.ts';

export type TestStores = OpenStores & {
  /** With a data directory of its own below the system's temporary one. */
  readonly config: Config;
  readonly addresses: StoreAddresses;
  /** A brand to test with. */
  newWorkspace(settings?: { name?: string; timeZone?: string; currency?: string }): Promise<WorkspaceId>;
  /** Drops what this call made. The engines stay for the next one and end with the process. */
  close(): Promise<void>;
};

type TestEngines = Awaited<ReturnType<typeof startTestEngines>>;
let engines: Promise<TestEngines> | undefined;
let opened = 0;

/** Real embedded stores, empty and migrated: the engines are shared by the test process, database and schema are not. */
export async function openTestStores(options: { onStatement?: StatementHook } = {}): Promise<TestStores> {
  engines ??= startTestEngines();
  const { dir, clickHouse, postgres } = await engines;
  opened += 1;
  const name = `zhiyin_test_${process.pid}_${opened}`;
  const dataDir = path.join(dir, name);
  mkdirSync(dataDir, { recursive: true });
  const config = parseConfig({
    ZHIYIN_DATA_DIR: dataDir,
    ZHIYIN_LOG_LEVEL: 'silent',
    ZHIYIN_PORT: '0',
    ZHIYIN_WORKER: 'inline',
    ZHIYIN_DISK_RESERVE_MB: '0',
    CLICKHOUSE_DATABASE: name,
    ZHIYIN_DATABASE_SCHEMA: name,
    ZHIYIN_STATEMENT_LOG: process.env.ZHIYIN_STATEMENT_LOG,
  });
  mkdirSync(config.events.importDir, { recursive: true });
  const addresses: StoreAddresses = {
    events: { ...clickHouse.address, database: name, importDir: config.events.importDir },
    control: { connectionString: postgres.connectionString, schema: name, embedded: true },
  };
  await migrateStores(addresses, silentLogger);
  const stores = await openStores(config, addresses, { logger: silentLogger, onStatement: options.onStatement });
  return {
    ...stores,
    config,
    addresses,
    async newWorkspace({ name: brand = 'Test brand', timeZone = 'UTC', currency = 'USD' } = {}) {
      const [row] = await stores.control.query<{ id: number }>(
        'insert into workspaces (name, time_zone, currency, key_sealed) values ($1, $2, $3, $4) returning id',
        [brand, timeZone, currency, stores.vault.newWorkspaceKey()],
      );
      return asWorkspaceId(row?.id ?? 0);
    },
    async close() {
      await stores.events.maintain(`DROP DATABASE IF EXISTS ${name} SYNC`, 'end of a test');
      await stores.control.query(`drop schema if exists ${name} cascade`);
      await stores.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

const prefix = 'zhiyin-test-';

async function startTestEngines() {
  removeLeftovers();
  const dir = mkdtempSync(path.join(tmpdir(), `${prefix}${process.pid}-`));
  const [clickHouse, postgres] = await Promise.all([
    startEmbeddedClickHouse({
      dir: path.join(dir, 'clickhouse'),
      database: 'zhiyin_test',
      databases: 'zhiyin_test*',
      memoryBytesMax: 2_000_000_000,
      threads: 2,
      importDir: dir,
      logger: silentLogger,
    }),
    startEmbeddedPostgres({ dir: path.join(dir, 'postgres'), logger: silentLogger }),
  ]);
  // The engines see the end of our pipe; their files are removed by the next test process if not by us.
  process.once('exit', () => {
    for (const pid of [clickHouse.pid(), postgres.pid()]) if (pid) kill(pid);
    rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
  });
  return { dir, clickHouse, postgres };
}

function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) rmSync(path.join(tmpdir(), name), { recursive: true, force: true });
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGQUIT');
    process.kill(pid, 'SIGKILL');
  } catch {}
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
