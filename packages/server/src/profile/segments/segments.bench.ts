import { setTimeout as sleep } from 'node:timers/promises';
import type { Segment, SegmentPreview, SegmentRuleInput } from '@zhiyin/contract';
import { bounded, type Measurement, percentile } from '../../measurement.ts';
import { type ApiClient, collect, newSource, setUpOwner } from '../../platform-tests/api-client.ts';
import { benchWorkspace, fillBigStore, knownPeople, userIdOf } from '../../platform-tests/big-store.ts';
import { aDataDir, type PlatformProcess, startPlatformProcess } from '../../platform-tests/platform-process.ts';

const events = Number(process.env.ZHIYIN_BENCH_EVENTS ?? 5_000_000);
const segments = 100;
const perSecond = 500;
const seconds = 20;
/** Every so many events one is of somebody who enters a segment by it. */
const probeEvery = 25;
const stayMs = 60_000;
const batchSize = 5;

/**
 * How long after the answer of collect a person is in a segment, and how long after its time is over no longer in one, with 100 segments
 * and 500 events a second on a store of five million; and how long the count of a rule that is being made takes there.
 */
export async function benchSegments(): Promise<Measurement[]> {
  await using place = await aDataDir();
  const platform = await startPlatformProcess({ dataDir: place.dir });
  const owner = await setUpOwner(() => platform.url, place.dir);
  const { writeKey } = await newSource(owner, benchWorkspace);
  const stores = await platform.openStores();
  await fillBigStore(stores, benchWorkspace, events);
  await stores.close();
  const preview = await measurePreview(owner);
  const { enters, leaves } = await makeSegments(owner);
  const delays = await measureMembership(platform, writeKey, enters, leaves);
  await platform.stop();
  return [
    bounded(
      `segments: preview on ${events} events, p95 of ${previewRules.length} rules asked twice`,
      preview,
      'ms',
      500,
    ),
    bounded(
      `segments: from the answer of collect to membership, ${perSecond} events/s, p95`,
      delays.entered,
      'ms',
      2_000,
    ),
    bounded('segments: from the end of a window to having left, p95', delays.left, 'ms', 2_000),
  ];
}

const base = `/api/workspaces/${benchWorkspace}`;
const names = ['Product Added', 'Order Completed', 'Page Viewed', 'product_viewed'] as const;

const did = (event: string, days: number, atLeast: number): SegmentRuleInput => ({
  kind: 'event',
  event,
  window: { kind: 'last', amount: days, unit: 'days' },
  test: { op: 'at_least', value: atLeast },
});
const dear = (least: number): SegmentRuleInput => ({
  kind: 'event',
  event: 'Order Completed',
  where: [{ property: 'price', test: { op: 'at_least', value: least } }],
});
const notFor = (event: string, days: number): SegmentRuleInput => ({
  kind: 'event',
  event,
  window: { kind: 'last', amount: days, unit: 'days' },
  test: { op: 'is', value: 0 },
});

const previewRules: readonly SegmentRuleInput[] = [
  did('Order Completed', 30, 1),
  { kind: 'all', of: [did('Product Added', 60, 2), notFor('Order Completed', 60)] },
  { kind: 'any', of: [dear(90), did('Page Viewed', 7, 3)] },
  { kind: 'all', of: [dear(50), did('Product Added', 90, 1), notFor('Page Viewed', 30)] },
];

async function measurePreview(owner: ApiClient): Promise<number> {
  const times: number[] = [];
  for (const rule of [...previewRules, ...previewRules]) {
    const startedAt = performance.now();
    await owner.call<SegmentPreview>('POST', `${base}/segments/preview`, { rule });
    times.push(performance.now() - startedAt);
  }
  return percentile(times, 0.95);
}

