import { setTimeout as wait } from 'node:timers/promises';
import type { ImportKind } from '@zhiyin/contract';
import pino from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readBalance } from '../../clean/balance.ts';
import { type Cleaner, startCleaner } from '../../clean/index.ts';
import { MemoryJournal } from '../../clean/testing/memory-journal.ts';
import type { Workspace } from '../../domain/workspace.ts';
import { openTestStores, type TestStores } from '../../storage/testing.ts';
import type { JournalWriter } from '../journal/journal.ts';
import type { ImportDeps, ImportProgress } from './import-deps.ts';
import { cancelImport, getImport, startImport } from './manage-imports.ts';
import { previewImport } from './preview-import.ts';
import { createImport, receiveImportFile } from './receive-import.ts';
import { runImport } from './run-import.ts';
import { act, noJournal, recordingPorts, testDeps, testWorkspace, upload } from './testing.ts';

let stores: TestStores;
let workspace: Workspace;
let deps: ImportDeps;
let journal: MemoryJournal;
const journals: MemoryJournal[] = [];

beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores?.close());
beforeEach(async () => {
  workspace = testWorkspace(await stores.newWorkspace());
  deps = testDeps(stores, recordingPorts());
  journal = new MemoryJournal(`restart-${journals.length}`);
  journals.push(journal);
});

/** The journal of a worker. `after` is called with the number of each append, when the record is durable. */
function writer(after: (appended: number) => void = () => {}): JournalWriter {
  let appended = 0;
  return {
    ...noJournal,
    id: journal.id,
    async append(record) {
      const position = journal.append(record);
      appended += 1;
      after(appended);
      return position;
    },
    status: () => ({
      bytesWaiting: 0,
      recordsTotal: journal.records.reduce((sum, record) => sum + record.count, 0),
      oldestWaitingAt: null,
    }),
  };
}

async function whileCleaning<T>(work: () => Promise<T>): Promise<T> {
  const cleaner: Cleaner = startCleaner({
    journals: [journal],
    stores,
    workspaceOf: (id) => testWorkspace(id),
    logger: pino({ level: 'silent' }),
    registry: new Registry(),
    dedupeDays: 8,
  });
  try {
    const result = await work();
    await cleaner.idle();
    return result;
  } finally {
    await cleaner.stop();
  }
}

async function queue(kind: ImportKind, text: string): Promise<number> {
  const created = await createImport(stores, workspace, { fileName: `${kind}.csv`, kind }, act);
  await receiveImportFile(stores, deps, workspace, created.id, upload(text), act);
  await startImport(stores, workspace, created.id, act);
  return created.id;
}

const run = (importId: number, own: JournalWriter = writer(), signal = new AbortController().signal) =>
  runImport(stores, deps, workspace, importId, { signal, journal: own });

/** Dies when an append is durable and before anybody was told. */
async function runUntilKilled(importId: number, appends: number) {
  const killing = new AbortController();
  const dying = writer((appended) => {
    if (appended < appends) return;
    killing.abort(new Error('killed'));
    throw new Error('killed');
  });
  await expect(run(importId, dying, killing.signal)).rejects.toThrow();
  expect(await getImport(stores, workspace, importId)).toMatchObject({ state: 'running' });
}

async function counts(importId: number): Promise<Record<string, number>> {
  const rows = await stores.control.of(workspace.id).query<{ outcome: string; own: string; all: string }>(
    `select outcome, sum(records) as own, (select sum(records) from ingest_counts i where i.workspace_id = $1 and i.outcome = c.outcome) as all
         from import_counts c where workspace_id = $1 and import_id = $2 group by outcome order by outcome`,
    [importId],
  );
  for (const row of rows) expect(row.all).toBe(row.own);
  return Object.fromEntries(rows.map((row) => [row.outcome, Number(row.own)]));
}

const read = async (sql: string) => (await stores.events.read(workspace.id, { name: 'test', sql })).rows;
const balance = () => readBalance(stores.control, journals);
const numbers = (n: number) => Array.from({ length: n }, (_, i) => i);

