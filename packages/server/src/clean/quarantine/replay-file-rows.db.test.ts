import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  cancelImport,
  createImport,
  getImport,
  type ImportDeps,
  judgeImportRows,
  receiveImportFile,
  replayImportRows,
  runImport,
  sendQueuedImports,
  startImport,
} from '../../collect/import/index.ts';
import { act, noJournal, recordingPorts, testDeps, testWorkspace, upload } from '../../collect/import/testing.ts';
import { addDays, dayOf } from '../../domain/calendar.ts';
import type { Workspace } from '../../domain/workspace.ts';
import { openTestStores, type TestStores } from '../../storage/testing.ts';
import { readBalance } from '../balance.ts';
import { discardQuarantine } from './discard-quarantine.ts';
import { listQuarantine } from './list-quarantine.ts';
import { previewRepair } from './preview-repair.ts';
import { removeOldQuarantine } from './remove-old-quarantine.ts';
import { listRepairRules } from './repair-rules.ts';
import { replayQuarantine } from './replay-quarantine.ts';
import type { ImportReplay } from './replay-tools.ts';

let stores: TestStores;
let workspace: Workspace;
let deps: ImportDeps;
/** Imports whose job was sent and has not run. */
let queue: Set<number>;

beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores?.close());
beforeEach(async () => {
  const here = { timeZone: 'Asia/Shanghai', currency: 'CNY' };
  workspace = testWorkspace(await stores.newWorkspace(here), here);
  deps = testDeps(stores, recordingPorts());
  queue = new Set();
});

const jobs = {
  send: async (_name: string, { importId }: { importId: number }) => {
    queue.add(importId);
    return String(importId);
  },
};
const imports: ImportReplay = {
  judgeImportRows: (_, own, importId, rows) => judgeImportRows(stores, deps, own, importId, rows),
  async replayImportRows(_, own, rows) {
    const replayed = await replayImportRows(stores, deps, own, rows);
    await sendQueuedImports(stores, jobs, own.id);
    return replayed;
  },
};
const tools = { journal: noJournal, imports };
const options = () => ({ signal: new AbortController().signal, journal: noJournal });

async function importFile(text: string, kind: 'orders' | 'events' | 'catalogue' = 'orders') {
  const created = await createImport(stores, workspace, { fileName: 'x.csv', kind }, act);
  await receiveImportFile(stores, deps, workspace, created.id, upload(text), act);
  await startImport(stores, workspace, created.id, act);
  await runImport(stores, deps, workspace, created.id, options());
  return getImport(stores, workspace, created.id);
}

async function runQueue() {
  for (const importId of queue) await runImport(stores, deps, workspace, importId, options());
  queue.clear();
}

const open = async () => (await listQuarantine(stores, workspace, { limit: 50 }, { reveal: true })).rows;
const view = { reveal: true };
const header = 'order_id,user_id,date,sku,qty,price\n';
const good = '1,u1,2024-01-02 10:00:00,A,1,2.50\n';

async function counts() {
  const own = stores.control.of(workspace.id);
  const rows = await own.query<{ outcome: string; records: string }>(
    'select outcome, sum(records) as records from ingest_counts where workspace_id = $1 group by outcome',
  );
  const [{ received }] = (await own.query<{ received: string }>(
    'select coalesce(sum(received_direct), 0) as received from imports where workspace_id = $1',
  )) as [{ received: string }];
  const found: Record<string, number> = Object.fromEntries(rows.map((row) => [row.outcome, Number(row.records)]));
  const sum = Object.values(found).reduce((total, n) => total + n, 0);
  expect(sum).toBe(Number(received));
  expect(await readBalance(stores.control, [])).toMatchObject({ difference: 0 });
  return found;
}

async function orders() {
  const { rows } = await stores.events.read<{ order_id: string; amount_minor: string }>(workspace.id, {
    name: 't',
    sql: 'select order_id, amount_minor from @order_lines order by order_id',
  });
  return rows.map((row) => `${row.order_id}:${row.amount_minor}`);
}

const setPrice = { do: 'replace' as const, path: 'price', find: 'nine', with: '9' };
const setCustomer = { do: 'default' as const, path: 'user_id', value: 'walk-in' };

