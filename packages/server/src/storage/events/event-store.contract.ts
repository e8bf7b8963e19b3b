import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asWorkspaceId } from '../../domain/ids.ts';
import type { EventStore } from './event-store.ts';

export type EventStoreUnderTest = {
  readonly store: EventStore;
  readonly close: () => Promise<void>;
};

const one = asWorkspaceId(1);
const two = asWorkspaceId(2);

/** Every EventStore passes this; embedded.db.test.ts and cluster.db.test.ts each call it. */
export function testEventStore(name: string, open: () => Promise<EventStoreUnderTest>): void {
  describe(`${name} as an event store`, () => {
    let tested: EventStoreUnderTest;
    let store: EventStore;
    beforeAll(async () => {
      tested = await open();
      store = tested.store;
    });
    afterAll(() => tested?.close());

    const count = async (sql: string, workspaceId = one, parameters = {}): Promise<number> => {
      const { rows } = await store.read<{ n: string }>(workspaceId, { name: 'count', sql, parameters });
      return Number(rows[0]?.n);
    };

    it('has a row as soon as append returns, and once however often the token comes', async () => {
      const rows = [anEvent({ name: 'once' }), anEvent({ name: 'once', identity_id: '7' })];
      await store.append('events', rows, 'once-1');
      expect(await count(`SELECT count() AS n FROM @events WHERE name = 'once'`)).toBe(2);
      await store.append('events', rows, 'once-1');
      await store.append('events', rows, 'once-1');
      expect(await count(`SELECT count() AS n FROM @events WHERE name = 'once'`)).toBe(2);
    });

    it('keeps the same rows twice when the tokens differ', async () => {
      const rows = [anEvent({ name: 'twice' })];
      await store.append('events', rows, 'twice-1');
      await store.append('events', rows, 'twice-2');
      expect(await count(`SELECT count() AS n FROM @events WHERE name = 'twice'`)).toBe(2);
    });

    it('takes the same token for another table as something else', async () => {
      await store.append('events', [anEvent({ name: 'shared' })], 'shared-1');
      await store.append('traits', [aTrait({ name: 'shared' })], 'shared-1');
      expect(await count(`SELECT count() AS n FROM @traits WHERE name = 'shared'`)).toBe(1);
    });

    it('never shows one workspace to another', async () => {
      await store.append('events', [anEvent({ name: 'mine' }), anEvent({ name: 'mine', workspace_id: 2 })], 'mine-1');
      expect(await count(`SELECT count() AS n FROM @events WHERE name = 'mine'`)).toBe(1);
      expect(await count(`SELECT count() AS n FROM @events WHERE name = 'mine'`, two)).toBe(1);
      expect(await count(`SELECT count() AS n FROM @events WHERE name = 'mine' AND workspace_id = 2`)).toBe(0);
    });

    it.each([
      ['a table by its own name', 'SELECT count() AS n FROM events'],
      ['the system tables', 'SELECT count() AS n FROM system.tables'],
      ['a quoted name', 'SELECT count() AS n FROM "system"."tables"'],
      ['a second statement', 'SELECT 1 AS n FROM @events; DROP TABLE x'],
      ['a file', `SELECT count() AS n FROM file('/etc/passwd')`],
      ['another address', `SELECT count() AS n FROM url('http://127.0.0.1/', 'LineAsString')`],
      ['a write', 'INSERT INTO @events SELECT * FROM @events'],
    ])('refuses a question that names %s', async (_, sql) => {
      await expect(store.read(one, { name: 'bad', sql })).rejects.toThrow(/assertion failed: bad:/);
    });

    it('cannot be talked into another workspace by a parameter', async () => {
      const injected = `x' OR workspace_id = 2 OR name = 'mine`;
      const sql = 'SELECT count() AS n FROM @events WHERE name = {name:String}';
      expect(await count(sql, one, { name: injected })).toBe(0);
      await expect(count('SELECT count() AS n FROM @events', one, { workspace: 2 })).rejects.toThrow(/reserved/);
    });

    it('answers 64-bit numbers and decimals as text and instants in UTC', async () => {
      const identity = '9223372036854775807';
      await store.append(
        'events',
        [anEvent({ name: 'exact', identity_id: identity, occurred_at: new Date(1_767_225_600_123) })],
        'exact-1',
      );
      const { rows } = await store.read(one, {
        name: 'exact',
        sql: `SELECT identity_id, occurred_at, toDecimal64('1.50', 2) AS price, properties FROM @events
              WHERE name = 'exact' AND occurred_at >= {from:DateTime64(3)} AND occurred_at < {to:DateTime}`,
        parameters: { from: new Date(1_767_225_600_123), to: new Date(1_767_225_601_000) },
      });
      expect(rows).toEqual([
        {
          identity_id: identity,
          occurred_at: '2026-01-01 00:00:00.123',
          price: '1.5',
          properties: { price: 9.5, sku: 'a' },
        },
      ]);
    });

    it('moves all of a person’s history when identities are linked, and back when the link is taken away', async () => {
      await store.append(
        'events',
        [anEvent({ name: 'moved', identity_id: '11' }), anEvent({ name: 'moved', identity_id: '12' })],
        'moved-1',
      );
      const people = `SELECT uniqExact(profile_id) AS n FROM @person_events WHERE name = 'moved'`;
      expect(await count(people)).toBe(2);
      await store.append('profile_links', [aLink('11', '12', 1)], 'link-1');
      expect(await count(people)).toBe(1);
      expect(await count(`SELECT any(profile_id) AS n FROM @person_events WHERE name = 'moved'`)).toBe(12);
      await store.append('profile_links', [aLink('11', '11', 2)], 'link-2');
      expect(await count(people)).toBe(2);
    });

    it('joins and groups over people', async () => {
      await store.append('order_lines', [anOrderLine('12', 500), anOrderLine('11', 250)], 'lines-1');
      const { rows } = await store.read<{ profile_id: string; revenue: string; events: string }>(one, {
        name: 'joined',
        sql: `WITH revenue_by_person AS (SELECT profile_id, sum(amount_minor) AS revenue FROM @person_order_lines GROUP BY profile_id)
              SELECT e.profile_id AS profile_id, any(r.revenue) AS revenue, count() AS events
              FROM @person_events AS e INNER JOIN revenue_by_person AS r ON e.profile_id = r.profile_id
              WHERE e.name = 'moved' GROUP BY profile_id ORDER BY profile_id`,
      });
      expect(rows).toEqual([
        { profile_id: '11', revenue: '250', events: '1' },
        { profile_id: '12', revenue: '500', events: '1' },
      ]);
    });

    it('keeps the latest version of a replacing row, whatever the order of arrival', async () => {
      await store.append('traits', [aTrait({ name: 'city', value: '"new"', version: 2 })], 'city-1');
      await store.append('traits', [aTrait({ name: 'city', value: '"old"', version: 1 })], 'city-2');
      const { rows } = await store.read(one, { name: 'city', sql: `SELECT value FROM @traits WHERE name = 'city'` });
      expect(rows).toEqual([{ value: '"new"' }]);
    });

    it('says which rows are at fault, and stores none of them', async () => {
      const rows = [anEvent({ name: 'broken' }), anEvent({ name: 'broken', message_key: 'not a uuid' })];
      await expect(store.append('events', rows, 'broken-1')).rejects.toMatchObject({ code: 'storage.refused' });
      await expect(store.append('events', [anEvent({ nonsense: 1 })], 'broken-2')).rejects.toMatchObject({
        code: 'storage.refused',
      });
      expect(await count(`SELECT count() AS n FROM @events WHERE name = 'broken'`)).toBe(0);
    });

    it('refuses a row without a workspace', async () => {
      const { workspace_id: _, ...row } = anEvent({});
      await expect(store.append('events', [row], 'lost')).rejects.toThrow(/row 0 has no workspace_id/);
    });

    it('stores deep and odd JSON as it is', async () => {
      const properties = {
        a: { b: { c: [1, { d: 'x' }] } },
        价格: 5,
        'with.dot': true,
        empty: {},
        big: '9007199254740993',
      };
      await store.append('events', [anEvent({ name: 'odd', properties })], 'odd-1');
      const { rows } = await store.read<{ properties: object }>(one, {
        name: 'odd',
        sql: `SELECT properties FROM @events WHERE name = 'odd'`,
      });
      expect(rows[0]?.properties).toMatchObject({ a: { b: { c: [1, { d: 'x' }] } }, 价格: 5, big: '9007199254740993' });
    });

    it('gives up a question in time and stops the work on the server', async () => {
      const slow = {
        name: 'slow',
        sql: `SELECT sum(sleepEachRow(0.1)) AS n FROM numbers(600) WHERE number NOT IN (SELECT identity_id FROM @events WHERE name = 'none') SETTINGS max_block_size = 1`,
      };
      const startedAt = Date.now();
      await expect(store.read(one, slow, { timeoutMs: 300 })).rejects.toMatchObject({ code: 'storage.unavailable' });
      expect(Date.now() - startedAt).toBeLessThan(2000);
      await expect
        .poll(
          async () =>
            (
              await store.maintain<{ n: string }>(
                `SELECT count() AS n FROM system.processes WHERE query LIKE '%sleepEachRow(0.1)%' AND query NOT LIKE '%system.processes%'`,
                'a test',
              )
            )[0]?.n,
          { timeout: 5000 },
        )
        .toBe('0');
    });

    it('reads the bytes that are sent behind a statement, however long it is', async () => {
      const sum = (expected: number) =>
        `INSERT INTO FUNCTION null('n UInt64') SELECT throwIf(sum(n) != ${expected}, 'another sum') FROM input('n UInt64') /* ${'long '.repeat(60_000)} */ FORMAT CSV`;
      const body = () => Readable.from([Buffer.from('1\n2'), Buffer.from('0\n3\n')], { objectMode: false });
      await store.maintain(sum(24), 'a test', {}, body());
      await expect(store.maintain(sum(25), 'a test', {}, body())).rejects.toThrow(/another sum/);
      const broken = Readable.from(
        (async function* () {
          yield Buffer.from('1\n');
          throw new Error('torn off');
        })(),
        { objectMode: false },
      );
      await expect(store.maintain(sum(1), 'a test', {}, broken)).rejects.toMatchObject({ code: 'input.invalid' });
    });

    it('publishes rows that waited on one node, each once, and nobody saw them before', async () => {
      const node = await store.oneNode();
      const waiting = node.local('events').replace(/\w+$/, 'waiting');
      await node.maintain(`DROP TABLE IF EXISTS ${waiting} SYNC`, 'a test');
      await node.createStaged(waiting, 'events');
      await node.maintain(
        `INSERT INTO ${waiting} (workspace_id, identity_id, message_key, name, received_at) SELECT 1, number + 1, generateUUIDv4(), 'waited', '${at}' FROM numbers(1000)`,
        'a test',
      );
      const waited = `SELECT count() AS n FROM @events WHERE name = 'waited'`;
      expect(await count(waited)).toBe(0);
      await node.publish({ staged: waiting, table: 'events', partition: '202601' });
      await node.maintain(`DROP TABLE ${waiting} SYNC`, 'a test');
      expect(await count(waited)).toBe(1000);
      expect(await count(`SELECT uniqExact(identity_id) AS n FROM @events WHERE name = 'waited'`)).toBe(1000);
      expect(store.eachNode().map(({ url }) => url)).toContain(node.url);
    });

    it('streams a long answer in pieces', async () => {
      let rows = 0;
      let pieces = 0;
      const all = store.stream<{ number: string }>(one, {
        name: 'long',
        sql: `SELECT number FROM numbers(200000) WHERE number NOT IN (SELECT identity_id FROM @events WHERE name = 'none')`,
      });
      for await (const piece of all) {
        rows += piece.length;
        pieces += 1;
      }
      expect(rows).toBe(200_000);
      expect(pieces).toBeGreaterThan(1);
    });

    it('transforms rows inside the engine, within the workspace', async () => {
      await store.append('items', [anItem('i1'), { ...anItem('i1'), workspace_id: 2 }], 'items-1');
      const done = await store.transform(one, {
        name: 'copy',
        sql: `INSERT INTO @into(ad_spend) (workspace_id, spend_key, day, media_channel, campaign, spend_minor, currency, impressions, clicks, import_id, version)
              SELECT workspace_id, generateUUIDv4(), '2026-01-01', 'search', item_id, 5, 'USD', 1, 1, 0, 1 FROM @items`,
      });
      expect(done.rowsWritten).toBeGreaterThanOrEqual(1);
      expect(await count('SELECT count() AS n FROM @ad_spend')).toBe(1);
      expect(await count('SELECT count() AS n FROM @ad_spend', two)).toBe(0);
    });

    it('answers ping and names its nodes', async () => {
      expect(await store.ping(2000)).toBe(true);
      expect((await store.nodes()).every((node) => node.up)).toBe(true);
    });
  });
}

