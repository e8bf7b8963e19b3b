import { setTimeout as sleep } from 'node:timers/promises';
import { bounded, type Measurement, percentile } from '../measurement.ts';
import { type ApiClient, collect, newSource, setUpOwner, signInOwner, waitUntilReady } from './api-client.ts';
import { benchWorkspace, fillBigStore, knownPeople, userIdOf } from './big-store.ts';
import { aDataDir, type PlatformProcess, startPlatformProcess } from './platform-process.ts';
import { memoryOf, processorSeconds, residentTogether } from './resources.ts';

const events = Number(process.env.ZHIYIN_BENCH_EVENTS ?? 5_000_000);
const megabyte = 1_048_576;

/** The platform as a whole, on a store of five million events: how fast it is there, what it costs when nothing happens, how fresh data is. */
export async function benchPlatform(): Promise<Measurement[]> {
  await using place = await aDataDir();
  const first = await startPlatformProcess({ dataDir: place.dir });
  const owner = await setUpOwner(() => first.url, place.dir);
  const { writeKey } = await newSource(owner, benchWorkspace);
  const stores = await first.openStores();
  await fillBigStore(stores, benchWorkspace, events);
  await stores.close();
  await first.stop();

  const startedAt = performance.now();
  const platform = await startPlatformProcess({ dataDir: place.dir });
  await waitUntilReady(() => platform.url);
  const readySeconds = (performance.now() - startedAt) / 1000;
  const idle = await measureIdle(platform);
  const client = await signInOwner(() => platform.url);
  const search = await measureSearch(client);
  const fresh = await measureFreshness(platform, writeKey);
  await platform.stop();
  return [
    bounded(`start to ready on ${events} events`, readySeconds, 's', 5),
    ...idle,
    bounded('people search by identifier, p95', search, 'ms', 100),
    bounded('from the answer of collect to the event store at 200 events/s, p95', fresh, 'ms', 2_000),
  ];
}

async function measureIdle(platform: PlatformProcess): Promise<Measurement[]> {
  await sleep(30_000);
  const before = processorSeconds(platform.pid);
  const seconds = 20;
  await sleep(seconds * 1000);
  const after = processorSeconds(platform.pid);
  const used = [...after].reduce((sum, [pid, value]) => sum + value - (before.get(pid) ?? 0), 0);
  const memory = memoryOf(platform.pid);
  console.log(
    memory
      .filter((one) => one.residentBytes > 40 * megabyte)
      .map((one) => {
        const share = ((after.get(one.pid) ?? 0) - (before.get(one.pid) ?? 0)) / seconds;
        return `  ${one.name} ${(one.residentBytes / megabyte).toFixed(0)} MB, ${(share * 100).toFixed(2)} % of a core`;
      })
      .join('\n'),
  );
  return [
    bounded('idle: share of one core', (used / seconds) * 100, '%', 2),
    bounded('idle: resident memory, shared pages counted once', residentTogether(platform.pid) / megabyte, 'MB', 900),
    {
      name: 'idle: sum of the resident memory of each process',
      value: memory.reduce((total, one) => total + one.residentBytes, 0) / megabyte,
      unit: 'MB',
    },
  ];
}

async function measureSearch(client: ApiClient): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 120; round += 1) {
    const person = (round * 37) % knownPeople;
    const startedAt = performance.now();
    const { rows } = await client.call<{ rows: unknown[] }>(
      'GET',
      `/api/workspaces/${benchWorkspace}/people?search=${userIdOf(person)}`,
    );
    times.push(performance.now() - startedAt);
    if (rows.length !== 1) throw new Error(`search for ${userIdOf(person)} found ${rows.length} people`);
    // Below the limit of questions a second.
    await sleep(25);
  }
  return percentile(times.slice(20), 0.95);
}

/** When an answered event is seen by a question to the event store, asked every 20 ms. */
async function measureFreshness(platform: PlatformProcess, writeKey: string): Promise<number> {
  const stores = await platform.openStores();
  const answeredAt = new Map<string, number>();
  const delays: number[] = [];
  let sent = 0;
  const seconds = 10;
  const sending = (async () => {
    const begun = performance.now();
    const open: Promise<void>[] = [];
    while (sent < 200 * seconds) {
      const due = Math.min(200 * seconds, Math.floor(((performance.now() - begun) / 1000) * 200));
      for (; sent < due; sent += 1) {
        const id = `fresh-${sent}`;
        const call = {
          messageId: id,
          type: 'track',
          event: 'Fresh',
          userId: `fresh-${sent % 50}`,
          properties: { check: id },
        };
        open.push(
          collect(() => platform.url, writeKey, 'track', call).then((answer) => {
            if (answer.status === 200) answeredAt.set(id, performance.now());
          }),
        );
      }
      await sleep(5);
    }
    await Promise.all(open);
  })();
  const seen = new Set<string>();
  const deadline = Date.now() + 60_000;
  while (seen.size < 200 * seconds && Date.now() < deadline) {
    const { rows } = await stores.events.read<{ id: string }>(benchWorkspace, {
      name: 'fresh',
      sql: "SELECT toString(properties.check) AS id FROM @events WHERE received_at > now64(3) - INTERVAL 30 SECOND AND name = 'Fresh'",
    });
    const now = performance.now();
    for (const { id } of rows) {
      const at = answeredAt.get(id);
      if (at === undefined || seen.has(id)) continue;
      seen.add(id);
      delays.push(now - at);
    }
    await sleep(20);
  }
  await sending;
  await stores.close();
  if (seen.size < 200 * seconds) throw new Error(`only ${seen.size} of ${200 * seconds} events were seen`);
  return percentile(delays, 0.95);
}
