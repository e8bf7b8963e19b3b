import { buffer, text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Workspace } from '../../domain/workspace.ts';
import { openTestStores, type TestStores } from '../../storage/testing.ts';
import { testWorkspace } from '../import/testing.ts';
import { exportRows } from './export-rows.ts';

let stores: TestStores;
let workspace: Workspace;
const signal = new AbortController().signal;
const download = async (what: string, format: 'csv' | 'ndjson' | 'parquet', reveal = false) => {
  const deps = { importDir: stores.config.collect.importDir, engineReadsFiles: true };
  return exportRows(deps, stores, workspace, { what, format, reveal }, { signal });
};

beforeAll(async () => {
  stores = await openTestStores();
  workspace = testWorkspace(await stores.newWorkspace());
  const vault = await stores.vault.of(workspace.id);
  const identityId = vault.surrogate('user_id', 'u-17');
  await stores.control.transaction((session) =>
    vault.remember(session, [{ identityId, kind: 'user_id', value: 'u-17', firstSeenAt: new Date(0) }], []),
  );
  const line = {
    workspace_id: workspace.id,
    source_id: 1,
    line_key: '00000000-0000-0000-0000-000000000001',
    identity_id: identityId,
    order_id: '=cmd()',
    kind: 'refund',
    item_id: 'A',
    item_name: '茶杯, "青"',
    category: '',
    quantity: '-1',
    unit_price: '2.5',
    amount_minor: -250,
    currency: 'CNY',
    occurred_at: '2024-01-02 03:04:05.000',
    received_at: '2024-01-02 03:04:05.000',
    import_id: 0,
  };
  await stores.events.append('order_lines', [line], 'export-test');
});
afterAll(async () => stores?.close());

describe('an export', () => {
  it('is CSV that no spreadsheet runs, with surrogates instead of people', async () => {
    const csv = await text((await download('orders', 'csv')).body);
    expect(csv).toContain("'=cmd()");
    expect(csv).toContain('"茶杯, ""青"""');
    expect(csv).toContain('-250');
    expect(csv).not.toContain('u-17');
  });

  it('names people out of the vault when asked to', async () => {
    expect(JSON.parse(await text((await download('orders', 'ndjson', true)).body))).toMatchObject({
      order_id: '=cmd()',
      user_id: 'u-17',
    });
  });

  it('is Parquet that the engine reads back', async () => {
    const file = await download('orders', 'parquet');
    const bytes = await buffer(file.body);
    expect(bytes.subarray(0, 4).toString('latin1')).toBe('PAR1');
    expect(file.fileName).toMatch(/^orders-.*\.parquet$/);
  });

  it.each(['events', 'people', 'items', 'reviews', 'spend', 'quarantine'])('of %s can be empty', async (what) => {
    expect(await text((await download(what, 'ndjson')).body)).toBe('');
  });

  it('of something else is refused', async () => {
    await expect(download('secrets', 'csv')).rejects.toThrow('secrets cannot be exported');
  });
});
