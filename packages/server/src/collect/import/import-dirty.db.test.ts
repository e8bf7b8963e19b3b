import { gzipSync } from 'node:zlib';
import type { ImportKind } from '@zhiyin/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Workspace } from '../../domain/workspace.ts';
import { openTestStores, type TestStores } from '../../storage/testing.ts';
import type { ImportDeps } from './import-deps.ts';
import { cancelImport, getImport, startImport, updateImport } from './manage-imports.ts';
import { previewImport } from './preview-import.ts';
import { createImport, receiveImportFile } from './receive-import.ts';
import { runImport } from './run-import.ts';
import { act, countingJournal, noJournal, recordingPorts, testDeps, testWorkspace, upload } from './testing.ts';

let stores: TestStores;
let workspace: Workspace;
let deps: ImportDeps;
let ports: ReturnType<typeof recordingPorts>;

beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(async () => stores?.close());

/** A brand of its own for each case. */
async function begin() {
  workspace = testWorkspace(await stores.newWorkspace({ timeZone: 'Asia/Shanghai', currency: 'CNY' }), {
    timeZone: 'Asia/Shanghai',
    currency: 'CNY',
  });
  ports = recordingPorts();
  deps = testDeps(stores, ports);
}

async function receive(bytes: Buffer | string, kind?: ImportKind, fileName = 'x.csv') {
  const created = await createImport(stores, workspace, { fileName, kind }, act);
  return receiveImportFile(stores, deps, workspace, created.id, upload(bytes), act);
}

async function run(importId: number, journal = noJournal) {
  await startImport(stores, workspace, importId, act);
  await runImport(stores, deps, workspace, importId, { signal: new AbortController().signal, journal });
  return getImport(stores, workspace, importId);
}

const importIt = async (bytes: Buffer | string, kind?: ImportKind) => run((await receive(bytes, kind)).id);

const rows = <Row = Record<string, unknown>>(sql: string) =>
  stores.events.maintain<Row>(
    sql.replaceAll('@', `${stores.config.events.database}.`).replaceAll('$w', String(workspace.id)),
    'test: look at the tables',
  );

async function quarantined() {
  const vault = await stores.vault.of(workspace.id);
  const found = await rows<{ row_number: string; reason: string; raw_sealed: string }>(
    'SELECT row_number, reason, raw_sealed FROM @quarantine FINAL WHERE workspace_id = $w ORDER BY row_number',
  );
  return found.map((one) => ({
    row: Number(one.row_number),
    reason: one.reason,
    raw: JSON.parse(vault.openRecord(Buffer.from(one.raw_sealed, 'base64')).toString('utf8')) as unknown,
  }));
}

const header = 'order_id,user_id,date,sku,qty,price\n';

