import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { asWorkspaceId } from '../domain/ids.ts';
import { newSource, setUpOwner, waitUntilClean, waitUntilReady } from './api-client.ts';
import { checkPeople } from './check-people.ts';
import { checkStored } from './check-stored.ts';
import { startLoad } from './load.ts';
import { aDataDir, type PlatformProcess, startPlatformProcess } from './platform-process.ts';
import { findPart, processesOf, treeOf } from './processes.ts';
import { createRandom, type Random } from './random.ts';

/** `ZHIYIN_CRASH_KILLS=200` for the long run, `ZHIYIN_CRASH_SEED` to repeat one. */
const kills = Number(process.env.ZHIYIN_CRASH_KILLS ?? 22);
const seed = Number(process.env.ZHIYIN_CRASH_SEED ?? Date.now() % 1_000_000);
const parts = ['main', 'worker', 'clickhouse', 'postgres'] as const;
const pauseMostMs = 800;
const partTimeoutMs = 60_000;

it(`keeps every acknowledged event exactly once through ${kills} kills of any process under load`, {
  timeout: 60_000 + kills * 10_000,
}, async () => {
  console.log(`crash test: ${kills} kills, ZHIYIN_CRASH_SEED=${seed}`);
  const random = createRandom(seed);
  await using place = await aDataDir();
  let platform = await startPlatformProcess({ dataDir: place.dir });
  const at = () => platform.url;
  const owner = await setUpOwner(at, place.dir);
  const workspaceId = asWorkspaceId(owner.session.workspaces[0]!.id);
  const source = await newSource(owner, workspaceId);
  const load = startLoad(at, source.writeKey, createRandom(seed + 1));

  const killed = new Map<string, number>();
  for (let round = 0; round < kills; round += 1) {
    await sleep(100 + random.below(pauseMostMs));
    // Each part in turn at first, so that even a short run has all of them.
    const part = round < 2 * parts.length ? parts[round % parts.length]! : random.pick(parts);
    platform = await killPart(platform, part, random);
    killed.set(part, (killed.get(part) ?? 0) + 1);
    if ((round + 1) % 25 === 0) console.log(`${round + 1} kills, ${load.acknowledged.size} acknowledged`);
  }
  await load.stop();
  await waitUntilReady(at);
  const balance = await waitUntilClean(owner, workspaceId).catch((cause: Error) => {
    throw new Error(`${cause.message}\n${platform.said().slice(-6_000)}`);
  });
  console.log(
    `killed ${JSON.stringify(Object.fromEntries(killed))}: sent ${load.sent.size}, acknowledged ${load.acknowledged.size},`,
    `refusals ${JSON.stringify(Object.fromEntries(load.refusals))}, balance ${JSON.stringify(balance)}`,
  );
  expect(balance).toMatchObject({ pending: 0, difference: 0, quarantined: 0 });
  expect(load.acknowledged.size).toBeGreaterThan(kills * 20);

  const stores = await platform.openStores();
  try {
    const stored = await checkStored(stores, workspaceId, load);
    expect(balance.valid).toBe(stored);
    await checkPeople(stores, workspaceId);
  } finally {
    await stores.close();
  }
  const { code, elapsedMs } = await platform.stop();
  expect(code).toBe(0);
  expect(elapsedMs).toBeLessThan(10_000);
  await expect.poll(() => processesOf(place.dir), { timeout: 5_000 }).toEqual([]);
});

/** Kills one process the hard way; the platform that runs then. What is killed may be in the middle of coming back. */
async function killPart(
  platform: PlatformProcess,
  part: (typeof parts)[number],
  random: Random,
): Promise<PlatformProcess> {
  if (part !== 'main') {
    process.kill(await findPartInTime(platform, part), 'SIGKILL');
    return platform;
  }
  const before = treeOf(platform.pid);
  await platform.kill();
  // Started again at once, or a little later by somebody who noticed.
  await sleep(random.below(400));
  const next = await startPlatformProcess({ dataDir: platform.dataDir });
  const alive = processesOf(platform.dataDir).filter(({ pid }) => before.includes(pid));
  expect(alive, 'nothing outlives its platform').toEqual([]);
  return next;
}

/** It may be between an end and its next start, which pauses for up to 15 s after many in a row. */
async function findPartInTime(
  platform: PlatformProcess,
  part: Exclude<(typeof parts)[number], 'main'>,
): Promise<number> {
  const deadline = Date.now() + partTimeoutMs;
  while (Date.now() < deadline) {
    const pid = findPart(platform.pid, part);
    if (pid) return pid;
    await sleep(50);
  }
  const running = JSON.stringify(processesOf(platform.dataDir));
  throw new Error(
    `${part} did not come back in ${partTimeoutMs} ms; running: ${running}\n${platform.said().slice(-4_000)}`,
  );
}