test('a bad amount and a missing customer are mended, imported and counted once', async () => {
  const done = await importFile(`${header}${good}2,u2,2024-01-02,B,1,nine\n3,,2024-01-03,C,2,4\n`);
  expect(done.error).toBeNull();
  expect(done.report).toMatchObject({ accepted: 1, quarantined: 2 });
  const request = { filter: { importId: done.id }, actions: [setPrice, setCustomer] };
  const preview = await previewRepair(stores, workspace, request, view, imports);
  expect(preview.rows.map(({ outcome, after }) => [outcome, JSON.parse(after)])).toEqual(
    expect.arrayContaining([
      ['valid', expect.objectContaining({ order_id: '2', price: '9' })],
      ['valid', expect.objectContaining({ order_id: '3', user_id: 'walk-in' })],
    ]),
  );
  expect(await counts()).toEqual({ valid: 1, quarantined: 2 });

  expect(await replayQuarantine(stores, workspace, request, tools)).toMatchObject({ records: 2 });
  expect(await counts()).toEqual({ valid: 1, quarantined: 0 });
  await runQueue();
  expect(await orders()).toEqual(['1:250', '2:900', '3:800']);
  expect(await open()).toEqual([]);
  expect(await counts()).toEqual({ valid: 3, quarantined: 0 });

  expect(await replayQuarantine(stores, workspace, request, tools)).toMatchObject({ records: 0 });
  await runQueue();
  expect(await orders()).toHaveLength(3);
  expect(await counts()).toEqual({ valid: 3, quarantined: 0 });
});

test('a row that mending does not make good stays where it is and says why', async () => {
  const done = await importFile(`${header}${good}2,u2,2024-01-02,B,1,nine\n3,,2024-01-03,C,2,4\n`);
  const request = { filter: { importId: done.id }, actions: [setPrice] };
  const preview = await previewRepair(stores, workspace, request, view, imports);
  expect(preview.rows.map(({ outcome, reason }) => [outcome, reason]).sort()).toEqual([
    ['quarantined', 'missing_identity'],
    ['valid', null],
  ]);
  expect(await replayQuarantine(stores, workspace, request, tools)).toMatchObject({ records: 1 });
  await runQueue();
  expect(await open()).toMatchObject([
    { reason: 'missing_identity', detail: expect.stringContaining('tried again: missing_identity'), state: 'open' },
  ]);
  expect(await counts()).toEqual({ valid: 2, quarantined: 1 });
});

test('a line that was no row can be mended as text', async () => {
  await importFile(`${header}${good}2,u2,2024-01-02,"B"x,1,3\n`);
  const unreadable = { filter: { reason: 'unreadable_row' }, actions: [] };
  expect((await previewRepair(stores, workspace, unreadable, view, imports)).rows).toMatchObject([
    { outcome: 'quarantined', reason: 'unreadable_row' },
  ]);
  const actions = [{ do: 'replace' as const, path: '_line', find: '"B"x', with: 'Bx' }];
  await replayQuarantine(stores, workspace, { ...unreadable, actions }, tools);
  await runQueue();
  expect(await orders()).toEqual(['1:250', '2:300']);
  expect(await counts()).toEqual({ valid: 2, quarantined: 0 });
});

test('a mended row that equals one which is there is a duplicate', async () => {
  await importFile(`${header}${good}1,u1,2024-01-02 10:00:00,A,1,two\n`);
  const actions = [{ do: 'set' as const, path: 'price', value: 2.5 }];
  const preview = await previewRepair(stores, workspace, { filter: {}, actions }, view, imports);
  expect(preview.rows).toMatchObject([{ outcome: 'duplicate' }]);
  await replayQuarantine(stores, workspace, { filter: {}, actions }, tools);
  await runQueue();
  expect(await orders()).toEqual(['1:250']);
  expect(await counts()).toEqual({ valid: 1, duplicate: 1, quarantined: 0 });
});

test('two that replay the same rows at the same time bring them in once', async () => {
  await importFile(`${header}2,u2,2024-01-02,B,1,nine\n3,u3,2024-01-03,C,2,nine\n`);
  const request = { filter: {}, actions: [setPrice] };
  const replays = await Promise.all([1, 2].map(() => replayQuarantine(stores, workspace, request, tools)));
  expect(replays.reduce((sum, { records }) => sum + records, 0)).toBe(2);
  await runQueue();
  expect(await orders()).toEqual(['2:900', '3:1800']);
  expect(await counts()).toEqual({ valid: 2, quarantined: 0 });
});

