import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Config, parseConfig } from '../config.ts';
import { asWorkspaceId } from '../domain/ids.ts';
import { silentLogger } from './engines/supervise.ts';
import { anEvent } from './events/event-store.contract.ts';
import { type Engines, migrateStores, type OpenStores, openStores, startEngines } from './index.ts';

const one = asWorkspaceId(1);
let dir: string;
let config: Config;
let engines: Engines | undefined;
let stores: OpenStores | undefined;
let parent: ChildProcess | undefined;

beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'zhiyin-engines-'));
  config = parseConfig({ ZHIYIN_DATA_DIR: path.join(dir, 'data') });
});
afterEach(async () => {
  await stores?.close();
  await engines?.stop();
  parent?.kill('SIGKILL');
  [stores, engines, parent] = [undefined, undefined, undefined];
});
afterAll(() => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }));

const start = async (): Promise<OpenStores> => {
  engines = await startEngines(config, silentLogger);
  await migrateStores(engines.addresses, silentLogger);
  stores = await openStores(config, engines.addresses, { logger: silentLogger });
  return stores;
};
const count = async (from: OpenStores): Promise<number> => {
  const { rows } = await from.events.read<{ n: string }>(one, {
    name: 'count',
    sql: 'SELECT count() AS n FROM @events',
  });
  return Number(rows[0]?.n);
};
const addWorkspace = (to: OpenStores) =>
  to.control.query('insert into workspaces (name, key_sealed) values ($1, $2)', ['brand', to.vault.newWorkspaceKey()]);
const countWorkspaces = async (from: OpenStores): Promise<number> =>
  (await from.control.query<{ n: number }>('select count(*)::int as n from workspaces'))[0]?.n ?? 0;
const isAlive = (pid: number): boolean => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};
const pidOf = (name: string): number => engines?.status().find((engine) => engine.name === name)?.pid ?? 0;

