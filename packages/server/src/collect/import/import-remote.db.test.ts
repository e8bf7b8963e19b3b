import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { ImportKind } from '@zhiyin/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Workspace } from '../../domain/workspace.ts';
import { openTestStores, type TestStores } from '../../storage/testing.ts';
import type { ImportDeps } from './import-deps.ts';
import { getImport, startImport } from './manage-imports.ts';
import { previewImport } from './preview-import.ts';
import { createImport, receiveImportFile } from './receive-import.ts';
import { judgeImportRows } from './replay/judge-import-rows.ts';
import { runImport } from './run-import.ts';
import { act, countingJournal, readBytes, recordingPorts, testDeps, testWorkspace, upload } from './testing.ts';

const retail = path.resolve(
  import.meta.dirname,
  '../../../../../../shared/data/retail/online-retail/online_retail.csv.gz',
);

const startedAt = new Date('2025-03-04T05:06:07.089Z');

let stores: TestStores;

beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(async () => stores?.close());

/** An import by an engine that opens the file, or by one that is sent its bytes. */
async function importInto(
  workspace: Workspace,
  engineReadsFiles: boolean,
  bytes: Buffer,
  kind?: ImportKind,
  fileName = 'x.csv',
) {
  const ports = recordingPorts();
  const deps: ImportDeps = { ...testDeps(stores, ports), engineReadsFiles, now: () => startedAt };
  const journal = countingJournal(stores);
  const created = await createImport(stores, workspace, { fileName, kind }, act);
  const received = await receiveImportFile(stores, deps, workspace, created.id, upload(bytes), act);
  const preview = await previewImport(stores, deps, workspace, created.id);
  await startImport(stores, workspace, created.id, act);
  await runImport(stores, deps, workspace, created.id, { signal: new AbortController().signal, journal });
  return { received, preview, ports, journal, done: await getImport(stores, workspace, created.id) };
}

/** The same into a brand of its own, with everything that it made there. */
async function importAs(...[engineReadsFiles, bytes, kind, fileName]: Tail<Parameters<typeof importInto>>) {
  const brand = { timeZone: 'Asia/Shanghai', currency: 'CNY' };
  const workspace = testWorkspace(await stores.newWorkspace(brand), brand);
  const { received, preview, ports, journal, done } = await importInto(
    workspace,
    engineReadsFiles,
    bytes,
    kind,
    fileName,
  );
  return {
    error: done.error,
    report: done.report && { ...done.report, seconds: 0 },
    detected: received.detected,
    preview: { ...preview, rows: preview.rows.map((row) => withoutKeys(row)) },
    people: ports.people.map((person) => person.value).sort(),
    pairs: ports.pairs.length,
    journal: journal.bodies,
    ...(await tablesOf(workspace)),
  };
}

type Tail<All extends readonly unknown[]> = All extends [unknown, ...infer Rest] ? Rest : never;

/** Surrogates are of one brand: equal rows of two brands have different ones. */
const withoutKeys = <Row extends { becomes: Record<string, unknown> | null }>(row: Row) => ({
  ...row,
  becomes: row.becomes && { ...row.becomes, identity: '', workspace_id: 0 },
});

async function tablesOf(workspace: Workspace) {
  const vault = await stores.vault.of(workspace.id);
  const rows = (sql: string) =>
    stores.events.maintain<Record<string, string>>(
      sql.replaceAll('@', `${stores.config.events.database}.`).replaceAll('$w', String(workspace.id)),
      'test: look at the tables',
    );
  const refused = await rows(
    'SELECT row_number, reason, field, detail, raw_sealed FROM @quarantine FINAL WHERE workspace_id = $w ORDER BY row_number',
  );
  const events = await rows(
    'SELECT name, toString(occurred_at) AS occurred_at, toJSONString(properties) AS properties, repairs FROM @events WHERE workspace_id = $w',
  );
  return {
    lines: await rows(
      'SELECT order_id, kind, item_id, item_name, toString(quantity) AS quantity, amount_minor, occurred_at, count() AS n FROM @order_lines WHERE workspace_id = $w GROUP BY ALL ORDER BY ALL',
    ),
    events: events
      .map((event) => ({ ...event, properties: withItemCount(JSON.parse(event.properties!) as Properties) }))
      .map((event) => JSON.stringify(event))
      .sort(),
    items: await rows('SELECT item_id, name FROM @items FINAL WHERE workspace_id = $w ORDER BY item_id'),
    refused: refused.map(({ raw_sealed, ...one }) => ({
      reason: one.reason,
      field: one.field,
      detail: one.detail,
      row: Number(one.row_number),
      raw: vault.openRecord(Buffer.from(raw_sealed!, 'base64')).toString('utf8'),
    })),
  };
}

type Properties = { readonly item_ids?: string[] };

/** Which items of a large order are named follows from their rows' keys, which are of one brand too. */
const withItemCount = ({ item_ids: items = [], ...rest }: Properties) => ({ ...rest, items: items.length });

