import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Workspace } from '../../domain/workspace.ts';
import { migrateEventStore, openEventStore } from '../../storage/events/index.ts';
import { startTestCluster, type TestCluster } from '../../storage/events/testing-cluster.ts';
import type { Stores } from '../../storage/stores.ts';
import { openTestStores, type TestStores } from '../../storage/testing.ts';
import type { ImportDeps } from './import-deps.ts';
import { cancelImport, getImport, startImport } from './manage-imports.ts';
import { previewImport } from './preview-import.ts';
import { createImport, receiveImportFile } from './receive-import.ts';
import { runImport } from './run-import.ts';
import { act, noJournal, recordingPorts, testDeps, testWorkspace, upload } from './testing.ts';
import { tidyStaging } from './tidy-imports.ts';

const database = 'zhiyin';
let dir: string;
let cluster: TestCluster;
let control: TestStores;
/** The event store is a cluster of 2 shards × 2 replicas; the rest is as everywhere. */
let stores: Stores;
let workspace: Workspace;
let deps: ImportDeps;

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'zhiyin-import-cluster-'));
  [control, cluster] = await Promise.all([openTestStores(), startTestCluster(dir, database)]);
  await migrateEventStore(cluster.address);
  stores = { ...control, events: openEventStore(cluster.address) };
  deps = { ...testDeps(control, recordingPorts()), database, engineReadsFiles: false };
});
afterAll(async () => {
  await stores?.events.close();
  await cluster?.stop();
  await control?.close();
  rmSync(dir, { recursive: true, force: true });
});
beforeEach(async () => {
  workspace = testWorkspace(await control.newWorkspace());
});

const people = 100;
/** Lines of two an order, each of 2 × 1.50; one names nobody. */
const orders = (count: number): string =>
  `order_id,user_id,date,sku,qty,price,note\n${Array.from(
    { length: count },
    (_, i) => `O${i >> 1},${i === 7 ? '' : `u${(i >> 1) % people}`},2024-01-02 10:00:00,A${i},2,1.50,n${i % 5}\n`,
  ).join('')}`;
const views = (count: number): string =>
  `event,user_id,timestamp,product_id\n${Array.from(
    { length: count },
    (_, i) => `view,u${i % people},2024-01-02 10:${String(i % 60).padStart(2, '0')}:00,A${i}\n`,
  ).join('')}`;

async function queue(kind: 'orders' | 'events', text: string): Promise<number> {
  const created = await createImport(stores, workspace, { fileName: `${kind}.csv`, kind }, act);
  await receiveImportFile(stores, deps, workspace, created.id, upload(text), act);
  expect((await previewImport(stores, deps, workspace, created.id)).rows[0]).toMatchObject({ outcome: 'valid' });
  await startImport(stores, workspace, created.id, act);
  return created.id;
}
const run = (importId: number, given: Partial<Stores> = {}, signal = new AbortController().signal) =>
  runImport({ ...stores, ...given }, deps, workspace, importId, { signal, journal: noJournal });
async function importText(kind: 'orders' | 'events', text: string) {
  const id = await queue(kind, text);
  await run(id);
  return getImport(stores, workspace, id);
}
const ask = async (sql: string): Promise<Record<string, string>> =>
  (await stores.events.read<Record<string, string>>(workspace.id, { name: 'test', sql })).rows[0] ?? {};
/** Rows of this brand on each node's own disk. */
const perNode = (table: 'events' | 'order_lines' | 'quarantine'): Promise<number[]> =>
  Promise.all(
    stores.events.eachNode().map(async ({ maintain, local }) => {
      const [row] = await maintain<{ n: string }>(
        `SELECT count() AS n FROM ${local(table)} WHERE workspace_id = ${workspace.id}`,
        'a test',
      );
      return Number(row?.n);
    }),
  );
async function leftTables(): Promise<string[]> {
  const found = await Promise.all(
    stores.events
      .eachNode()
      .map(({ maintain }) =>
        maintain<{ name: string }>(
          `SELECT name FROM system.tables WHERE database = '${database}' AND name LIKE 'import\\_%'`,
          'a test',
        ),
      ),
  );
  return found.flat().map(({ name }) => name);
}
/** All of a person's rows on one shard, both replicas of a shard with the same, nothing lost. */
async function expectSpread(table: 'events' | 'order_lines', rows: number): Promise<void> {
  const [first = 0, itsReplica, second = 0, otherReplica] = await perNode(table);
  expect([itsReplica, otherReplica, first + second]).toEqual([first, second, rows]);
  expect(Math.min(first, second)).toBeGreaterThan(0);
}