/** 2300 rows, 3 of them twice, one that says nothing about who it is. */
const customers = `user_id,email,city\n${numbers(2_299)
  .map((i) => (i === 1_200 ? ',,nowhere' : `c${i % 2_296},c${i % 2_296}@example.com,Hangzhou`))
  .join('\n')}\n,,elsewhere\n`;
const reviews = `review_id,item_id,user_id,rating,text,timestamp\n${numbers(1_700)
  .map((i) => `r${i},A${i % 9},u${i},5,${i === 900 ? '' : `good ${i}`},2026-01-02 10:00:00`)
  .join('\n')}\n`;
const spend = `day,media_channel,campaign,spend,currency\n${numbers(1_200)
  .map((i) => `2026-01-${String((i % 28) + 1).padStart(2, '0')},search,c${i},1.50,USD`)
  .join('\n')}\n`;
const catalogue = `item_id,name,price\n${numbers(2_500)
  .map((i) => (i === 1_100 ? 'A1,Cup 1,1.50' : i === 40 ? 'A40,Cup,soon' : `A${i},Cup ${i},1.50`))
  .join('\n')}\n`;

describe('an import whose worker was killed', () => {
  it.each([1, 3, 5])('counts each customer once when it died behind append %i', async (appends) => {
    const importId = await queue('customers', customers);
    await runUntilKilled(importId, appends);
    await whileCleaning(() => run(importId));
    const { report } = await getImport(stores, workspace, importId);
    expect(report).toMatchObject({ received: 2_300, accepted: 2_295, duplicate: 3, quarantined: 2, notes: [] });
    expect(await counts(importId)).toEqual({ valid: 2_295, duplicate: 3, quarantined: 2 });
    expect(journal.records.reduce((sum, record) => sum + record.count, 0)).toBe(2_300);
    expect(await read('SELECT count() AS n FROM @quarantine')).toEqual([{ n: '2' }]);
    expect(await balance()).toMatchObject({ difference: 0, pending: 0 });
  });

  it('goes on where it was also when what it had handed on is cleaned already', async () => {
    const importId = await queue('reviews', reviews);
    await whileCleaning(() => runUntilKilled(importId, 3));
    await whileCleaning(() => run(importId));
    expect((await getImport(stores, workspace, importId)).report).toMatchObject({
      received: 1_700,
      accepted: 1_699,
      quarantined: 1,
    });
    expect(await counts(importId)).toEqual({ valid: 1_699, quarantined: 1 });
    expect(await read('SELECT count() AS n FROM @reviews')).toEqual([{ n: '1699' }]);
    expect(await read('SELECT count() AS n FROM @quarantine')).toEqual([{ n: '1' }]);
    expect(await balance()).toMatchObject({ difference: 0, pending: 0 });
  });

  it('counts each day of spend once', async () => {
    const importId = await queue('spend', spend);
    await runUntilKilled(importId, 2);
    await whileCleaning(() => run(importId));
    expect((await getImport(stores, workspace, importId)).report).toMatchObject({ received: 1_200, accepted: 1_200 });
    expect(await counts(importId)).toEqual({ valid: 1_200 });
    expect(await read('SELECT count() AS n, toString(sum(spend_minor)) AS minor FROM @ad_spend')).toEqual([
      { n: '1200', minor: '180000' },
    ]);
    expect(await balance()).toMatchObject({ difference: 0 });
  });

  it('counts items of a catalogue that the broken-off run had stored as new, and repeats in the file as repeats', async () => {
    const importId = await queue('catalogue', catalogue);
    const killing = new AbortController();
    let stored = 0;
    const events: TestStores['events'] = Object.create(stores.events, {
      append: {
        value: async (...given: Parameters<TestStores['events']['append']>) => {
          const result = await stores.events.append(...given);
          stored += 1;
          if (stored === 2) {
            killing.abort(new Error('killed'));
            throw new Error('killed');
          }
          return result;
        },
      },
    });
    await expect(
      runImport({ ...stores, events }, deps, workspace, importId, { signal: killing.signal, journal: writer() }),
    ).rejects.toThrow();
    await run(importId);
    expect((await getImport(stores, workspace, importId)).report).toMatchObject({
      received: 2_500,
      accepted: 2_498,
      duplicate: 1,
      quarantined: 1,
    });
    expect(await counts(importId)).toEqual({ valid: 2_498, duplicate: 1, quarantined: 1 });
    expect(await read('SELECT count() AS n FROM @items')).toEqual([{ n: '2498' }]);
    expect(await balance()).toMatchObject({ difference: 0 });
  });
});

