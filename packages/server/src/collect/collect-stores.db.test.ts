import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { WorkspaceId } from '../domain/ids.ts';
import { openTestStores, type TestStores } from '../storage/testing.ts';
import { basic, collectApp } from './collect-fixtures.ts';
import { openSourceDirectory } from './source-directory.ts';

const logger = pino({ level: 'silent' });
let stores: TestStores;
let workspaceId: WorkspaceId;

beforeAll(async () => {
  stores = await openTestStores();
  workspaceId = await stores.newWorkspace({ currency: 'CNY' });
});
afterAll(() => stores?.close());

const addSource = (writeKey: string) =>
  stores.control
    .of(workspaceId)
    .query(`insert into sources (workspace_id, name, kind, write_key, settings) values ($1, $2, 'server', $2, $3)`, [
      writeKey,
      { allowedOrigins: ['https://shop.example'], eventsPerSecondMax: 100 },
    ]);

it('a source can be used as soon as the control store says that sources changed', async () => {
  const directory = await openSourceDirectory({ control: stores.control, logger });
  expect(directory.find('fresh')).toBeUndefined();
  await addSource('fresh');
  await stores.control.query(`select pg_notify('sources_changed', '')`);
  await expect
    .poll(() => directory.find('fresh'), { timeout: 3_000 })
    .toMatchObject({
      workspaceId,
      currency: 'CNY',
      allowedOrigins: ['https://shop.example'],
      eventsPerSecondMax: 100,
      disabled: false,
    });
  await directory.close();
});

it('a catalogue that was pushed is in the event store when the answer comes: the latest of each item, without the deleted', async () => {
  await addSource('catalogue');
  const sources = await openSourceDirectory({ control: stores.control, logger });
  const { app } = await collectApp({ sources, events: stores.events });
  const push = (payload: object) =>
    app.inject({ method: 'POST', url: '/v1/catalogue', payload, headers: { authorization: basic('catalogue') } });
  const upsert = [
    { id: 'a', name: '龙井', price: 99.9, attributes: { weight: { grams: 50 } }, colour: 'green' },
    { id: 'b', name: 'Gone' },
    { id: "c'); DROP TABLE items; --", name: 'Odd', price: 1200, currency: 'JPY' },
  ];
  expect((await push({ upsert })).json()).toEqual({ upserted: 3, deleted: 0 });
  expect((await push({ upsert: [{ id: 'a', name: '明前龙井', price: 128 }], delete: ['b'] })).statusCode).toBe(200);
  const { rows } = await stores.events.read<{ item_id: string; name: string; price_minor: string; currency: string }>(
    workspaceId,
    {
      name: 'items-of-test',
      sql: 'SELECT item_id, name, price_minor, currency FROM @items WHERE deleted = 0 ORDER BY item_id',
    },
  );
  expect(rows).toEqual([
    { item_id: 'a', name: '明前龙井', price_minor: '12800', currency: 'CNY' },
    { item_id: "c'); DROP TABLE items; --", name: 'Odd', price_minor: '1200', currency: 'JPY' },
  ]);
  await sources.close();
});
