import { execFileSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { asWorkspaceId } from '../domain/ids.ts';
import { collect, newSource, setUpOwner, waitUntilClean, waitUntilReady } from './api-client.ts';
import { checkPeople } from './check-people.ts';
import { checkStored } from './check-stored.ts';
import { startLoad } from './load.ts';
import { aDataDir, startPlatformProcess } from './platform-process.ts';
import { createRandom } from './random.ts';

const megabyte = 1_048_576;

it('answers 503 while the disk is full, loses nothing, and goes on by itself when there is room again', async (context) => {
  await using place = await aDataDir();
  await using disk = await smallDisk(place.dir, 700);
  if (!disk) return context.skip('a small disk needs the right to mount a tmpfs (root)');
  const platform = await startPlatformProcess({ dataDir: place.dir, env: { ZHIYIN_DISK_RESERVE_MB: '32' } });
  const at = () => platform.url;
  const owner = await setUpOwner(at, place.dir);
  const workspaceId = asWorkspaceId(1);
  const { writeKey } = await newSource(owner, workspaceId);
  const load = startLoad(at, writeKey, createRandom(3));
  await sleep(1_000);
  const ballast = path.join(place.dir, 'ballast');

  // Into the reserve: nothing is taken any more, everything else still works.
  await fill(ballast, place.dir, 24 * megabyte);
  await expect.poll(() => collectStatus(at, writeKey), { timeout: 5_000 }).toBe(503);
  const refused = await collect(at, writeKey, 'track', call);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await refused.json()).toMatchObject({ status: 503, code: 'storage.full' });
  await expect.poll(async () => (await readReady(at)).checks.disk?.ok, { timeout: 5_000 }).toBe(false);
  expect((await fetch(`${at()}/health`)).status).toBe(200);

  // To the last byte, with what was acknowledged still to be cleaned: the stores themselves run out.
  await fill(ballast, place.dir, 0);
  await sleep(4_000);
  expect(await collectStatus(at, writeKey)).toBe(503);
  await rm(ballast);

  await expect.poll(() => collectStatus(at, writeKey), { timeout: 30_000, interval: 200 }).toBe(200);
  await waitUntilReady(at);
  await sleep(1_000);
  await load.stop();
  expect(load.refusals.get(503)).toBeGreaterThan(0);
  expect(load.refusals.get(500) ?? 0).toBe(0);
  expect(platform.child.exitCode).toBeNull();
  expect(await waitUntilClean(owner, workspaceId)).toMatchObject({ difference: 0, quarantined: 0 });
  const stores = await platform.openStores();
  try {
    await checkStored(stores, workspaceId, { ...load, sent: new Set([...load.sent, 'probe']) });
    await checkPeople(stores, workspaceId);
  } finally {
    await stores.close();
  }
  expect((await platform.stop()).code).toBe(0);
});

it('answers 503 when the journal has reached its limit, and takes events again once there is a worker', async () => {
  await using place = await aDataDir();
  const small = { ZHIYIN_JOURNAL_MAX_MB: '1' };
  const first = await startPlatformProcess({ dataDir: place.dir, env: { ...small, ZHIYIN_WORKER: 'off' } });
  const owner = await setUpOwner(() => first.url, place.dir);
  const { writeKey } = await newSource(owner, 1);
  const filler = JSON.stringify({ ...call, properties: { check: 'probe', filler: 'x'.repeat(20_000) } });
  let taken = 0;
  let refused: Response | undefined;
  while (!refused && taken < 200) {
    const answer = await collect(() => first.url, writeKey, 'track', filler);
    if (answer.status === 200) taken += 1;
    else refused = answer;
  }
  expect(taken).toBeGreaterThan(20);
  expect(refused?.status).toBe(503);
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
  await first.stop();

  const second = await startPlatformProcess({ dataDir: place.dir, env: small });
  await expect.poll(() => collectStatus(() => second.url, writeKey), { timeout: 20_000, interval: 200 }).toBe(200);
  await second.stop();
});