/** A hundred as brands have them: counts in windows, silence, prices, both; one that is entered by a probe, one that is left by waiting. */
async function makeSegments(owner: ApiClient): Promise<{ enters: number; leaves: number }> {
  const make = (name: string, rule: SegmentRuleInput) =>
    owner.call<Segment>('POST', `${base}/segments`, { name, rule }).then(({ id }) => id);
  const enters = await make('Probes', { kind: 'event', event: 'Probe' });
  const leaves = await make('Probes of a moment ago', {
    kind: 'event',
    event: 'Probe',
    window: { kind: 'last', amount: stayMs / 60_000, unit: 'minutes' },
  });
  for (let at = 2; at < segments; at += 1) {
    const name = names[at % names.length]!;
    const rule = [
      did(name, 1 + (at % 90), 1 + (at % 4)),
      notFor(name, 3 + (at % 60)),
      { kind: 'all' as const, of: [did(name, 30, 1), dear(10 + (at % 80))] },
      { kind: 'any' as const, of: [notFor(name, 14), did('Product Added', at % 28 || 28, 2)] },
    ][at % 4]!;
    await make(`Segment ${at}`, rule);
  }
  for (const deadline = Date.now() + 600_000; Date.now() < deadline; ) {
    const { rows } = await owner.call<{ rows: Segment[] }>('GET', `${base}/segments?limit=100`);
    if (rows.every(({ people, computing }) => people !== null && computing === null)) return { enters, leaves };
    await sleep(1_000);
  }
  throw new Error('benchSegments: the segments were not computed within ten minutes');
}

async function measureMembership(platform: PlatformProcess, writeKey: string, enters: number, leaves: number) {
  const stores = await platform.openStores();
  const vault = await stores.vault.of(benchWorkspace);
  const answeredAt = new Map<string, number>();
  const [entered, left]: [number[], number[]] = [[], []];
  const probes = (perSecond * seconds) / probeEvery;
  let after = '0';
  const look = async () => {
    const rows = await stores.control
      .of(benchWorkspace)
      .query<{ id: string; profile_id: string; segment_id: number; entered: boolean }>(
        `select id::text, profile_id::text, segment_id, entered from segment_changes
         where workspace_id = $1 and id > $2 and segment_id = any($3) order by id`,
        [after, [enters, leaves]],
      );
    for (const row of rows) {
      after = row.id;
      const answered = answeredAt.get(row.profile_id);
      if (answered === undefined) continue;
      if (row.segment_id === enters && row.entered) entered.push(performance.now() - answered);
      if (row.segment_id === leaves && !row.entered) left.push(performance.now() - answered - stayMs);
    }
  };
  const sending = send(platform, writeKey, (user) => {
    answeredAt.set(vault.surrogate('user_id', user), performance.now());
  });
  for (const deadline = Date.now() + (seconds + 120) * 1_000; Date.now() < deadline; await sleep(25)) {
    await look();
    if (entered.length >= probes && left.length >= probes) break;
  }
  await sending;
  await stores.close();
  if (left.length < probes)
    throw new Error(`benchSegments: of ${probes} people ${entered.length} entered and ${left.length} left`);
  return { entered: percentile(entered, 0.95), left: percentile(left, 0.95) };
}

async function send(platform: PlatformProcess, writeKey: string, onProbe: (user: string) => void): Promise<void> {
  const begun = performance.now();
  const open: Promise<void>[] = [];
  for (let sent = 0; sent < perSecond * seconds; ) {
    const due = Math.min(perSecond * seconds, Math.floor(((performance.now() - begun) / 1_000) * perSecond));
    for (; sent + batchSize <= due; sent += batchSize) {
      const first = sent;
      const batch = Array.from({ length: batchSize }, (_, at) => {
        const number = first + at;
        const isProbe = number % probeEvery === 0;
        return {
          messageId: `segments-${number}`,
          type: 'track',
          event: isProbe ? 'Probe' : names[number % names.length]!,
          userId: isProbe ? `probe-${number}` : userIdOf((number * 7) % knownPeople),
          properties: {
            product_id: `sku-${number % 500}`,
            order_id: `order-${number}`,
            price: 10 + (number % 90),
            currency: 'CNY',
          },
        };
      });
      open.push(
        collect(() => platform.url, writeKey, 'batch', { batch }).then((answer) => {
          if (answer.status === 200 && first % probeEvery === 0) onProbe(`probe-${first}`);
        }),
      );
    }
    await sleep(4);
  }
  await Promise.all(open);
}