describe('an import that is cancelled while it runs', () => {
  it('says how many customers had left, and the same file adds exactly the rest', async () => {
    const importId = await queue('customers', customers);
    let cancelling: Promise<unknown> | undefined;
    const own = writer((appended) => {
      if (appended === 2) cancelling = cancelImport(stores, deps, workspace, importId, act);
    });
    const slow: JournalWriter = {
      ...own,
      async append(record) {
        const position = await own.append(record);
        await cancelling;
        return position;
      },
    };
    await run(importId, slow);
    expect(await getImport(stores, workspace, importId)).toMatchObject({
      state: 'cancelled',
      progress: null,
      report: null,
      error: 'Cancelled: 1000 rows were handed on before that and stay. Import the file again to add the rest.',
    });
    const again = await queue('customers', customers);
    await whileCleaning(() => run(again));
    expect((await getImport(stores, workspace, again)).report).toMatchObject({
      received: 2_300,
      accepted: 1_295,
      duplicate: 1_003,
      quarantined: 2,
    });
    expect(await balance()).toMatchObject({ difference: 0, pending: 0 });
  });

  const orders = `order_id,user_id,date,sku,qty,price\n${numbers(300)
    .map((i) => `${i},${i === 7 ? '' : `u${i}`},2024-01-02,A,1,2`)
    .join('\n')}\n`;
  const stored =
    'SELECT (SELECT count() FROM @order_lines) AS lines, (SELECT count() FROM @events) AS events, (SELECT count() FROM @quarantine) AS refused';

  it.each(['people', 'storing', 'published'])('leaves no orders behind when it comes at "%s"', async (moment) => {
    const importId = await queue('orders', orders);
    const cancel = async () => void (await cancelImport(stores, deps, workspace, importId, act));
    const control = Object.create(stores.control, {
      transaction: {
        value: async (work: Parameters<TestStores['control']['transaction']>[0]) => {
          // The last of an import: everything is published by then.
          if (moment === 'published' && (await getImport(stores, workspace, importId)).state === 'running') {
            expect(await read(stored)).toEqual([{ lines: '299', events: '299', refused: '1' }]);
            await cancel();
          }
          return stores.control.transaction(work);
        },
      },
    });
    await runImport({ ...stores, control }, deps, workspace, importId, {
      signal: new AbortController().signal,
      journal: noJournal,
      onProgress: ({ stage }) => (stage === moment ? cancel() : undefined),
    });
    expect(await getImport(stores, workspace, importId)).toMatchObject({
      state: 'cancelled',
      error: 'Cancelled: no rows of this file were stored.',
    });
    expect(await read(stored)).toEqual([{ lines: '0', events: '0', refused: '0' }]);
    const again = await queue('orders', orders);
    await run(again, noJournal);
    expect((await getImport(stores, workspace, again)).report).toMatchObject({ accepted: 299, quarantined: 1 });
    expect(await read(stored)).toEqual([{ lines: '299', events: '299', refused: '1' }]);
  });

  it('takes away what a run had published whose worker died before it was cancelled', async () => {
    const importId = await queue('orders', orders);
    const killing = new AbortController();
    const control = Object.create(stores.control, {
      transaction: {
        value: async () => {
          killing.abort(new Error('killed'));
          throw new Error('killed');
        },
      },
    });
    await expect(
      runImport({ ...stores, control }, deps, workspace, importId, { signal: killing.signal, journal: noJournal }),
    ).rejects.toThrow('killed');
    expect(await read(stored)).toEqual([{ lines: '299', events: '299', refused: '1' }]);
    await cancelImport(stores, deps, workspace, importId, act);
    await run(importId, noJournal);
    expect(await read(stored)).toEqual([{ lines: '0', events: '0', refused: '0' }]);
    expect(await getImport(stores, workspace, importId)).toMatchObject({ state: 'cancelled' });
  });

  it.each([
    {
      kind: 'reviews',
      text: reviews,
      table: '@reviews',
      kept: '1699',
      again: { accepted: 1_699, quarantined: 1 },
      stays: 'Cancelled: 1000 rows were handed on before that and stay.',
    },
    {
      kind: 'catalogue',
      text: catalogue,
      table: '@items',
      kept: '2498',
      again: { accepted: 1_499, duplicate: 1_000, quarantined: 1 },
      stays: 'Cancelled: items of the first 1000 rows were stored before that and stay.',
    },
  ] as const)('goes on with $kind where it was cancelled when the file comes again', async (given) => {
    const importId = await queue(given.kind, given.text);
    await runImport(stores, deps, workspace, importId, {
      signal: new AbortController().signal,
      journal: writer(),
      onProgress: async ({ stage, rowsDone }) => {
        if (stage === 'storing' && rowsDone === 0) await cancelImport(stores, deps, workspace, importId, act);
      },
    });
    const { state, error } = await getImport(stores, workspace, importId);
    expect([state, error]).toEqual(['cancelled', `${given.stays} Import the file again to add the rest.`]);
    await whileCleaning(async () => {});
    const again = await queue(given.kind, given.text);
    await whileCleaning(() => run(again));
    expect((await getImport(stores, workspace, again)).report).toMatchObject(given.again);
    expect(await read(`SELECT count() AS n FROM ${given.table}`)).toEqual([{ n: given.kept }]);
    expect(await balance()).toMatchObject({ difference: 0, pending: 0 });
  });
});

