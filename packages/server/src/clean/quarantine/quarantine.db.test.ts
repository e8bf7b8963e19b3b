import { workspaceSettingsSchema } from '@zhiyin/contract';
import pino from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { AppError } from '../../domain/app-error.ts';
import { asSourceId, type WorkspaceId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import { openTestStores, type TestStores } from '../../storage/testing.ts';
import { readBalance } from '../balance.ts';
import { startCleaner } from '../cleaner.ts';
import { callsRecord, MemoryJournal } from '../testing/memory-journal.ts';
import { discardQuarantine } from './discard-quarantine.ts';
import { listQuarantine } from './list-quarantine.ts';
import { previewRepair } from './preview-repair.ts';
import { listProperties, updateProperty } from './properties.ts';
import { deleteRepairRule, listRepairRules, updateRepairRule } from './repair-rules.ts';
import { replayQuarantine } from './replay-quarantine.ts';

let stores: TestStores;
let workspace: Workspace;
let journal: MemoryJournal;
const allJournals: MemoryJournal[] = [];
const sourceId = asSourceId(1);

beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores?.close());
beforeEach(async () => {
  workspace = workspaceOf(await stores.newWorkspace({ currency: 'CNY' }));
  journal = new MemoryJournal(`quarantine-${allJournals.length}`);
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

async function clean(overrides: Partial<TestStores> = {}): Promise<void> {
  const cleaner = startCleaner({
    journals: [journal],
    stores: { ...stores, ...overrides },
    workspaceOf,
    logger: pino({ level: 'silent' }),
    registry: new Registry(),
    dedupeDays: 8,
  });
  await cleaner.idle();
  await cleaner.stop();
  expect(await readBalance(stores.control, allJournals)).toMatchObject({ difference: 0, pending: 0 });
}

const view = (messageId: string, price: unknown, extra: object = {}) => ({
  type: 'track',
  event: 'Product Viewed',
  messageId,
  userId: 'lilei-1',
  properties: { product_id: 'p', price, ...extra },
});
const send = (...calls: unknown[]) => journal.append(callsRecord({ workspaceId: workspace.id, sourceId }, calls));
/** Nothing here came in a file. */
const imports = {
  judgeImportRows: () => Promise.reject(new Error('no rows of files in these tests')),
  replayImportRows: () => Promise.reject(new Error('no rows of files in these tests')),
};
const tools = () => ({
  journal: { append: async (record: Parameters<MemoryJournal['append']>[0]) => journal.append(record) },
  imports,
});
const list = (query: object = {}, reveal = true) =>
  listQuarantine(stores, workspace, { limit: 50, ...query }, { reveal });

async function counts(): Promise<Record<string, number>> {
  const rows = await stores.control
    .of(workspace.id)
    .query<{ outcome: string; records: string }>(
      'select outcome, sum(records) as records from ingest_counts where workspace_id = $1 group by outcome',
    );
  return Object.fromEntries(rows.map((row) => [row.outcome, Number(row.records)]));
}

test('records are found by reason, event and text, page by page, and shown in clear only to those who may', async () => {
  send(view('m1', 'cheap'), view('m2', 'dear', { email: 'han@meimei.cn' }), { ...view('m3', 1), userId: 'guest' });
  await clean();
  expect((await list()).total).toBe(3);
  expect((await list({ reason: 'blocked_identity' })).rows).toMatchObject([
    { reason: 'blocked_identity', field: 'userId' },
  ]);
  expect((await list({ event: 'Product Viewed' })).rows).toHaveLength(3);
  const [found] = (await list({ text: 'MEIMEI' })).rows;
  expect(found).toMatchObject({ reason: 'bad_type', field: 'properties.price', eventName: 'Product Viewed' });
  expect(found!.raw).toContain('han@meimei.cn');
  const [masked] = (await list({ text: 'meimei' }, false)).rows;
  expect(masked!.raw).not.toMatch(/han@meimei|lilei-1/);
  const first = await list({ limit: 2 });
  const second = await list({ limit: 2, cursor: first.nextCursor });
  expect(new Set([...first.rows, ...second.rows].map((row) => row.recordKey)).size).toBe(3);
});

test('mended and replayed records become events once, and the counts move', async () => {
  send(view('m1', 'cheap'), view('m2', 'cheap'), view('m3', 5));
  await clean();
  const request = {
    filter: { reason: 'bad_type' },
    actions: [{ do: 'set' as const, path: 'properties.price', value: 7 }],
  };
  const preview = await previewRepair(stores, workspace, request, { reveal: true }, imports);
  expect(preview).toMatchObject({ total: 2, rows: [{ outcome: 'valid' }, { outcome: 'valid' }] });
  const told: [number, number][] = [];
  const onProgress = (done: number, total: number) => void told.push([done, total]);
  expect(await replayQuarantine(stores, workspace, request, { ...tools(), onProgress })).toMatchObject({ records: 2 });
  expect(told).toEqual([[2, 2]]);
  // Asked for twice before cleaning came to it: kept once.
  await replayQuarantine(stores, workspace, request, tools());
  await clean();
  expect(await counts()).toEqual({ valid: 3, quarantined: 0 });
  expect((await list()).rows).toEqual([]);
  expect((await list({ state: 'replayed' })).rows).toHaveLength(2);
  const { rows } = await stores.events.read<{ n: string }>(workspace.id, {
    name: 't',
    sql: 'select count() as n from @events',
  });
  expect(Number(rows[0]!.n)).toBe(3);
});

test('a replay that does not mend leaves the record where it is and says why', async () => {
  send(view('m1', 'cheap'));
  await clean();
  const actions = [
    { do: 'remove' as const, path: 'properties.price' },
    { do: 'remove' as const, path: 'properties.product_id' },
  ];
  await replayQuarantine(stores, workspace, { filter: {}, actions }, tools());
  await clean();
  expect((await list()).rows).toMatchObject([
    { reason: 'bad_type', state: 'open', detail: expect.stringContaining('missing_property') },
  ]);
  expect(await counts()).toEqual({ quarantined: 1 });
});

test('a rule that was kept mends what arrives from then on, until it is switched off', async () => {
  send(view('m1', 'cheap'));
  await clean();
  const request = {
    filter: { reason: 'bad_type' },
    actions: [{ do: 'remove' as const, path: 'properties.price' }],
    keepAs: 'no words',
  };
  await replayQuarantine(stores, workspace, request, tools());
  send(view('m2', 'dear'));
  await clean();
  expect(await counts()).toEqual({ valid: 2, quarantined: 0 });
  const [rule] = await listRepairRules(stores, workspace);
  expect(rule).toMatchObject({ name: 'no words', enabled: true, matches: { reason: 'bad_type' } });
  expect(await updateRepairRule(stores, workspace, rule!.id, { enabled: false })).toMatchObject({ enabled: false });
  send(view('m3', 'dear'));
  await clean();
  expect(await counts()).toEqual({ valid: 2, quarantined: 1 });
  await deleteRepairRule(stores, workspace, rule!.id);
  await expect(deleteRepairRule(stores, workspace, rule!.id)).rejects.toThrow('no repair rule');
});

test('discarded records leave the list and stay counted', async () => {
  send(view('m1', 'cheap'), view('m2', 'dear'));
  await clean();
  expect(await discardQuarantine(stores, workspace, { text: 'dear' })).toMatchObject({ records: 1 });
  expect((await list()).rows).toHaveLength(1);
  expect((await list({ state: 'discarded' })).rows).toHaveLength(1);
  expect(await counts()).toEqual({ quarantined: 2 });
});

test('a replay that comes after a discard keeps nothing, and the message can still be sent mended', async () => {
  send(view('m1', 'cheap'));
  await clean();
  const request = { filter: {}, actions: [{ do: 'set' as const, path: 'properties.price', value: 7 }] };
  await replayQuarantine(stores, workspace, request, tools());
  await discardQuarantine(stores, workspace, {});
  await clean();
  expect(await counts()).toEqual({ quarantined: 1 });
  send(view('m1', 7));
  await clean();
  expect(await counts()).toEqual({ valid: 1, quarantined: 1 });
});

test('rows that the store refuses are found one by one; all others are kept, and the refused can be sent again', async () => {
  const events = new Proxy(stores.events, {
    get(target, key, receiver) {
      if (key !== 'append') return Reflect.get(target, key, receiver);
      return async (...[table, rows, token]: Parameters<typeof target.append>) => {
        const sent = 'pieces' in rows ? Buffer.concat(rows.pieces).toString() : JSON.stringify(rows);
        if (table === 'events' && sent.includes('"poisonous"'))
          throw new AppError('storage.refused', 'Cannot parse input');
        await target.append(table, rows, token);
      };
    },
  });
  send(view('m1', 1), view('m2', 2, { note: 'poisonous' }), view('m3', 3), view('m4', 4));
  await clean({ events });
  expect((await list()).rows).toMatchObject([{ reason: 'store_refused' }]);
  expect(await counts()).toEqual({ valid: 3, quarantined: 1 });
  await replayQuarantine(stores, workspace, { filter: {}, actions: [] }, tools());
  await clean();
  expect(await counts()).toEqual({ valid: 4, quarantined: 0 });
});

test('properties that were seen are listed, and what an operator decides holds', async () => {
  send(view('m1', 1, { receiver: '李雷', taste: 'sweet' }));
  await clean();
  expect(await listProperties(stores, workspace)).toContainEqual(
    expect.objectContaining({
      property: 'properties.receiver',
      class: 'name',
      action: 'vault',
      decidedHere: false,
      records: 1,
    }),
  );
  expect(await updateProperty(stores, workspace, { property: 'properties.taste', action: 'remove' })).toMatchObject({
    class: 'custom',
    action: 'remove',
    decidedHere: true,
  });
  send(view('m2', 1, { taste: 'sour' }));
  await clean();
  const { rows } = await stores.events.read<{ properties: unknown }>(workspace.id, {
    name: 't',
    sql: 'select properties from @events',
  });
  expect(JSON.stringify(rows)).not.toContain('sour');
});