describe('an order file with dirt', () => {
  it('loses no row to broken quotes, missing or surplus columns', async () => {
    await begin();
    const done = await importIt(
      `${header}1,u1,2024-01-02 10:00:00,A,1,2.50\n2,u2,2024-01-02,"A"x,1,2\n3,u3,2024-01-02,A,1\n4,u4,2024-01-02,A,1,2,surplus\n5,u5,2024-01-02,"=1+1, ""x""",2,3\n6,u6,2024-01-02,"open,1,2\n7,u7,2024-01-02,B,1,1\n`,
    );
    expect(done.error).toBeNull();
    expect(done.report).toMatchObject({
      received: 7,
      accepted: 3,
      quarantined: 4,
      reasons: { unreadable_row: 2, column_count: 2 },
    });
    expect(await quarantined()).toEqual([
      { row: 2, reason: 'unreadable_row', raw: { _line: '2,u2,2024-01-02,"A"x,1,2' } },
      { row: 3, reason: 'column_count', raw: { _line: '3,u3,2024-01-02,A,1' } },
      { row: 4, reason: 'column_count', raw: { _line: '4,u4,2024-01-02,A,1,2,surplus' } },
      { row: 6, reason: 'unreadable_row', raw: { _line: '6,u6,2024-01-02,"open,1,2' } },
    ]);
    expect(await rows("SELECT item_id FROM @order_lines WHERE workspace_id = $w AND order_id = '5'")).toEqual([
      { item_id: '=1+1, "x"' },
    ]);
  });

  it('gives each row that is refused its own reason and keeps the row as it came', async () => {
    await begin();
    const bad = [
      ',u,2024-01-01,A,1,1',
      '1,,2024-01-01,A,1,1',
      '1,guest,2024-01-01,A,1,1',
      '1,u,someday,A,1,1',
      '1,u,2099-01-01,A,1,1',
      '1,u,2024-01-01,A,many,1',
      '1,u,2024-01-01,A,1,free',
      '1,u,2024-01-01,A,-1,1',
      '1,u,2024-01-01,A,1,-1',
      '1,u,2024-01-01,A,99999999999999,99999999999999',
    ];
    const done = await importIt(`${header}${bad.join('\n')}\n9,u,2024-01-01,A,1,0\n`);
    expect(done.report).toMatchObject({ received: 11, accepted: 1, quarantined: 10 });
    expect((await quarantined()).map((one) => one.reason)).toEqual([
      'missing_property',
      'missing_identity',
      'blocked_identity',
      'bad_timestamp',
      'in_future',
      'bad_type',
      'bad_amount',
      'negative_quantity',
      'negative_price',
      'bad_type',
    ]);
    expect((await quarantined())[3]?.raw).toMatchObject({ order_id: '1', user_id: 'u', date: 'someday' });
  });

  it('mends amounts and ids the way shops write them, in the time zone of the brand', async () => {
    await begin();
    const done = await importIt(
      `${header}100.0,17850.0,2024/1/2 08:00,A,"1,000","¥1,234.50"\n101,u2,2024年1月2日 08:00:00,A,2,"1.234,50 €"\n102,u3,1704153600,A,1,1e1\n`,
    );
    expect(done.report).toMatchObject({
      accepted: 1,
      repaired: 2,
      repairs: { 'user_id:float': 1, 'order_id:float': 1, 'type:quantity': 1, 'type:price': 2 },
    });
    expect(
      await rows(
        'SELECT order_id, amount_minor, occurred_at FROM @order_lines WHERE workspace_id = $w ORDER BY order_id',
      ),
    ).toEqual([
      { order_id: '100', amount_minor: '123450000', occurred_at: '2024-01-02 00:00:00.000' },
      { order_id: '101', amount_minor: '246900', occurred_at: '2024-01-02 00:00:00.000' },
      { order_id: '102', amount_minor: '1000', occurred_at: '2024-01-02 00:00:00.000' },
    ]);
  });

  it('keeps rows that are the same twice, takes them as one when asked, and adds only what a later file has more', async () => {
    await begin();
    const twice = `${header}1,u1,2024-01-02,A,1,2.50\n1,u1,2024-01-02,A,1,2.50\n`;
    expect((await importIt(twice)).report).toMatchObject({ accepted: 2, duplicate: 0 });
    expect((await importIt(`${twice}1,u1,2024-01-02,B,1,9\n`)).report).toMatchObject({
      accepted: 1,
      duplicate: 2,
      made: { lines: 1 },
    });
    expect(await rows('SELECT count() AS n FROM @events WHERE workspace_id = $w')).toEqual([{ n: '1' }]);
    await begin();
    const received = await receive(twice);
    await updateImport(stores, deps, workspace, received.id, { options: { repeatedRows: 'one' } }, act);
    expect((await run(received.id)).report).toMatchObject({ accepted: 1, duplicate: 1 });
  });

  it('turns cancellations into refunds', async () => {
    await begin();
    const done = await importIt(
      '订单号,手机号,下单时间,商品编号,数量,单价,订单状态\nC1,13800138000,2024-01-02,A,-2,5\n2,13800138000,2024-01-02,A,1,5,已退款\n3,13800138000,2024-01-02,A,1,5,已完成\n'.replace(
        '-2,5\n',
        '-2,5,已完成\n',
      ),
    );
    expect(done.report?.made).toMatchObject({ orders: 1, refunds: 2, revenue_minor: 500, refunds_minor: -1500 });
    expect(ports.people.map((person) => [person.kind, person.value])).toEqual([['phone', '+8613800138000']]);
  });

  it('gives the same surrogates as the vault does, and tells who was named beside whom', async () => {
    await begin();
    await importIt(
      'order_id,user_id,email,phone,date,price\n1,u1, Wang@Example.COM ,138 0013 8000,2024-01-02,5\n2,,wang@example.com,,2024-01-03,6\n',
    );
    const vault = await stores.vault.of(workspace.id);
    const [user, email, phone] = [
      vault.surrogate('user_id', 'u1'),
      vault.surrogate('email', 'wang@example.com'),
      vault.surrogate('phone', '+8613800138000'),
    ];
    expect(
      await rows(
        'SELECT order_id, toString(identity_id) AS id FROM @order_lines WHERE workspace_id = $w ORDER BY order_id',
      ),
    ).toEqual([
      { order_id: '1', id: user },
      { order_id: '2', id: email },
    ]);
    expect(ports.people.map((person) => person.identityId).sort()).toEqual([user, email, phone].sort());
    expect(ports.pairs.map((pair) => [pair.lowId, pair.highId].includes(user))).toEqual([true, true]);
  });

  it('says that an empty file is empty, and that one with a header only has no rows', async () => {
    await begin();
    await expect(receive('')).rejects.toThrow('empty');
    const done = await run((await receive(header, 'orders')).id);
    expect(done.report).toMatchObject({ received: 0, notes: [{ code: 'no_rows' }] });
  });

  it('reads 300 columns and leaves personal ones out of the event store', async () => {
    await begin();
    const names = Array.from({ length: 295 }, (_, i) => `field ${i}`);
    const done = await importIt(
      `event,user_id,timestamp,收货人手机,__proto__,${names.join(',')}\nview,u1,2024-01-02T00:00:00Z,13800138000,x,${names.map((_, i) => i).join(',')}\n`,
      'events',
    );
    expect(done.error).toBeNull();
    expect(done.report).toMatchObject({ accepted: 1 });
    const [event] = await rows<{ text: string }>(
      'SELECT toJSONString(properties) AS text FROM @events WHERE workspace_id = $w',
    );
    expect(event!.text).toContain('"field 294"');
    expect(event!.text).not.toContain('13800138000');
  });
});

