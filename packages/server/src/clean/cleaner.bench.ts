import { workspaceSettingsSchema } from '@zhiyin/contract';
import { batches, createMarket, defaultMarketOptions } from '@zhiyin/market';
import pino from 'pino';
import { Registry } from 'prom-client';
import type { JournalRecord } from '../collect/journal/journal.ts';
import { asImportId, asSourceId, type WorkspaceId } from '../domain/ids.ts';
import type { Workspace } from '../domain/workspace.ts';
import type { Measurement } from '../measurement.ts';
import { openTestStores, type TestStores } from '../storage/testing.ts';
import { type Cleaner, startCleaner } from './cleaner.ts';
import { callsRecord, MemoryJournal } from './testing/memory-journal.ts';

/** People of the synthetic market: about 100,000 events. */
const people = 3_000;
const singles = 20;
const sourceId = asSourceId(1);

/** Events a second from the journal to both stores against reading the same bodies and nothing else, and the wait of one event. */
export async function benchCleaner(): Promise<Measurement[]> {
  const stores = await openTestStores();
  const workspaceId = await stores.newWorkspace({ currency: 'CNY', timeZone: 'Asia/Shanghai' });
  const records = marketRecords(workspaceId);
  const events = records.reduce((sum, record) => sum + record.count, 0);
  const journal = new MemoryJournal('bench');
  for (const record of records) journal.append(record);
  let wake = () => {};
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  const cleaner = start(stores, journal, workspaceId, (wakeOne) => {
    wake = wakeOne;
  });
  try {
    await cleaner.idle();
    const seconds = (performance.now() - startedAt) / 1000;
    const spent = process.cpuUsage(cpu);
    const value = events / seconds;
    const baseline = events / measureParsing(records);
    const waits = await measureSingles(journal, cleaner, workspaceId, () => wake());
    const p95 = waits[Math.floor(waits.length * 0.95)] ?? Number.POSITIVE_INFINITY;
    const microseconds = (spent.user + spent.system) / events;
    return [
      {
        name: 'clean: events/s from the journal to both stores, against parsing alone',
        value,
        unit: 'events/s',
        baseline,
        ratio: value / baseline,
        bound: '>= 10000 events/s',
        passed: value >= 10_000,
      },
      {
        name: 'clean: CPU of the worker per event',
        value: microseconds,
        unit: 'µs',
        bound: '<= 50 µs',
        passed: microseconds <= 50,
      },
      {
        name: 'clean: p95 from one event to both stores',
        value: p95,
        unit: 'ms',
        bound: '< 300 ms',
        passed: p95 < 300,
      },
    ];
  } finally {
    await cleaner.stop();
    await stores.close();
  }
}

function marketRecords(workspaceId: WorkspaceId): JournalRecord[] {
  const market = createMarket({ ...defaultMarketOptions, people, endDay: new Date().toISOString().slice(0, 10) });
  const records: JournalRecord[] = [];
  const untilMs = Date.now();
  for (const { kind, body, count } of batches(market, { bytesMax: 400_000, eventsMax: 500, untilMs })) {
    if (kind !== 'events') continue;
    const empty = callsRecord({ workspaceId, sourceId }, []);
    records.push({ ...empty, importId: asImportId(0), count, body: Buffer.from(body) });
  }
  return records;
}

function start(
  stores: TestStores,
  journal: MemoryJournal,
  workspaceId: WorkspaceId,
  onWake: (wake: () => void) => void,
): Cleaner {
  const workspace: Workspace = {
    id: workspaceId,
    name: 'bench',
    timeZone: 'Asia/Shanghai',
    currency: 'CNY',
    locale: 'zh-CN',
    isDemo: false,
    createdAt: new Date(),
    settings: workspaceSettingsSchema.parse({}),
  };
  return startCleaner({
    journals: [journal],
    stores,
    workspaceOf: () => workspace,
    logger: pino({ level: 'warn' }),
    registry: new Registry(),
    dedupeDays: 8,
    onWake,
  });
}

/** Seconds that the bodies take to become objects. */
function measureParsing(records: readonly JournalRecord[]): number {
  const startedAt = performance.now();
  for (const { body } of records) JSON.parse(body.toString('utf8'));
  return (performance.now() - startedAt) / 1000;
}

/** Milliseconds from the append of one event until it is in both stores, sorted. */
async function measureSingles(
  journal: MemoryJournal,
  cleaner: Cleaner,
  workspaceId: WorkspaceId,
  wake: () => void,
): Promise<number[]> {
  const waits: number[] = [];
  for (let i = 0; i < singles; i += 1) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    const before = cleaner.status().recordsCleaned;
    const call = {
      type: 'track',
      event: 'Bench',
      messageId: `single-${i}`,
      userId: 'u',
      timestamp: new Date().toISOString(),
    };
    const startedAt = performance.now();
    journal.append(callsRecord({ workspaceId, sourceId }, [call]));
    wake();
    while (cleaner.status().recordsCleaned === before) await new Promise((resolve) => setTimeout(resolve, 2));
    waits.push(performance.now() - startedAt);
  }
  return waits.sort((a, b) => a - b);
}
