import { workspaceSettingsSchema } from '@zhiyin/contract';
import pg from 'pg';
import pino from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { asSourceId, type WorkspaceId } from '../domain/ids.ts';
import type { Workspace } from '../domain/workspace.ts';
import { cleanerPauseLockKey } from '../storage/control/pause-lock.ts';
import { openTestStores, type TestStores } from '../storage/testing.ts';
import { readBalance } from './balance.ts';
import { startCleaner } from './cleaner.ts';
import { callsRecord, MemoryJournal } from './testing/memory-journal.ts';

let stores: TestStores;
let workspaceId: WorkspaceId;
let journal: MemoryJournal;
const allJournals: MemoryJournal[] = [];
const sourceId = asSourceId(1);

beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores?.close());
beforeEach(async () => {
  workspaceId = await stores.newWorkspace({ currency: 'CNY', timeZone: 'Asia/Shanghai' });

  journal = new MemoryJournal(`test-${allJournals.length}`);
  allJournals.push(journal);
});

const workspaceOf = (id: WorkspaceId): Workspace => ({
  id,
  name: 'brand',
  timeZone: 'Asia/Shanghai',
  currency: 'CNY',
  locale: 'en',
  isDemo: false,
  createdAt: new Date(0),
  settings: workspaceSettingsSchema.parse({}),
});

function start(overrides: Partial<TestStores> = {}) {
  return startCleaner({
    journals: [journal],
    stores: { ...stores, ...overrides },
    workspaceOf,
    logger: pino({ level: 'silent' }),
    registry: new Registry(),
    dedupeDays: 8,
  });
}

async function clean(overrides: Partial<TestStores> = {}) {
  const cleaner = start(overrides);
  await cleaner.idle();
  await cleaner.stop();
  return cleaner;
}

async function read<Row>(sql: string): Promise<Row[]> {
  return (await stores.events.read<Row>(workspaceId, { name: 'test', sql })).rows;
}

const at = (minute: number) => new Date(Date.UTC(2026, 4, 1, 0, minute)).toISOString();
const track = (
  id: string,
  event: string,
  properties: Record<string, unknown> = {},
  who: object = { userId: 'u-1' },
) => ({
  type: 'track',
  messageId: id,
  event,
  properties,
  timestamp: at(0),
  ...who,
});

test('valid, duplicate and refused records end where they belong and the balance holds', async () => {
  journal.append(
    callsRecord({ workspaceId, sourceId }, [
      track('m1', 'Order Completed', { orderId: 'o1', products: [{ product_id: 'p1', price: '¥12.50', quantity: 2 }] }),
      track('m2', 'Own Event', { note: 'call me at 13800138000' }),
      track('m2', 'Own Event'),
      track('m3', 'x', {}, { userId: 'guest' }),
      'no object',
    ]),
  );
  journal.append(
    callsRecord({ workspaceId, sourceId }, [track('m1', 'Order Completed', { order_id: 'o1', total: 25 })]),
  );
  await clean();
  const events = await read<{ name: string; properties: unknown }>(
    'select name, properties from @events order by name',
  );
  expect(events.map((row) => row.name)).toEqual(['Own Event', 'order_completed']);
  expect(JSON.stringify(events)).not.toContain('13800138000');
  expect(await read('select order_id, item_id, amount_minor, quantity, unit_price from @order_lines')).toMatchObject([
    { order_id: 'o1', item_id: 'p1', amount_minor: '2500' },
  ]);
  expect(
    (await read<{ reason: string }>('select reason from @quarantine order by reason')).map((row) => row.reason),
  ).toEqual(['blocked_identity', 'not_an_object']);
  expect(await readBalance(stores.control, allJournals)).toMatchObject({ difference: 0, pending: 0 });
});

test('an anonymous visitor becomes a known person, in both stores', async () => {
  const anonymous = { anonymousId: 'a-1' };
  journal.append(callsRecord({ workspaceId, sourceId }, [{ ...track('m1', 'seen', {}, anonymous), type: 'page' }]));
  journal.append(
    callsRecord({ workspaceId, sourceId }, [
      {
        type: 'identify',
        messageId: 'm2',
        userId: 'u-1',
        anonymousId: 'a-1',
        traits: { email: 'Li@x.com', city: '上海' },
        timestamp: at(5),
      },
    ]),
  );
  await clean();
  const vault = await stores.vault.of(workspaceId);
  const people = await read<{ profile_id: string }>(
    'select distinct toString(profile_id) as profile_id from @person_events',
  );
  expect(people).toEqual([{ profile_id: vault.surrogate('user_id', 'u-1') }]);
  expect(await read('select name, value from @traits')).toEqual([{ name: 'city', value: '"上海"' }]);
  expect(await vault.find('li@X.com', 5)).toContain(vault.surrogate('email', 'li@x.com'));
});