async function expectTheSame(bytes: Buffer, kind?: ImportKind, fileName?: string) {
  const opened = await importAs(true, bytes, kind, fileName);
  const sent = await importAs(false, bytes, kind, fileName);
  expect(sent.error).toBeNull();
  expect(sent).toEqual(opened);
  return sent;
}

const header = 'order_id,user_id,email,date,sku,qty,price\n';

describe('an engine that cannot open local files', () => {
  it('keeps and refuses the same rows of a file with dirt, under the same numbers', async () => {
    const done = await expectTheSame(
      Buffer.from(
        `${header}1,u1,a@b.example,2024-01-02 10:00:00,A,1,2.50\n2,u2,,2024-01-02,"A"x,1,2\n3,u3,,2024-01-02,A,1\n\n4,u4,,2024-01-02,"two\nlines, ""x""",2,3\n5,u5,,someday,A,1,2\n6,,,2024-01-02,A,1,2\n`,
      ),
    );
    expect(done.report).toMatchObject({ received: 6, accepted: 2, quarantined: 4 });
  });

  it('reads a clean file whose blank lines and quoted line ends stand in its beginning', async () => {
    const done = await expectTheSame(
      Buffer.from(`﻿${header}1,u1,,2024-01-02,"a\nb",1,2\n\n2,u2,,2024-01-02,B,1,2\n3,,,2024-01-02,C,1,2\n`),
    );
    expect(done.preview.rows.map((row) => row.outcome)).toEqual(['valid', 'valid', 'quarantined']);
    expect(done.report).toMatchObject({ accepted: 2, quarantined: 1 });
  });

  it('reads GBK that is packed', async () => {
    const done = await expectTheSame(
      gzipSync(
        Buffer.concat([
          Buffer.from([0xb6, 0xa9, 0xb5, 0xa5, 0xba, 0xc5, 0x2c]), // 订单号,
          Buffer.from('user_id,price,date\n1,'),
          Buffer.from([0xd3, 0xc3, 0xbb, 0xa7]), // 用户
          Buffer.from('1,12.50,2024-01-02\n'),
        ]),
      ),
    );
    expect(done.report).toMatchObject({ accepted: 1, made: { revenue_minor: 1250 } });
    expect(done.people).toEqual(['用户1']);
  });

  it('reads newline-delimited JSON and puts aside lines that are none', async () => {
    const done = await expectTheSame(
      gzipSync(
        '{"event":"view","timestamp":"2024-01-02T00:00:00Z","user_id":7,"product_id":"A","price":2.5,"tags":["x"]}\nnot json\n\n[1]\n{"event":"purchase done","timestamp":1704153600,"user_id":"u2","note":"call 13800138000 or a@b.cn"}\n',
      ),
    );
    expect(done.report).toMatchObject({ received: 4, accepted: 2, reasons: { malformed_json: 2 } });
  });

  it('reads Parquet, whatever types its columns have', async () => {
    const file = `${stores.config.collect.importDir}/made.parquet`;
    await stores.events.maintain(
      `INSERT INTO FUNCTION file('${file}', 'Parquet') SELECT number AS order_id, 'u' || toString(number) AS user_id, toDateTime64('2024-01-02 08:00:00', 3, 'UTC') AS order_time,
        2.5 AS price, toInt32(2) AS qty, toDate('2024-05-06') AS day, number % 2 = 0 AS gift, if(number = 1, NULL, 'x') AS note, toDecimal64(1.25, 2) AS fee FROM numbers(300)`,
      'test: make a Parquet file',
    );
    const done = await expectTheSame(readBytes(file), 'orders', 'x.parquet');
    expect(done.detected).toMatchObject({ format: 'parquet', rowsEstimate: 300 });
    expect(done.report).toMatchObject({ accepted: 300, made: { revenue_minor: 150_000 } });
  });

  it('says which columns of a Parquet file it cannot be sent', async () => {
    const file = `${stores.config.collect.importDir}/nested.parquet`;
    await stores.events.maintain(
      `INSERT INTO FUNCTION file('${file}', 'Parquet') SELECT number AS order_id, [1, 2] AS many, tuple(1, 'b')::Tuple(a Int32, b String) AS deep, 'u' AS user_id FROM numbers(3)`,
      'test: make a Parquet file',
    );
    await expect(importAs(false, readBytes(file), 'orders', 'x.parquet')).rejects.toMatchObject({
      code: 'input.invalid',
      message: expect.stringContaining('many, deep hold lists or records'),
    });
  });

  it('gives rows the same keys: what was opened before is known when it is sent', async () => {
    const rows = `${header}1,u1,,2024-01-02,A,1,2\n1,u1,,2024-01-02,A,1,2\n2,,,2024-01-02,A,1,2\n2,,,2024-01-02,A,1,2\n`;
    const workspace = testWorkspace(await stores.newWorkspace());
    await importInto(workspace, true, Buffer.from(rows));
    const { done } = await importInto(workspace, false, gzipSync(rows));
    expect(done.report).toMatchObject({ received: 4, duplicate: 4, accepted: 0, quarantined: 0 });
  });

  it('hands customers on and stores a catalogue', async () => {
    const customers = await expectTheSame(
      Buffer.from('user_id,email,name\n7,a@example.com,Ann\n8,b@example.com,Bob\n'),
      'customers',
    );
    expect(customers.report).toMatchObject({ accepted: 2 });
    expect(customers.journal).toHaveLength(1);
    const catalogue = await expectTheSame(Buffer.from('item_id,name\nA,Apple\nB,Pear\n'), 'catalogue');
    expect(catalogue.items).toHaveLength(2);
  });

  it('judges mended rows and knows those that are kept', async () => {
    const workspace = testWorkspace(await stores.newWorkspace());
    const { done } = await importInto(
      workspace,
      false,
      Buffer.from(`${header}1,u1,,2024-01-02,A,1,2\n2,u2,,someday,A,1,2\n`),
    );
    const deps: ImportDeps = { ...testDeps(stores, recordingPorts()), engineReadsFiles: false };
    const row = { user_id: 'u1', email: '', sku: 'A', qty: '1', price: '2' };
    const judged = await judgeImportRows(stores, deps, workspace, done.id, [
      { ...row, order_id: '1', date: '2024-01-02' },
      { ...row, order_id: '2', date: '2024-01-03' },
      { ...row, order_id: '2', date: 'one day' },
    ]);
    expect(judged.map((one) => one.outcome)).toEqual(['duplicate', 'valid', 'quarantined']);
  });

  it('leaves nothing when it is cancelled while the bytes are on their way', async () => {
    const rows = Array.from({ length: 200_000 }, (_, i) => `${i},u${i % 1000},,2024-01-02,A${'x'.repeat(200)},1,2\n`);
    const workspace = testWorkspace(await stores.newWorkspace());
    const deps: ImportDeps = { ...testDeps(stores, recordingPorts()), engineReadsFiles: false };
    const created = await createImport(stores, workspace, { fileName: 'x.csv', kind: 'orders' }, act);
    await receiveImportFile(stores, deps, workspace, created.id, upload(header + rows.join('')), act);
    await startImport(stores, workspace, created.id, act);
    const stop = new AbortController();
    const running = runImport(stores, deps, workspace, created.id, {
      signal: stop.signal,
      journal: countingJournal(stores),
      onProgress: ({ stage }) => void (stage === 'preparing' && setTimeout(() => stop.abort(), 600)),
    });
    await expect(running).rejects.toMatchObject({ code: 'conflict' });
    expect((await tablesOf(workspace)).lines).toEqual([]);
  });

  it('says that a packed file is damaged, and leaves nothing of it', async () => {
    const rows = Array.from({ length: 200_000 }, (_, i) => `${i},u${i},,2024-01-02,A${(i * 7919) % 1013},1,2\n`);
    const packed = gzipSync(header + rows.join(''));
    const done = await importAs(false, packed.subarray(0, packed.length - 1_000), 'orders', 'x.csv.gz');
    expect(done.error).toMatch(/damaged/);
    expect(done.lines).toEqual([]);
  });

  it('numbers the rows of a large file in their order', async () => {
    const rows = Array.from({ length: 200_000 }, (_, i) => `${i},u${i % 1000},,2024-01-02,A${'x'.repeat(200)},1,2\n`);
    const late = [3, 70_000, 131_071, 199_999];
    for (const at of late) rows[at] = `${at},u1,,someday,A,1,2\n`;
    const done = await importAs(false, Buffer.from(header + rows.join('')), 'orders');
    expect(done.report).toMatchObject({ received: 200_000, accepted: 199_996, reasons: { bad_timestamp: 4 } });
    expect(done.refused.map((one) => [one.row, (JSON.parse(one.raw) as { order_id: string }).order_id])).toEqual(
      late.map((at) => [at + 1, String(at)]),
    );
  });

  it('puts a broken row aside that stands in a large file', async () => {
    const rows = Array.from({ length: 100_000 }, (_, i) => `${i},u${i % 1000},,2024-01-02,A${'x'.repeat(200)},1,2\n`);
    rows[1_000] = '1000,u1,,2024-01-02,"A"x,1,2\n';
    const done = await importAs(false, Buffer.from(header + rows.join('')), 'orders');
    expect(done.error).toBeNull();
    expect(done.report).toMatchObject({ received: 100_000, accepted: 99_999, reasons: { unreadable_row: 1 } });
    expect(done.refused[0]?.row).toBe(1_001);
  });

  it.skipIf(!existsSync(retail))(
    `imports the first 20,000 rows of Online Retail to the same tables${existsSync(retail) ? '' : ' (skipped: data not present)'}`,
    async () => {
      const lines = gunzipSync(readFileSync(retail)).toString('utf8').split('\n').slice(0, 20_001);
      const done = await expectTheSame(gzipSync(lines.join('\n')), undefined, 'retail.csv.gz');
      expect(done.report).toMatchObject({ received: 20_000 });
      expect(done.refused.length).toBeGreaterThan(0);
    },
  );

  it('leaves no table behind', async () => {
    const tables = await stores.events.maintain<{ name: string }>(
      `SELECT name FROM system.tables WHERE database = '${stores.config.events.database}' AND name LIKE 'import\\_%'`,
      'test: look at the tables',
    );
    expect(tables).toEqual([]);
  });
});