it('answers 429 or 503 to more than it may hold in memory, and stays small', async () => {
  await using place = await aDataDir();
  const platform = await startPlatformProcess({ dataDir: place.dir, env: { ZHIYIN_INFLIGHT_MAX_MB: '2' } });
  const at = () => platform.url;
  const owner = await setUpOwner(at, place.dir);
  const { writeKey } = await newSource(owner, 1);
  const event = { ...call, messageId: undefined, properties: { filler: 'x'.repeat(15_000) } };
  const body = JSON.stringify({ batch: Array.from({ length: 30 }, () => event) });
  const before = await residentBytes(platform.pid);
  const statuses = new Map<number, number>();
  for (let round = 0; round < 6; round += 1) {
    const answers = await Promise.all(
      Array.from({ length: 60 }, () => collect(at, writeKey, 'batch', body).catch(() => undefined)),
    );
    for (const answer of answers) {
      const status = answer?.status ?? 0;
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status === 429 || status === 503) expect(Number(answer?.headers.get('retry-after'))).toBeGreaterThan(0);
      await answer?.arrayBuffer();
    }
  }
  const most = await residentBytes(platform.pid, 'VmHWM');
  expect(statuses.get(200)).toBeGreaterThan(0);
  expect((statuses.get(429) ?? 0) + (statuses.get(503) ?? 0)).toBeGreaterThan(0);
  expect(
    [...statuses.keys()].filter((status) => ![200, 429, 503].includes(status)),
    JSON.stringify([...statuses]),
  ).toEqual([]);
  // 360 bodies of 450 KB went by, 160 MB in all.
  console.log(`overload: ${before >> 20} MB before, ${most >> 20} MB at most, ${JSON.stringify([...statuses])}`);
  expect(most - before, `from ${before} to ${most}`).toBeLessThan(150 * megabyte);
  expect(await collectStatus(at, writeKey)).toBe(200);
  await platform.stop();
});

const call = { messageId: 'probe', type: 'track', event: 'Probed', userId: 'u-1', properties: { check: 'probe' } };

const collectStatus = (at: () => string, writeKey: string): Promise<number> =>
  collect(at, writeKey, 'track', call).then(
    (answer) => answer.status,
    () => 0,
  );

async function readReady(at: () => string): Promise<{ checks: Record<string, { ok: boolean } | undefined> }> {
  return (await fetch(`${at()}/ready`)).json() as Promise<{ checks: Record<string, { ok: boolean } | undefined> }>;
}

/** VmHWM is the most there ever was, so that a peak between two looks is not missed. */
async function residentBytes(pid: number, figure: 'VmRSS' | 'VmHWM' = 'VmRSS'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${figure}:\\s+(\\d+)`).exec(status)?.[1]) * 1024;
}

/** A file system of its own over the directory, or undefined where that is not allowed. */
async function smallDisk(dir: string, megabytes: number): Promise<AsyncDisposable | undefined> {
  try {
    if (process.getuid?.() !== 0) return undefined;
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0755`, 'tmpfs', dir], { stdio: 'pipe' });
  } catch {
    return undefined;
  }
  return { [Symbol.asyncDispose]: async () => void execFileSync('umount', ['-l', dir]) };
}

/** Writes zeros until only so much is free; to the very end when nothing shall be. */
async function fill(file: string, dir: string, leaveBytes: number): Promise<void> {
  const handle = await open(file, 'a');
  const zeros = Buffer.alloc(megabyte);
  try {
    for (;;) {
      const { bavail, bsize } = statfsSync(dir);
      const room = bavail * bsize - leaveBytes;
      if (room <= 0) return;
      await handle.write(zeros, 0, Math.min(room, megabyte));
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOSPC') throw cause;
  } finally {
    await handle.close();
  }
}