test('an order that two senders report counts once, crash or not, and its events stay', async () => {
  const products = [
    { product_id: 'tea', price: 52, quantity: 2 },
    { product_id: 'cup', price: 8 },
  ];
  const order = (id: string, properties: object) => track(id, 'Order Completed', { order_id: 'A1', ...properties });
  const server = asSourceId(2);
  journal.append(callsRecord({ workspaceId, sourceId }, [order('b1', { products }), order('b2', { products })]));
  journal.append(callsRecord({ workspaceId, sourceId: server }, [order('s1', { total: 112 })]));
  let failures = 1;
  const events = new Proxy(stores.events, {
    get: (target, key, receiver) =>
      key !== 'append'
        ? Reflect.get(target, key, receiver)
        : async (...given: Parameters<typeof target.append>) => {
            await target.append(...given);
            if (failures-- > 0) throw new Error('crash after append');
          },
  });
  await clean({ events });
  const gift = { product_id: 'gift', price: 1, quantity: 1 };
  journal.append(callsRecord({ workspaceId, sourceId }, [order('b3', { products: [...products, gift] })]));
  journal.append(callsRecord({ workspaceId, sourceId }, [order('b4', { order_id: 'A2', total: 5 })]));
  await clean();
  expect(
    await read(
      'select order_id, item_id, amount_minor, quantity from @order_lines order by order_id, amount_minor desc',
    ),
  ).toMatchObject([
    { order_id: 'A1', item_id: 'tea', amount_minor: '10400' },
    { order_id: 'A1', item_id: 'cup', amount_minor: '800' },
    { order_id: 'A1', item_id: 'gift', amount_minor: '100' },
    { order_id: 'A2', item_id: '', amount_minor: '500' },
  ]);
  expect(await read("select count() as all, countIf(has(repairs, 'order:repeated')) as repeated from @events")).toEqual(
    [{ all: '5', repeated: '3' }],
  );
  const counted = await stores.control
    .of(workspaceId)
    .query<{ repair: string; records: string }>(
      'select repair, sum(records) as records from repair_counts where workspace_id = $1 group by repair order by repair',
    );
  expect(counted.find((row) => row.repair === 'order:repeated')?.records).toBe('3');
  expect(await readBalance(stores.control, allJournals)).toMatchObject({ difference: 0, pending: 0 });
});

test('a crash at any point of a chunk neither loses nor doubles anything', async () => {
  const calls = Array.from({ length: 40 }, (_, i) =>
    track(`c${i % 30}`, 'Own', { i }, { userId: `u${i % 7}`, anonymousId: `a${i % 5}` }),
  );
  for (let i = 0; i < calls.length; i += 8)
    journal.append(callsRecord({ workspaceId, sourceId }, calls.slice(i, i + 8)));
  for (const crash of ['before append', 'after append', 'before commit', 'after commit'] as const) {
    let armed = true;
    const fail = () => {
      if (!armed) return;
      armed = false;
      throw new Error(`crash ${crash}`);
    };
    let transactions = 0;
    const control = new Proxy(stores.control, {
      get(target, key, receiver) {
        if (key !== 'transaction') return Reflect.get(target, key, receiver);
        return async (work: Parameters<typeof target.transaction>[0]) => {
          transactions += 1;
          if (transactions === 2 && crash === 'before commit') fail();
          const result = await target.transaction(work);
          if (transactions === 2 && crash === 'after commit') fail();
          return result;
        };
      },
    });
    const events = new Proxy(stores.events, {
      get(target, key, receiver) {
        if (key !== 'append') return Reflect.get(target, key, receiver);
        return async (...given: Parameters<typeof target.append>) => {
          if (crash === 'before append') fail();
          await target.append(...given);
          if (crash === 'after append') fail();
        };
      },
    });
    await clean({ control, events });
    journal.append(callsRecord({ workspaceId, sourceId }, [track(`more ${crash}`, 'Own')]));
  }
  await clean();
  const [row] = await read<{ all: string; different: string }>(
    'select count() as all, uniqExact(message_key) as different from @events',
  );
  expect([Number(row!.all), Number(row!.different)]).toEqual([34, 34]);
  expect(await readBalance(stores.control, allJournals)).toMatchObject({ difference: 0, pending: 0 });
});

test('who holds the pause lock finds the stores at rest, and cleaning goes on afterwards', async () => {
  const client = new pg.Client({ connectionString: stores.control.connectionString });
  await client.connect();
  await client.query('select pg_advisory_lock($1::bigint)', [cleanerPauseLockKey]);
  journal.append(callsRecord({ workspaceId, sourceId }, [track('m1', 'Own')]));
  const cleaner = start();
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(cleaner.status().recordsCleaned).toBe(0);
  await client.end();
  await cleaner.idle();
  expect(cleaner.status().recordsCleaned).toBe(1);
  await cleaner.stop();
});

test('two workers on one journal keep every record once', async () => {
  for (let i = 0; i < 20; i += 1) journal.append(callsRecord({ workspaceId, sourceId }, [track(`m${i}`, 'Own')]));
  const workers = [start(), start()];
  await Promise.all(workers.map((worker) => worker.idle()));
  await Promise.all(workers.map((worker) => worker.stop()));
  expect(workers.map((worker) => worker.status().recordsCleaned).sort((a, b) => a - b)).toEqual([0, 20]);
  expect(await read('select count() as n from @events')).toEqual([{ n: '20' }]);
});

test('pushed reviews and ad spend are stored, and the same ones again replace', async () => {
  const common = { ...callsRecord({ workspaceId, sourceId }, []), count: 1 };
  for (const rating of [3, 4]) {
    const body = Buffer.from(
      JSON.stringify({ reviews: [{ reviewId: 'r', itemId: 'p', userId: 'u-1', rating, text: '好 13800138000' }] }),
    );
    journal.append({ ...common, kind: 'reviews', body, receivedAt: new Date(Date.now() + rating) });
    const spend = Buffer.from(
      JSON.stringify({ spend: [{ day: '2026-05-01', mediaChannel: 'wechat', spend: `¥${rating}.50`, clicks: '7' }] }),
    );
    journal.append({ ...common, kind: 'spend', body: spend, receivedAt: new Date(Date.now() + rating) });
  }
  await clean();
  expect(await read('select rating, text, language from @reviews')).toEqual([
    { rating: 4, text: '好 [phone]', language: 'zh' },
  ]);
  expect(await read('select spend_minor, clicks from @ad_spend')).toEqual([{ spend_minor: '450', clicks: '7' }]);
});