describe('imports into a cluster', () => {
  it('brings orders to the shards they belong to, once on each replica, and the same rows again add nothing', async () => {
    const done = await importText('orders', orders(20_000));
    expect(done.error).toBeNull();
    expect(done.report).toMatchObject({
      received: 20_000,
      accepted: 19_999,
      reasons: { missing_identity: 1 },
      made: { lines: 19_999, orders: 10_000, people, revenue_minor: 19_999 * 300 },
    });
    await expectSpread('order_lines', 19_999);
    await expectSpread('events', 10_000);
    expect(await ask('SELECT count() AS n, toString(sum(amount_minor)) AS minor FROM @order_lines')).toEqual({
      n: '19999',
      minor: '5999700',
    });
    const later = await importText('orders', `${orders(20_000)}O99999,u1,2024-01-03,Z,1,1.00,new\n`);
    expect(later.report).toMatchObject({ received: 20_001, accepted: 1, duplicate: 20_000, quarantined: 0 });
    await expectSpread('order_lines', 20_000);
    expect(await leftTables()).toEqual([]);
  });

  it('brings events, and knows rows that came before', async () => {
    const done = await importText('events', views(5_000));
    expect(done.report).toMatchObject({ received: 5_000, accepted: 5_000, made: { events: 5_000, people } });
    await expectSpread('events', 5_000);
    expect((await importText('events', `${views(5_000)}\n`)).report).toMatchObject({ accepted: 0, duplicate: 5_000 });
    expect(await ask(`SELECT count() AS n, uniqExact(properties.product_id) AS items FROM @events`)).toEqual({
      n: '5000',
      items: '5000',
    });
  });

  it('leaves nothing on any node when it is cancelled after everything was published', async () => {
    const importId = await queue('orders', orders(1_000));
    const cancelling = Object.create(stores.control, {
      transaction: {
        value: async (work: Parameters<Stores['control']['transaction']>[0]) => {
          if ((await getImport(stores, workspace, importId)).state === 'running') {
            await expectSpread('order_lines', 999);
            await cancelImport(stores, deps, workspace, importId, act);
          }
          return stores.control.transaction(work);
        },
      },
    });
    await run(importId, { control: cancelling });
    expect(await getImport(stores, workspace, importId)).toMatchObject({
      state: 'cancelled',
      error: 'Cancelled: no rows of this file were stored.',
    });
    for (const table of ['order_lines', 'events', 'quarantine'] as const)
      expect(await perNode(table)).toEqual([0, 0, 0, 0]);
    expect((await importText('orders', orders(1_000))).report).toMatchObject({ accepted: 999, quarantined: 1 });
  });

  it('starts over after a crash in the middle of publishing, and doubles nothing', async () => {
    const importId = await queue('orders', orders(1_000));
    const killing = new AbortController();
    let attached = 0;
    const real = stores.events;
    // Two nodes have their lines, and the process is gone.
    const dying = Object.create(real, {
      oneNode: {
        value: async () => {
          const node = await real.oneNode();
          return {
            ...node,
            async publish(rows: Parameters<typeof node.publish>[0]) {
              await node.publish(rows);
              attached += 1;
              if (attached < 2) return;
              const half = real.eachNode().slice(2);
              for (const { maintain, local } of half)
                await maintain(
                  `DELETE FROM ${local('order_lines')} WHERE workspace_id = ${workspace.id} SETTINGS lightweight_deletes_sync = 2`,
                  'a test: as if these nodes had not been reached',
                );
              killing.abort(new Error('killed'));
              throw new Error('killed');
            },
          };
        },
      },
    });
    await expect(run(importId, { events: dying }, killing.signal)).rejects.toThrow('killed');
    const [first, replica, ...others] = await perNode('order_lines');
    expect([first, others]).toEqual([replica, [0, 0]]);
    await run(importId);
    expect((await getImport(stores, workspace, importId)).report).toMatchObject({ accepted: 999, duplicate: 0 });
    await expectSpread('order_lines', 999);
    await expectSpread('events', 500);
  });

  it('waits for a node that is away, says which, and goes on when it is back', async () => {
    const importId = await queue('events', views(2_000));
    await cluster.kill(3);
    await expect(run(importId)).rejects.toMatchObject({ code: 'storage.unavailable' });
    expect(await getImport(stores, workspace, importId)).toMatchObject({
      state: 'queued',
      error: expect.stringContaining(cluster.address.nodes[3] as string),
    });
    expect(await ask('SELECT count() AS n FROM @events')).toEqual({ n: '0' });
    await cluster.revive(3);
    await run(importId);
    expect((await getImport(stores, workspace, importId)).report).toMatchObject({ accepted: 2_000 });
    await expectSpread('events', 2_000);
  });

  it('goes on through another node when the one it worked on dies, and tidies what was left there', async () => {
    const importId = await queue('orders', orders(2_000));
    let killed: Promise<void> | undefined;
    const first = cluster.address.nodes.indexOf((await stores.events.oneNode()).url);
    const broken = runImport(stores, deps, workspace, importId, {
      signal: new AbortController().signal,
      journal: noJournal,
      onProgress: async ({ stage }) => {
        if (stage !== 'matching') return;
        killed = cluster.kill(first);
        await killed;
      },
    });
    await expect(broken).rejects.toMatchObject({ code: 'storage.unavailable' });
    await killed;
    expect((await stores.events.oneNode()).url).not.toBe(cluster.address.nodes[first]);
    await cluster.revive(first);
    await run(importId);
    expect((await getImport(stores, workspace, importId)).report).toMatchObject({ accepted: 1_999 });
    await expectSpread('order_lines', 1_999);
    expect((await leftTables()).length).toBeGreaterThan(0);
    await tidyStaging(stores, deps);
    expect(await leftTables()).toEqual([]);
  });
});