let serial = 0;
const key = (): string => {
  serial += 1;
  return `00000000-0000-4000-8000-${String(serial).padStart(12, '0')}`;
};
const at = '2026-01-01 00:00:00.000';

export const anEvent = (changes: Record<string, unknown>): Record<string, unknown> => ({
  workspace_id: 1,
  source_id: 1,
  message_key: key(),
  identity_id: '5',
  type: 'track',
  name: 'product_viewed',
  occurred_at: at,
  received_at: at,
  properties: { price: 9.5, sku: 'a' },
  context: {},
  repairs: [],
  import_id: 0,
  ...changes,
});

const aTrait = (changes: Record<string, unknown>): Record<string, unknown> => ({
  workspace_id: 1,
  identity_id: '5',
  name: 'city',
  value: '"x"',
  occurred_at: at,
  source_id: 1,
  message_key: key(),
  version: 1,
  ...changes,
});

const aLink = (identity: string, profile: string, version: number): Record<string, unknown> => ({
  workspace_id: 1,
  identity_id: identity,
  profile_id: profile,
  version,
});

const anOrderLine = (identity: string, amountMinor: number): Record<string, unknown> => ({
  workspace_id: 1,
  source_id: 1,
  line_key: key(),
  identity_id: identity,
  order_id: 'o1',
  kind: 'sale',
  item_id: 'i1',
  item_name: 'Tea',
  category: 'drinks',
  quantity: '1',
  unit_price: '5.0000',
  amount_minor: amountMinor,
  currency: 'USD',
  occurred_at: at,
  received_at: at,
  import_id: 0,
});

const anItem = (item: string): Record<string, unknown> => ({
  workspace_id: 1,
  item_id: item,
  name: 'Tea',
  description: '',
  category: 'drinks',
  brand: '',
  price_minor: 500,
  currency: 'USD',
  url: '',
  image_url: '',
  stock: null,
  attributes: {},
  updated_at: at,
  deleted: 0,
  import_id: 0,
  version: 1,
});
