import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asWorkspaceId } from '../../domain/ids.ts';
import { anEvent, testEventStore } from './event-store.contract.ts';
import type { EventStore } from './event-store.ts';
import { migrateEventStore, openEventStore } from './index.ts';
import { startTestCluster, type TestCluster } from './testing-cluster.ts';

const one = asWorkspaceId(1);
let dir: string;
let cluster: TestCluster;

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'zhiyin-cluster-'));
  cluster = await startTestCluster(dir, 'zhiyin');
  await migrateEventStore(cluster.address);
});
afterAll(async () => {
  await cluster?.stop();
  rmSync(dir, { recursive: true, force: true });
});

testEventStore('a cluster of 2 shards × 2 replicas', async () => {
  const store = openEventStore(cluster.address);
  return { store, close: () => store.close() };
});

describe('a cluster that loses a node', () => {
  let store: EventStore;
  beforeAll(() => {
    store = openEventStore(cluster.address);
  });
  afterAll(() => store.close());

  const batch = (name: string) =>
    Array.from({ length: 40 }, (_, index) => anEvent({ name, identity_id: String(index + 1) }));
  const count = async (name: string): Promise<number> => {
    const { rows } = await store.read<{ n: string }>(one, {
      name: 'count',
      sql: 'SELECT count() AS n FROM @events WHERE name = {name:String}',
      parameters: { name },
    });
    return Number(rows[0]?.n);
  };
  const perNode = (name: string): Promise<number[]> =>
    Promise.all(
      cluster.address.nodes.map(async (url) => {
        const alone = openEventStore({ ...cluster.address, nodes: [url] });
        try {
          const rows = await alone.maintain<{ n: string }>(
            'SELECT count() AS n FROM zhiyin.events_local WHERE name = {name:String}',
            'a test',
            { name },
          );
          return Number(rows[0]?.n);
        } finally {
          await alone.close();
        }
      }),
    );

  it('runs migrations twice without a change', async () => {
    expect(await migrateEventStore(cluster.address)).toEqual([]);
  });

  it.each([
    ['the node we talk to', 0],
    ['another one', 3],
  ])('goes on writing and reading without %s, and it has everything once after its return', async (who, node) => {
    const before = `before ${who}`;
    const meanwhile = `meanwhile ${who}`;
    await store.append('events', batch(before), `${before}-1`);
    await cluster.kill(node);
    expect(await count(before)).toBe(40);
    for (let chunk = 1; chunk <= 3; chunk += 1) {
      await store.append('events', batch(meanwhile), `${meanwhile}-${chunk}`);
      // As after a crash of ours: the same chunk again.
      await store.append('events', batch(meanwhile), `${meanwhile}-${chunk}`);
    }
    expect(await count(meanwhile)).toBe(120);
    expect((await store.nodes()).filter((state) => !state.up)).toHaveLength(1);

    await cluster.revive(node);
    await expect.poll(() => perNode(meanwhile), { timeout: 20_000, interval: 200 }).toEqual([60, 60, 60, 60]);
    await store.append('events', batch(meanwhile), `${meanwhile}-1`);
    expect(await perNode(meanwhile)).toEqual([60, 60, 60, 60]);
    expect(await perNode(before)).toEqual([20, 20, 20, 20]);
    expect(await count(before)).toBe(40);
  });

  it('says unavailable while a whole shard is away, and loses and doubles nothing when the same rows come again', async () => {
    await Promise.all([cluster.kill(2), cluster.kill(3)]);
    const rows = batch('shard away');
    await expect(store.append('events', rows, 'shard-away-1')).rejects.toMatchObject({ code: 'storage.unavailable' });
    await Promise.all([cluster.revive(2), cluster.revive(3)]);
    await store.append('events', rows, 'shard-away-1');
    await expect.poll(() => perNode('shard away'), { timeout: 20_000, interval: 200 }).toEqual([20, 20, 20, 20]);
    expect(await count('shard away')).toBe(40);
  });
});
