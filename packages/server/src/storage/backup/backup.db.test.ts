import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Config, parseConfig } from '../../config.ts';
import { asWorkspaceId } from '../../domain/ids.ts';
import { type Jobs, sendRestoredJobs } from '../../jobs/index.ts';
import { model } from '../../recommend/answer/ask.fixture.ts';
import { openRecommendEngine } from '../../recommend/index.ts';
import { registerModel } from '../../recommend/models/model-registry.ts';
import { findWorkspace } from '../../trust/workspace-directory.ts';
import { silentLogger } from '../engines/supervise.ts';
import { anEvent } from '../events/event-store.contract.ts';
import { type Engines, migrateStores, type OpenStores, openStores, startEngines } from '../index.ts';
import { saveModelFile } from '../models/model-files.ts';
import { backupStores, restoreStores } from './index.ts';

const one = asWorkspaceId(1);
const waitingAndOther = [
  ['import', 'created'],
  ['import', 'retry'],
  ['import', 'active'],
  ['import', 'completed'],
  ['import', 'failed'],
  ['nightly', 'created'],
  ['__pgboss__send-it', 'created'],
] as const;
let dir: string;
let config: Config;
let engines: Engines;
let stores: OpenStores;

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'zhiyin-backup-'));
  config = parseConfig({ ZHIYIN_DATA_DIR: path.join(dir, 'data') });
  engines = await startEngines(config, silentLogger);
  await migrateStores(engines.addresses, silentLogger);
  stores = await openStores(config, engines.addresses, { logger: silentLogger });
  for (const name of ['茶 "Tea" \\ brand', 'second']) {
    await stores.control.query('insert into workspaces (name, settings, key_sealed) values ($1, $2, $3)', [
      name,
      { deep: { list: [1, null, 'x'] } },
      stores.vault.newWorkspaceKey(),
    ]);
  }
  await stores.control.query(
    `insert into sources (workspace_id, name, kind, write_key) select 1, 'site ' || n, 'web', 'key' || n from generate_series(1, 2500) n`,
  );
  await stores.control.query(
    `insert into audit_log (at, actor_kind, action, previous_hash, hash) values (now(), 'system', 'test', '\\x00ff', '\\x01')`,
  );
  await stores.control.query(
    `insert into seen_messages select gen_random_uuid(), current_date from generate_series(1, 3000)`,
  );
  await stores.control.query(`select nextval('profile_link_version') from generate_series(1, 41)`);
  await append('first', 5000);
  // Imports in every state, each with a file, and a queue as far as a backup reads it.
  const states = ['uploading', 'ready', 'queued', 'running', 'done', 'failed', 'cancelled'];
  for (const [i, state] of states.entries()) {
    await stores.control.query(
      `insert into imports (workspace_id, source_id, file_name, state) values (1, 1, 'f', $1)`,
      [state],
    );
    mkdirSync(path.join(config.collect.importDir, String(i + 1)), { recursive: true });
    writeFileSync(path.join(config.collect.importDir, String(i + 1), 'data'), state);
  }
  await stores.control.query('create schema zhiyin_jobs');
  await stores.control.query(`create table zhiyin_jobs.job (
    id uuid default gen_random_uuid(), name text, state text, data jsonb, singleton_key text, start_after timestamptz, created_on timestamptz default clock_timestamp())`);
  await stores.control.query('create table zhiyin_jobs.schedule (name text)');
  await stores.control.query(`insert into zhiyin_jobs.schedule values ('nightly')`);
  for (const [name, state] of waitingAndOther) {
    await stores.control.query(
      `insert into zhiyin_jobs.job (name, state, data, singleton_key, start_after) values ($1, $2, $3, $4, '2030-01-01T00:00:00Z')`,
      [name, state, { workspaceId: 1, subject: `${name} ${state}`, ids: { importId: 3 } }, `key ${state}`],
    );
  }
  const saved = await saveModelFile(config.recommend.modelDir, one, 'first', model.bundle);
  await registerModel(stores.control, one, { card: aCard, saved, state: 'serving' });
  mkdirSync(path.join(config.collect.journalDir, 'http'), { recursive: true });
  writeFileSync(path.join(config.collect.journalDir, 'http', 'segment'), 'waiting');
});
afterAll(async () => {
  await stores?.close();
  await engines?.stop();
  rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
});

const append = (token: string, count: number) =>
  stores.events.append(
    'events',
    Array.from({ length: count }, (_, index) =>
      anEvent({ identity_id: String(index), properties: { n: index, s: '茶' } }),
    ),
    token,
  );
const backup = (name: string) =>
  backupStores({ config, addresses: engines.addresses, to: path.join(dir, name), logger: silentLogger });
const countEvents = async (from: OpenStores): Promise<number> => {
  const { rows } = await from.events.read<{ n: string }>(one, {
    name: 'count',
    sql: 'SELECT count() AS n FROM @events',
  });
  return Number(rows[0]?.n);
};

/** Each with its key and its wait, once; and the fact that named them is gone. */
async function sendsWaitingJobs({ control }: OpenStores): Promise<void> {
  const sent: unknown[] = [];
  const jobs = {
    knows: (name: string) => name === 'import',
    send: async (...given: unknown[]) => void sent.push(given),
  } as unknown as Jobs;
  await sendRestoredJobs(control, jobs, silentLogger);
  await sendRestoredJobs(control, jobs, silentLogger);
  expect(sent).toEqual(
    ['created', 'retry', 'active'].map((state) => [
      'import',
      { importId: 3 },
      {
        subject: `import ${state}`,
        singletonKey: `key ${state}`,
        workspaceId: 1,
        startAfterSeconds: expect.toSatisfy((s: number) => Math.abs(s - (Date.UTC(2030, 0) - Date.now()) / 1_000) < 60),
      },
    ]),
  );
}