describe('other formats', () => {
  it('imports GBK with Chinese headers', async () => {
    await begin();
    const gbk = Buffer.concat([
      Buffer.from([0xb6, 0xa9, 0xb5, 0xa5, 0xba, 0xc5]),
      Buffer.from(',user_id,'),
      Buffer.from([0xbd, 0xf0, 0xb6, 0xee]),
      Buffer.from(',date\n1,'),
      Buffer.from([0xd3, 0xc3, 0xbb, 0xa7]),
      Buffer.from('1,12.50,2024-01-02\n'),
    ]);
    expect((await importIt(gzipSync(gbk))).report).toMatchObject({ accepted: 1, made: { revenue_minor: 1250 } });
    expect(ports.people[0]?.value).toBe('用户1');
  });

  it('imports newline-delimited JSON and puts aside lines that are none', async () => {
    await begin();
    const done = await importIt(
      '{"event":"view","timestamp":"2024-01-02T00:00:00Z","user_id":7,"product_id":"A","price":2.5,"tags":["x"]}\nnot json\n[1]\n{"event":"purchase done","timestamp":1704153600,"user_id":"u2","note":"call 13800138000 or a@b.cn"}\n',
    );
    expect(done.report).toMatchObject({ received: 4, accepted: 2, reasons: { malformed_json: 2 } });
    expect(
      await rows(
        'SELECT name, toString(properties.note) AS note, toString(properties.product_id) AS product FROM @events WHERE workspace_id = $w ORDER BY name',
      ),
    ).toEqual([
      { name: 'product_viewed', note: '', product: 'A' },
      { name: 'purchase done', note: 'call [phone] or [email]', product: '' },
    ]);
  });

  it('imports Parquet', async () => {
    await begin();
    const file = `${deps.importDir}/made-${workspace.id}.parquet`;
    await stores.events.maintain(
      `INSERT INTO FUNCTION file('${file}', 'Parquet') SELECT number AS order_id, 'u' || toString(number) AS user_id, toDateTime64('2024-01-02 08:00:00', 3) AS order_time, 2.5 AS price, 2 AS qty FROM numbers(3)`,
      'test: make a Parquet file',
    );
    const { readBytes } = await import('./testing.ts');
    const received = await receive(readBytes(file), undefined, 'x.parquet');
    expect(received).toMatchObject({ kind: 'orders', detected: { format: 'parquet', rowsEstimate: 3 } });
    expect((await run(received.id)).report).toMatchObject({ accepted: 3, made: { revenue_minor: 1500 } });
  });

  it('reads a bomb as the rows it is and stays within its memory', async () => {
    await begin();
    const bomb = gzipSync(Buffer.concat([Buffer.from(header), Buffer.alloc(22 * 400_000, '1,u1,2024-01-02,A,1,1\n')]));
    expect(bomb.length).toBeLessThan(100_000);
    const received = await receive(bomb);
    await updateImport(stores, deps, workspace, received.id, { options: { repeatedRows: 'one' } }, act);
    const done = await run(received.id);
    expect(done.report?.accepted).toBe(1);
    expect(done.report?.received).toBe(400_000);
  });
});