test('a replay that stops before its records are closed or its job is sent goes on with the next one', async () => {
  await importFile(`${header}2,u2,2024-01-02,B,1,nine\n`);
  const request = { filter: {}, actions: [setPrice] };
  const broken: TestStores = {
    ...stores,
    events: new Proxy(stores.events, {
      get: (target, key, receiver) =>
        key === 'transform' ? () => Promise.reject(new Error('killed')) : Reflect.get(target, key, receiver),
    }),
  };
  const dying: ImportReplay = {
    ...imports,
    replayImportRows: (_, own, rows) => replayImportRows(broken, deps, own, rows),
  };
  await expect(replayQuarantine(stores, workspace, request, { ...tools, imports: dying })).rejects.toThrow('killed');
  expect(await open()).toHaveLength(1);
  expect(await counts()).toEqual({ quarantined: 0 });
  expect(await replayQuarantine(stores, workspace, request, tools)).toMatchObject({ records: 0 });
  expect(await open()).toEqual([]);
  await runQueue();
  expect(await orders()).toEqual(['2:900']);
  expect(await counts()).toEqual({ valid: 1, quarantined: 0 });
});

test('rows of a cancelled replay are in quarantine again', async () => {
  await importFile(`${header}${good}2,u2,2024-01-02,B,1,nine\n`);
  const request = { filter: {}, actions: [setPrice] };
  await replayQuarantine(stores, workspace, request, tools);
  expect(await open()).toEqual([]);
  const [importId] = [...queue];
  await cancelImport(stores, deps, workspace, importId!, act);
  expect(await open()).toMatchObject([{ reason: 'bad_amount' }]);
  expect(await counts()).toEqual({ valid: 1, quarantined: 1 });
  await replayQuarantine(stores, workspace, request, tools);
  await runQueue();
  expect(await orders()).toEqual(['1:250', '2:900']);
  expect(await counts()).toEqual({ valid: 2, quarantined: 0 });
});

test('events and items of files are mended the same way', async () => {
  await importFile('event,timestamp,user_id,message_id,price,Unit.Weight\nview,2024-01-02,u1,m1,nine,3\n', 'events');
  await importFile('item_id,name,price\nA1,Cup,nine\nA2,Pot,12\n', 'catalogue');
  expect(await open()).toHaveLength(2);
  const actions = [setPrice, { do: 'set' as const, path: 'Unit.Weight', value: '4' }];
  await replayQuarantine(stores, workspace, { filter: {}, actions }, tools);
  await runQueue();
  expect(await open()).toEqual([]);
  const { rows: events } = await stores.events.read<{ properties: object }>(workspace.id, {
    name: 't',
    sql: 'select properties from @events',
  });
  expect(JSON.stringify(events)).toContain('"price"');
  const { rows: items } = await stores.events.read<{ item_id: string; price_minor: string }>(workspace.id, {
    name: 't',
    sql: 'select item_id, price_minor from @items order by item_id',
  });
  expect(items.map((item) => `${item.item_id}:${item.price_minor}`)).toEqual(['A1:900', 'A2:1200']);
  expect(await counts()).toMatchObject({ quarantined: 0 });
});

test('rows of files make no rule, and the answer says so', async () => {
  await importFile(`${header}2,u2,2024-01-02,B,1,nine\n`);
  const request = { filter: {}, actions: [setPrice], keepAs: 'words for numbers' };
  const answer = await replayQuarantine(stores, workspace, request, tools);
  expect(answer.note).toMatch(/rules apply to events/);
  expect(await listRepairRules(stores, workspace)).toEqual([]);
});

test('closed records go after their retention, and open ones never', async () => {
  await importFile(`${header}2,u2,2024-01-02,B,1,nine\n3,,2024-01-02,B,1,1\n4,,2024-01-02,B,1,1\n`);
  await replayQuarantine(stores, workspace, { filter: { reason: 'bad_amount' }, actions: [setPrice] }, tools);
  await discardQuarantine(stores, workspace, { text: '"4"' });
  const left = async () => {
    const { rows } = await stores.events.read<{ state: string }>(workspace.id, {
      name: 't',
      sql: 'select state from @quarantine order by state',
    });
    return rows.map((row) => row.state);
  };
  const today = dayOf(new Date(), 'UTC');
  await removeOldQuarantine(stores, 90, new Date(addDays(today, 89)));
  expect(await left()).toEqual(['discarded', 'open', 'replayed']);
  await removeOldQuarantine(stores, 90, new Date(addDays(today, 92)));
  expect(await left()).toEqual(['open']);
});
