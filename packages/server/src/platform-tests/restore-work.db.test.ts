import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Import, Job } from '@zhiyin/contract';
import { expect, it } from 'vitest';
import { setUpOwner, signInOwner } from './api-client.ts';
import { aDataDir, runToEnd, startPlatformProcess } from './platform-process.ts';

const rows = 500;
const file = [
  'order_id,timestamp,user_id,item_id,quantity,price',
  ...Array.from({ length: rows }, (_, n) => `o${n >> 1},2026-02-03 10:00:00,u${n % 40},i${n % 7},1,${n % 90}.50`),
].join('\n');

it('goes on with imports and jobs that waited when the backup was made, and has the file of one that nobody started yet', async () => {
  await using place = await aDataDir();
  await using fresh = await aDataDir();
  // Without a worker everything that is sent waits.
  const platform = await startPlatformProcess({ dataDir: place.dir, env: { ZHIYIN_WORKER: 'off' } });
  const owner = await setUpOwner(() => platform.url, place.dir);
  const base = `/api/workspaces/${owner.session.workspaces[0]!.id}`;
  const ids: number[] = [];
  for (const name of ['queued', 'ready']) {
    const { id } = await owner.call<Import>('POST', `${base}/imports`, { fileName: `${name}.csv`, kind: 'orders' });
    const body = name === 'queued' ? file : file.replaceAll('2026-02-03', '2026-02-04');
    const headers = { 'content-type': 'application/octet-stream' };
    expect((await owner.fetch(`${base}/imports/${id}/file`, { method: 'PUT', body, headers })).status).toBe(200);
    ids.push(id);
  }
  const [queued, ready] = ids as [number, number];
  await owner.call('POST', `${base}/imports/${queued}/start`);

  const target = path.join(place.dir, 'backup');
  expect(await runToEnd(['backup', target], { dataDir: place.dir })).toMatchObject({ code: 0 });
  expect(readdirSync(path.join(target, 'imports')).toSorted()).toEqual([String(queued), String(ready)].toSorted());
  await platform.stop();

  expect(await runToEnd(['restore', target], { dataDir: fresh.dir })).toMatchObject({ code: 0 });
  const restored = await startPlatformProcess({ dataDir: fresh.dir });
  const client = await signInOwner(() => restored.url);
  const importOf = (id: number) => client.call<Import>('GET', `${base}/imports/${id}`);
  await expect.poll(async () => (await importOf(queued)).state, { timeout: 60_000, interval: 200 }).toBe('done');
  expect((await importOf(queued)).report).toMatchObject({
    received: rows,
    accepted: rows,
    duplicate: 0,
    quarantined: 0,
  });
  const jobs = await client.call<{ rows: Job[] }>('GET', `${base}/jobs`);
  expect(jobs.rows.map(({ name, subject }) => [name, subject])).toEqual([['import', `import ${queued}`]]);

  expect((await importOf(ready)).state).toBe('ready');
  await client.call('POST', `${base}/imports/${ready}/start`);
  await expect.poll(async () => (await importOf(ready)).state, { timeout: 60_000, interval: 200 }).toBe('done');
  expect((await importOf(ready)).report).toMatchObject({ received: rows, accepted: rows });
  expect((await restored.stop()).code).toBe(0);
});
