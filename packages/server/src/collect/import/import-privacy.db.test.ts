import type { ImportKind } from '@zhiyin/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Workspace } from '../../domain/workspace.ts';
import { openTestStores, type TestStores } from '../../storage/testing.ts';
import { getImport, startImport, updateImport } from './manage-imports.ts';
import { createImport, receiveImportFile } from './receive-import.ts';
import { runImport } from './run-import.ts';
import { act, noJournal, recordingPorts, testDeps, testWorkspace, upload } from './testing.ts';

let stores: TestStores;
let workspace: Workspace;

beforeAll(async () => {
  stores = await openTestStores();
  workspace = testWorkspace(await stores.newWorkspace());
});
afterAll(async () => stores?.close());

/** Whatever of these stands anywhere in the event store names a person. */
const canaries = [
  'canary.li',
  '13812345678',
  '138 1234 5678',
  '110101199003074514',
  'Canary Street',
  '金丝雀',
  'customer-canary-77',
  'device-canary',
  '+44 20 7946 0958',
];
const columns = {
  Buyer: 'user_id',
  Mail: 'email',
  'Shipping Name': '*',
  'Billing Street': '*',
  收货人: '*',
  'Customer ID': '*',
  'Device ID': '*',
  Note: '*',
  联系: '*',
  gift: '*',
};
const cells = [
  'customer-canary-77',
  'canary.li@example.com',
  'Canary Li 金丝雀',
  '1 Canary Street',
  '金丝雀',
  'customer-canary-77',
  'device-canary',
  'call 138 1234 5678 or canary.li＠example.com, id 110101199003074514, UK +44 20 7946 0958',
  '13812345678',
  'yes',
];

async function importIt(kind: ImportKind, own: Record<string, string>, rows: string[][]) {
  const deps = testDeps(stores, recordingPorts());
  const header = [...Object.keys(own), ...Object.keys(columns)];
  const text = [header, ...rows.map((row) => [...row, ...cells])].map((row) =>
    row.map((cell) => `"${cell}"`).join(','),
  );
  const created = await createImport(stores, workspace, { fileName: `${kind}.csv`, kind }, act);
  await receiveImportFile(stores, deps, workspace, created.id, upload(`${text.join('\n')}\n`), act);
  await updateImport(stores, deps, workspace, created.id, { mapping: { ...own, ...columns } }, act);
  await startImport(stores, workspace, created.id, act);
  await runImport(stores, deps, workspace, created.id, { signal: new AbortController().signal, journal: noJournal });
  return getImport(stores, workspace, created.id);
}

it('lets no identifier and no personal trait into the event store, whether its column is mapped or kept', async () => {
  const orders = await importIt(
    'orders',
    { Number: 'order_id', Paid: 'timestamp', Item: 'item_name', Code: 'coupon', Price: 'price' },
    [
      ['A1', '2024-01-02 10:00:00', 'Engraving for canary.li@example.com', '13812345678', '10'],
      ['A2', 'someday', 'Engraving for canary.li@example.com', '', '10'],
    ],
  );
  expect(orders.report).toMatchObject({ received: 2, accepted: 1, quarantined: 1 });
  const events = await importIt('events', { Event: 'event', At: 'timestamp', Page: 'url' }, [
    ['page', '2024-01-02 10:00:00', 'https://shop.test/?mail=canary.li%40example.com&order=20240102001'],
  ]);
  expect(events.report).toMatchObject({ received: 1, accepted: 1 });

  const { database } = stores.config.events;
  const tables = await stores.events.maintain<{ name: string }>(
    `SELECT name FROM system.tables WHERE database = '${database}'`,
    'test',
  );
  expect(tables.map((table) => table.name).filter((name) => name.startsWith('import_'))).toEqual([]);
  for (const { name } of tables) {
    const rows = await stores.events.maintain<object>(`SELECT * FROM ${database}.${name}`, 'test');
    const text = JSON.stringify(rows);
    expect([name, canaries.filter((canary) => text.includes(canary))]).toEqual([name, []]);
  }
  const kept = await stores.events.maintain<{ properties: Record<string, unknown> }>(
    `SELECT properties FROM ${database}.events WHERE workspace_id = ${workspace.id} ORDER BY name`,
    'test',
  );
  for (const { properties } of kept)
    expect(properties).toMatchObject({
      gift: 'yes',
      Note: 'call [phone] or [email], id [id], UK [phone]',
      联系: '[phone]',
    });
  expect(kept[1]?.properties.url).toBe('https://shop.test/?mail=[email]&order=20240102001');
});