describe('the embedded engines', () => {
  it('start, keep rows and secrets over a restart, are back within two seconds, and stop within three', async () => {
    const first = await start();
    await first.events.append('events', [anEvent({}), anEvent({})], 'one');
    await addWorkspace(first);
    const addresses = engines?.addresses;
    const stopAt = performance.now();
    await first.close();
    await engines?.stop();
    expect(performance.now() - stopAt).toBeLessThan(3000);

    const startAt = performance.now();
    const second = await start();
    expect(await count(second)).toBe(2);
    expect(performance.now() - startAt).toBeLessThan(2000);
    expect(await countWorkspaces(second)).toBe(1);
    expect(engines?.addresses).toEqual(addresses);
  });

  it('keep passwords in files that only the owner can read', () => {
    for (const file of [
      'clickhouse/engine.json',
      'clickhouse/config.xml',
      'clickhouse/users.xml',
      'postgres/engine.json',
    ]) {
      expect(statSync(path.join(config.dataDir, file)).mode & 0o077, file).toBe(0);
    }
  });

  it('heal when an engine is killed, and say unavailable meanwhile', async () => {
    const open = await start();
    const before = await count(open);
    process.kill(pidOf('ClickHouse'), 'SIGKILL');
    process.kill(pidOf('PostgreSQL'), 'SIGKILL');
    await expect(count(open)).rejects.toMatchObject({ code: 'storage.unavailable' });
    await expect.poll(() => count(open).catch(() => -1), { timeout: 15_000 }).toBe(before);
    await expect.poll(() => countWorkspaces(open).catch(() => -1), { timeout: 15_000 }).toBe(1);
    expect(engines?.status().map((engine) => engine.restarts)).toEqual([1, 1]);
  });

  it('heal although a backend of the killed PostgreSQL is too busy to notice and holds its memory', async () => {
    const open = await start();
    const busy = new pg.Client({ connectionString: open.control.connectionString });
    busy.on('error', () => {});
    await busy.connect();
    const { rows } = await busy.query<{ pid: number }>('select pg_backend_pid() as pid');
    busy.query('do $$ declare n bigint := 0; begin loop n := n + 1; end loop; end $$').catch(() => {});
    await expect.poll(() => isAlive(rows[0]!.pid)).toBe(true);
    process.kill(pidOf('PostgreSQL'), 'SIGKILL');
    await expect.poll(() => countWorkspaces(open).catch(() => -1), { timeout: 15_000 }).toBe(1);
    expect(isAlive(rows[0]!.pid)).toBe(false);
    await busy.end().catch(() => {});
  });

  it('heal when somebody closes the listener, which the engine lets anyone on this machine do', async () => {
    const open = await start();
    const [url = ''] = engines?.addresses.events.nodes ?? [];
    await fetch(url, { method: 'POST', body: 'SYSTEM STOP LISTEN HTTP' }).catch(() => {});
    await expect.poll(() => open.events.ping(500)).toBe(false);
    await expect.poll(() => open.events.ping(500), { timeout: 25_000, interval: 200 }).toBe(true);
  });

  it('end with their parent, however it ends, and the next start takes over', async () => {
    const report = path.join(dir, 'report.json');
    parent = spawn(
      process.execPath,
      [fileURLToPath(new URL('./testing-parent.ts', import.meta.url)), config.dataDir, report],
      { stdio: 'inherit' },
    );
    await expect.poll(() => existsSync(report), { timeout: 20_000 }).toBe(true);
    await expect.poll(() => readFileSync(report, 'utf8').endsWith('}')).toBe(true);
    const { pids } = JSON.parse(readFileSync(report, 'utf8')) as { pids: number[] };
    expect(pids.every(isAlive)).toBe(true);

    await expect(startEngines(config, silentLogger)).rejects.toMatchObject({
      code: 'storage.unavailable',
      message: expect.stringMatching(/is in use by/),
      details: { field: 'ZHIYIN_DATA_DIR' },
    });

    parent.kill('SIGKILL');
    const open = await start();
    expect(await count(open)).toBe(2);
    await expect.poll(() => pids.some(isAlive), { timeout: 6000 }).toBe(false);
  });

  it.runIf(process.getuid?.() === 0)('work below a directory that nobody else may enter', async () => {
    const closed = path.join(dir, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    config = parseConfig({ ZHIYIN_DATA_DIR: path.join(closed, 'data') });
    const open = await start();
    await addWorkspace(open);
    expect(await countWorkspaces(open)).toBe(1);
    const uid = execFileSync('ps', ['-o', 'uid=', '-p', String(pidOf('PostgreSQL'))])
      .toString()
      .trim();
    expect(Number(uid)).not.toBe(0);
  });

  it('give each user no more than its job', async () => {
    const open = await start();
    await open.events.append('events', [anEvent({})], 'rights');
    const events = engines?.addresses.events;
    const ask = async (user: { user: string; password: string }, query: string): Promise<string> => {
      const client = createClient({
        url: events?.nodes[0],
        username: user.user,
        password: user.password,
        log: { level: ClickHouseLogLevel.OFF },
      });
      try {
        await client.exec({ query });
        return 'done';
      } catch (cause) {
        return String((cause as { type?: string }).type);
      } finally {
        await client.close();
      }
    };
    const nobody = { user: 'default', password: '' };
    const { app, import: importer } = events?.users ?? { app: nobody, import: nobody };
    const denied = 'ACCESS_DENIED';
    expect(await ask(nobody, 'SELECT count() FROM zhiyin.events')).not.toBe('done');
    expect(await ask(nobody, 'SELECT 1 FROM system.tables WHERE database = 1')).not.toBe('done');
    expect(await ask(app, 'SELECT count() FROM zhiyin.events')).toBe('done');
    expect(await ask(app, `SELECT * FROM file('/etc/passwd', 'LineAsString')`)).toBe(denied);
    expect(await ask(app, `SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')`)).toBe(denied);
    expect(await ask(app, `SELECT * FROM remote('127.0.0.1', 'zhiyin.events')`)).toBe(denied);
    expect(await ask(app, 'DROP TABLE zhiyin.events')).toBe(denied);
    expect(await ask(app, 'TRUNCATE TABLE zhiyin.events')).toBe(denied);
    expect(await ask(app, 'CREATE TABLE default.x (a UInt8) ENGINE = Memory')).toBe(denied);
    expect(await ask(app, `BACKUP DATABASE zhiyin TO File('x')`)).toBe(denied);
    expect(await ask(importer, `SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')`)).toBe(denied);
    expect(await ask(importer, 'DROP TABLE zhiyin.events')).toBe(denied);
    const rights = await open.control.query<{ super: boolean }>(
      'select rolsuper or rolcreaterole or rolcreatedb as super from pg_roles where rolname = current_user',
    );
    expect(rights).toEqual([{ super: false }]);
  });
});
