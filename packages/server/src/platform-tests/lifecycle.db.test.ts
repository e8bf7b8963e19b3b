import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asWorkspaceId } from '../domain/ids.ts';
import {
  type ApiClient,
  collect,
  isReady,
  newSource,
  setUpOwner,
  signInOwner,
  waitUntilClean,
  waitUntilReady,
} from './api-client.ts';
import { checkPeople } from './check-people.ts';
import { checkStored } from './check-stored.ts';
import { type Load, startLoad } from './load.ts';
import { aDataDir, type PlatformProcess, runToEnd, startPlatformProcess } from './platform-process.ts';
import { findPart, processesOf, treeOf } from './processes.ts';
import { createRandom } from './random.ts';
import { storeFacts } from './store-facts.ts';

let place: Awaited<ReturnType<typeof aDataDir>>;
let platform: PlatformProcess;
let owner: ApiClient;
let writeKey: string;
const at = () => platform.url;
const workspaceId = asWorkspaceId(1);
/** Everything that all loads of this file sent, taken together. */
const total = { acknowledged: new Set<string>(), sent: new Set<string>(), orders: new Set<string>() };

beforeAll(async () => {
  place = await aDataDir();
  platform = await startPlatformProcess({ dataDir: place.dir });
  owner = await setUpOwner(at, place.dir);
  writeKey = (await newSource(owner, workspaceId)).writeKey;
});
afterAll(() => place?.[Symbol.asyncDispose]());

let loads = 0;
const newLoad = (): Load => startLoad(at, writeKey, createRandom(7), { senders: 4, prefix: `l${++loads}` });
function note(load: Load): void {
  for (const kind of ['acknowledged', 'sent', 'orders'] as const) for (const id of load[kind]) total[kind].add(id);
}

async function expectEverything(): Promise<void> {
  await waitUntilClean(owner, workspaceId);
  const stores = await platform.openStores();
  try {
    await checkStored(stores, workspaceId, total);
    await checkPeople(stores, workspaceId);
  } finally {
    await stores.close();
  }
}

it('ends within 10 s of SIGTERM under load, leaves no process, and has what it answered after the next start', async () => {
  const load = newLoad();
  await sleep(1_500);
  const { code, elapsedMs } = await platform.stop();
  expect(code).toBe(0);
  expect(elapsedMs).toBeLessThan(10_000);
  expect(processesOf(place.dir)).toEqual([]);
  await load.stop();
  note(load);
  expect(load.acknowledged.size).toBeGreaterThan(50);

  platform = await startPlatformProcess({ dataDir: place.dir });
  owner = await signInOwner(at);
  expect(owner.session.workspaces.map(({ name }) => name)).toEqual(['Tea House']);
  await expectEverything();
});

it('refuses to be the second on a data directory, says which process is the first, and leaves that one alone', async () => {
  const second = await runToEnd(['start', '--empty'], { dataDir: place.dir });
  expect(second.code).toBe(1);
  expect(second.said).toMatch(/in use by process \d+/);
  expect(second.said).toContain('ZHIYIN_DATA_DIR');
  expect(second.said).not.toMatch(/^\s+at /m);
  expect(await isReady(at)).toBe(true);
  expect((await collect(at, writeKey, 'track', { ...aCall('after-second') })).status).toBe(200);
});

it.each([
  ['ZHIYIN_PORT', 'banana'],
  ['ZHIYIN_DURABILITY', 'sometimes'],
  ['ZHIYIN_MASTER_KEY', 'not-hex'],
  ['DATABASE_URL', 'mysql://db'],
])('names %s when it is wrong and does not start', async (name, value) => {
  const { code, said } = await runToEnd(['start', '--empty'], {
    dataDir: path.join(place.dir, 'wrong'),
    env: { [name]: value },
  });
  expect(code).toBe(1);
  expect(said).toContain(name);
  expect(said).not.toMatch(/^\s+at /m);
  if (name === 'ZHIYIN_MASTER_KEY' || name === 'DATABASE_URL') expect(said).not.toContain(value);
});