describe('an import on its way', () => {
  it('shows 20 rows as they will become', async () => {
    await begin();
    const received = await receive(`${header}1,u1,2024-01-02 10:00,A,2,"¥2.50"\n2,,2024-01-02,A,1,1\n`);
    const preview = await previewImport(stores, deps, workspace, received.id);
    expect(preview.problems).toEqual([]);
    expect(preview.rows).toMatchObject([
      {
        rowNumber: 1,
        outcome: 'valid',
        repairs: ['type:price'],
        becomes: { order_id: '1', amount_minor: 500, occurred_at: '2024-01-02 02:00:00.000' },
      },
      { rowNumber: 2, outcome: 'quarantined', reason: 'missing_identity', raw: { order_id: '2' } },
    ]);
  });

  it('leaves nothing when it is cancelled, and can be told so before it begins', async () => {
    await begin();
    const received = await receive(`${header}1,u1,2024-01-02,A,1,1\n`);
    await startImport(stores, workspace, received.id, act);
    expect(await cancelImport(stores, deps, workspace, received.id, act)).toMatchObject({ state: 'cancelled' });
    await runImport(stores, deps, workspace, received.id, { signal: new AbortController().signal, journal: noJournal });
    expect(await rows('SELECT count() AS n FROM @order_lines WHERE workspace_id = $w')).toEqual([{ n: '0' }]);
  });

  it('starts over after a crash without doubling anything', async () => {
    await begin();
    const received = await receive(
      `${header}${Array.from({ length: 50 }, (_, i) => `${i},u${i % 7},2024-01-02,A,1,1`).join('\n')}\nx,,2024-01-02,A,1,1\n`,
    );
    await startImport(stores, workspace, received.id, act);
    // As if the worker died between publishing and the end: the ports let everything through and then the end fails.
    const control = stores.control;
    const failing = {
      ...stores,
      control: {
        ...control,
        of: control.of.bind(control),
        query: control.query.bind(control),
        transaction: () => Promise.reject(new Error('killed')),
      },
    };
    await runImport(failing, deps, workspace, received.id, {
      signal: new AbortController().signal,
      journal: noJournal,
    }).catch(() => {});
    expect(await rows('SELECT count() AS n FROM @order_lines WHERE workspace_id = $w')).toEqual([{ n: '50' }]);
    await control
      .of(workspace.id)
      .query(`update imports set state = 'running' where workspace_id = $1 and id = $2`, [received.id]);
    await runImport(stores, deps, workspace, received.id, { signal: new AbortController().signal, journal: noJournal });
    expect((await getImport(stores, workspace, received.id)).report).toMatchObject({
      received: 51,
      accepted: 50,
      quarantined: 1,
    });
    expect(
      await rows(
        'SELECT count() AS lines, (SELECT count() FROM @events WHERE workspace_id = $w) AS events, (SELECT count() FROM @quarantine FINAL WHERE workspace_id = $w) AS records FROM @order_lines WHERE workspace_id = $w',
      ),
    ).toEqual([{ lines: '50', events: '50', records: '1' }]);
  });

  it('refuses to start without what it needs and names it', async () => {
    await begin();
    const received = await receive('a,b\n1,2\n', 'orders');
    await expect(startImport(stores, workspace, received.id, act)).rejects.toThrow('Say which column holds order_id.');
  });
});

describe('rows that go through Node', () => {
  it('hands customers on as identify calls, in the journal, with an id made of their contents', async () => {
    await begin();
    const received = await receive(
      '姓名,手机号,邮箱,会员编号,同意短信,城市\n王芳,13800138000,w@example.com,1001.0,是,杭州\n',
    );
    const journal = countingJournal(stores);
    const done = await run(received.id, journal);
    expect(done.report).toMatchObject({ received: 1, accepted: 1 });
    expect(JSON.parse(journal.bodies[0]!)).toMatchObject({
      batch: [
        {
          type: 'identify',
          userId: '1001',
          messageId: expect.stringMatching(/^import-[0-9a-f]{40}$/),
          traits: { name: '王芳', phone: '13800138000', email: 'w@example.com', consent_sms: true, city: '杭州' },
        },
      ],
    });
  });

  it('stores a catalogue once, and refuses prices that are none', async () => {
    await begin();
    const text = '商品编号,商品名称,价格,库存,材质\nA1,茶杯,¥12.50,3,瓷\nA2,茶壶,soon,1,瓷\nA3,茶盘,30,0,木\n';
    expect((await importIt(text, 'catalogue')).report).toMatchObject({
      received: 3,
      accepted: 1,
      repaired: 1,
      quarantined: 1,
      reasons: { bad_amount: 1 },
    });
    expect(
      await rows(
        'SELECT item_id, name, price_minor, toString(attributes.`材质`) AS material FROM @items FINAL WHERE workspace_id = $w ORDER BY item_id',
      ),
    ).toEqual([
      { item_id: 'A1', name: '茶杯', price_minor: '1250', material: '瓷' },
      { item_id: 'A3', name: '茶盘', price_minor: '3000', material: '木' },
    ]);
    expect((await importIt(`${text}\n`, 'catalogue')).report).toMatchObject({
      received: 3,
      accepted: 0,
      repaired: 0,
      duplicate: 3,
      quarantined: 0,
    });
  });
});