const aCard = {
  kind: 'item-knn',
  measures: null,
  baseline: null,
  verdict: '',
  data: { from: null, to: null, people: 1, items: 1, interactions: 1 },
  tried: [],
  fitSeconds: 0,
};

/** What a server on these stores and files answers. */
async function askForAList({ recommend }: Config, from: OpenStores): Promise<unknown> {
  const log = { warn: (_: object, message: string) => expect.unreachable(message), info: () => undefined };
  const engine = await openRecommendEngine({ stores: from, modelDir: recommend.modelDir, peopleMax: 10, log });
  const workspace = (await findWorkspace(from.control, one))!;
  const answer = await engine.answer(workspace, { surface: 'home' }, { record: false });
  await engine.close();
  return JSON.parse(String(answer));
}

describe('a backup', () => {
  it('holds everything, restores into a new directory with the same counts and checksums, and goes on from there', async () => {
    const made = await backup('whole');
    expect(made.control.find((facts) => facts.table === 'sources')?.rows).toBe(2500);
    expect(made.events.find((facts) => facts.table === 'events')?.rows).toBe(5000);
    const restored = parseConfig({ ZHIYIN_DATA_DIR: path.join(dir, 'restored') });
    await restoreStores({ config: restored, from: path.join(dir, 'whole'), logger: silentLogger });

    const secondEngines = await startEngines(restored, silentLogger);
    try {
      await migrateStores(secondEngines.addresses, silentLogger);
      const second = await openStores(restored, secondEngines.addresses, { logger: silentLogger });
      expect(await countEvents(second)).toBe(5000);
      const [brand] = await second.control.query<{ name: string; settings: object }>(
        'select * from workspaces where id = 1',
      );
      expect(brand).toMatchObject({ name: '茶 "Tea" \\ brand', settings: { deep: { list: [1, null, 'x'] } } });
      // The restored key opens what was sealed before.
      await second.vault.of(one);
      const [next] = await second.control.query<{ id: number; version: string }>(
        `insert into workspaces (name, key_sealed) values ('third', '\\x00') returning id, nextval('profile_link_version')::text as version`,
      );
      expect(next).toEqual({ id: 3, version: '42' });
      expect(readFileSync(path.join(restored.collect.journalDir, 'http', 'segment'), 'utf8')).toBe('waiting');
      const filesOf = (id: number) => path.join(restored.collect.importDir, String(id), 'data');
      expect([1, 2, 3, 4, 5, 6, 7].filter((id) => existsSync(filesOf(id)))).toEqual([2, 3, 4]);
      expect(readFileSync(filesOf(4), 'utf8')).toBe('running');
      expect(await askForAList(restored, second)).toMatchObject({ model: 'popularity', modelVersion: '1' });
      await sendsWaitingJobs(second);
      await second.close();

      const again = await backupStores({
        config: restored,
        addresses: secondEngines.addresses,
        to: path.join(dir, 'again'),
        logger: silentLogger,
      });
      expect(again.events).toEqual(made.events);
    } finally {
      await secondEngines.stop();
    }
  });

  it('waits for the chunk that is being cleaned, and keeps the next one waiting', async () => {
    const cleaner = new pg.Client({ connectionString: engines.addresses.control.connectionString });
    await cleaner.connect();
    await cleaner.query('select pg_advisory_lock_shared(7702001)');
    let done = false;
    const made = backup('paused').then((manifest) => {
      done = true;
      return manifest;
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(done).toBe(false);
    // The chunk ends in both stores, then the cleaner lets go.
    await append('second', 100);
    await stores.control.query(`insert into platform_facts (name, value) values ('chunk', '1')`);
    await cleaner.query('select pg_advisory_unlock_shared(7702001)');
    const manifest = await made;
    expect(manifest.events.find((facts) => facts.table === 'events')?.rows).toBe(5100);
    expect(manifest.control.find((facts) => facts.table === 'platform_facts')?.rows).toBe(1);
    const free = await cleaner.query('select pg_try_advisory_lock_shared(7702001) as free');
    expect(free.rows).toEqual([{ free: true }]);
    await cleaner.end();
  });

  it('is refused where something is already, and leaves nothing half-made', async () => {
    await expect(backup('whole')).rejects.toMatchObject({ code: 'input.invalid', details: { field: 'to' } });
    await expect(restoreStores({ config, from: path.join(dir, 'whole'), logger: silentLogger })).rejects.toMatchObject({
      code: 'input.invalid',
      details: { field: 'ZHIYIN_DATA_DIR' },
    });
    expect(existsSync(path.join(dir, 'whole.partial'))).toBe(false);
  });

  it('is not restored when a byte of it has changed', async () => {
    appendFileSync(path.join(dir, 'paused', 'control', 'sources.ndjson'), ' ');
    const target = parseConfig({ ZHIYIN_DATA_DIR: path.join(dir, 'damaged') });
    await expect(
      restoreStores({ config: target, from: path.join(dir, 'paused'), logger: silentLogger }),
    ).rejects.toThrow(/sources\.ndjson .* is not as it was written/);
    expect(existsSync(target.events.embeddedDir)).toBe(false);
  });
});