describe('probes', () => {
  it('answers /health, and /metrics with a balance that holds', async () => {
    expect(await (await fetch(`${at()}/health`)).json()).toMatchObject({ ok: true });
    const metrics = await (await fetch(`${at()}/metrics`)).text();
    expect(metrics).toMatch(/^zhiyin_ingest_imbalance 0$/m);
    expect(metrics).toMatch(/^process_resident_memory_bytes \d+/m);
  });

  it.each(['clickhouse', 'postgres'] as const)(
    'is not ready within 5 s of %s hanging, goes on collecting, and is ready again after it was killed',
    async (part) => {
      const engine = findPart(platform.pid, part);
      const hanging = treeOf(engine!);
      for (const pid of hanging) process.kill(pid, 'SIGSTOP');
      try {
        await expect.poll(() => isReady(at), { timeout: 5_000, interval: 100 }).toBe(false);
        expect((await fetch(`${at()}/health`)).status).toBe(200);
        expect((await collect(at, writeKey, 'track', aCall(`while-${part}`))).status).toBe(200);
      } finally {
        process.kill(engine!, 'SIGKILL');
        for (const pid of hanging.slice(1)) process.kill(pid, 'SIGCONT');
      }
      // What the engine left behind may answer once more: ready is what its successor is.
      const isSucceeded = () => ![undefined, engine].includes(findPart(platform.pid, part));
      await expect.poll(isSucceeded, { timeout: 30_000, interval: 50 }).toBe(true);
      await waitUntilReady(at);
      await expectEverything();
    },
  );
});

it('says how durable an answer is', async () => {
  const answer = await collect(at, writeKey, 'track', aCall('power'));
  expect(answer.headers.get('x-zhiyin-durability')).toBe('power');
});

describe('backup and restore from the command line', () => {
  it('brings back every count and checksum of both stores, and the platform starts on it', async () => {
    await expectEverything();
    const target = path.join(place.dir, 'backup-quiet');
    const backup = await runToEnd(['backup', target], { dataDir: place.dir });
    expect(backup).toMatchObject({ code: 0 });
    await using fresh = await aDataDir();
    expect(await runToEnd(['restore', target], { dataDir: fresh.dir })).toMatchObject({ code: 0 });
    const restored = await startPlatformProcess({ dataDir: fresh.dir, env: { ZHIYIN_DURABILITY: 'process' } });
    const [original, copy] = await Promise.all([platform.openStores(), restored.openStores()]);
    try {
      expect(await storeFacts(copy)).toEqual(await storeFacts(original));
      await checkStored(copy, workspaceId, total);
      await checkPeople(copy, workspaceId);
    } finally {
      await Promise.all([original.close(), copy.close()]);
    }
    const client = await signInOwner(() => restored.url);
    expect(client.session.workspaces).toHaveLength(1);
    const answer = await collect(() => restored.url, writeKey, 'track', aCall('restored'));
    expect([answer.status, answer.headers.get('x-zhiyin-durability')]).toEqual([200, 'process']);
    total.acknowledged.delete('restored');
    total.sent.delete('restored');
    expect((await restored.stop()).code).toBe(0);
  });

  it('holds everything that was acknowledged before it began when it is made under load', async () => {
    const load = newLoad();
    await sleep(1_000);
    const before = new Set([...total.acknowledged, ...load.acknowledged]);
    const target = path.join(place.dir, 'backup-loaded');
    const backup = await runToEnd(['backup', target], { dataDir: place.dir });
    await load.stop();
    note(load);
    expect(backup).toMatchObject({ code: 0 });
    await using fresh = await aDataDir();
    expect(await runToEnd(['restore', target], { dataDir: fresh.dir })).toMatchObject({ code: 0 });
    const restored = await startPlatformProcess({ dataDir: fresh.dir });
    const client = await signInOwner(() => restored.url);
    await waitUntilClean(client, workspaceId);
    const stores = await restored.openStores();
    try {
      await checkStored(stores, workspaceId, { ...total, acknowledged: before });
      await checkPeople(stores, workspaceId);
    } finally {
      await stores.close();
    }
    // The original went on as if nothing had happened.
    await expectEverything();
  });
});

/** One event, noted as acknowledged by whoever expects a 200. */
function aCall(messageId: string) {
  total.sent.add(messageId);
  total.acknowledged.add(messageId);
  return { messageId, type: 'track', event: 'Tested', userId: 'u-1', properties: { check: messageId } };
}