it('tells how many rows are done of how many and how long the rest will take', async () => {
  const importId = await queue('customers', customers);
  const told: ImportProgress[] = [];
  const slow: JournalWriter = { ...writer(), append: (record) => wait(20).then(() => journal.append(record)) };
  await whileCleaning(() =>
    runImport(stores, deps, workspace, importId, {
      signal: new AbortController().signal,
      journal: slow,
      onProgress: (progress) => void told.push(progress),
    }),
  );
  const storing = told.filter(({ stage }) => stage === 'storing');
  expect(storing.map(({ rowsDone, rowsTotal }) => [rowsDone, rowsTotal])).toEqual(
    [0, 1_000, 2_000, 2_300].map((rows) => [rows, 2_300]),
  );
  expect(storing[1]!.secondsLeft).toBeGreaterThan(0);
  expect(told.filter(({ stage }) => stage === 'cleaning').every(({ rowsTotal }) => rowsTotal === 2_300)).toBe(true);
});

it('says of an events file that its orders will not be orders, before and after, and of one without amounts nothing', async () => {
  const header = 'event,user_id,timestamp,order_id,price,currency\n';
  const notesOf = async (row: string) => {
    const { id } = await createImport(stores, workspace, { fileName: 'events.csv', kind: 'events' }, act);
    await receiveImportFile(stores, deps, workspace, id, upload(`${header}${row}\n`), act);
    const preview = await previewImport(stores, deps, workspace, id);
    expect(preview.problems).toEqual([]);
    await startImport(stores, workspace, id, act);
    await run(id, noJournal);
    return [preview.notes, (await getImport(stores, workspace, id)).report?.notes].map((notes) =>
      notes?.map(({ code }) => code),
    );
  };
  expect(await notesOf('order_completed,u1,2024-01-02 10:00:00,O1,5,USD')).toEqual([
    ['orders_in_events'],
    ['orders_in_events'],
  ]);
  expect(await notesOf('order_completed,u2,2024-01-02 10:00:00,O2,,')).toEqual([[], []]);
});
