import { existsSync } from 'node:fs';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Workspace } from '../../domain/workspace.ts';
import { openTestStores, type TestStores } from '../../storage/testing.ts';
import type { ImportDeps } from './import-deps.ts';
import { importFile, importFolder } from './import-files.ts';
import { getImport, startImport } from './manage-imports.ts';
import { createImport, receiveImportFile } from './receive-import.ts';
import { sendQueuedImports } from './send-queued-imports.ts';
import { act, recordingPorts, testDeps, testWorkspace, upload } from './testing.ts';
import { tidyImports } from './tidy-imports.ts';

let stores: TestStores;
let workspace: Workspace;
let deps: ImportDeps;
const text = 'order_id,user_id,date,sku,qty,price\n1,u,2024-01-02,A,1,2\n';

beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores?.close());
beforeEach(async () => {
  workspace = testWorkspace(await stores.newWorkspace());
  deps = testDeps(stores, recordingPorts());
});

const create = (sizeBytes?: number) =>
  createImport(stores, workspace, { fileName: 'x.csv', kind: 'orders', ...(sizeBytes ? { sizeBytes } : {}) }, act);
const receive = (importId: number, bytes: Readable | string) =>
  receiveImportFile(stores, deps, workspace, importId, typeof bytes === 'string' ? upload(bytes) : bytes, act);
const inDays = (days: number) => ({ ...deps, now: () => new Date(Date.now() + days * 86_400_000) });

it('refuses an upload with other bytes than were announced, and takes the whole file after it', async () => {
  const { id } = await create(text.length);
  await expect(receive(id, text.slice(0, -4))).rejects.toThrow('the upload is incomplete');
  expect((await getImport(stores, workspace, id)).state).toBe('uploading');
  expect(existsSync(importFile(deps.importDir, id))).toBe(false);
  expect((await receive(id, text)).state).toBe('ready');
  // Another file in its place: nothing was announced about this one.
  expect((await receive(id, `${text}2,u,2024-01-02,A,1,2\n`)).state).toBe('ready');
});

it('waits for the file again when an upload breaks off', async () => {
  const { id } = await create();
  const broken = new Readable({ read() {} });
  broken.push(text.slice(0, 30));
  setTimeout(() => broken.destroy(), 20);
  await expect(receive(id, broken)).rejects.toThrow('the upload broke off');
  expect((await getImport(stores, workspace, id)).state).toBe('uploading');
  expect((await receive(id, text)).state).toBe('ready');
});

it('gives up what nobody started for a week, removes what ended imports left, and keeps what is needed', async () => {
  const [waiting, queued] = [await create(), await create()];
  for (const { id } of [waiting, queued]) await receive(id, text);
  await startImport(stores, workspace, queued.id, act);
  const old = new Date(Date.now() - 10 * 86_400_000);
  for (const name of ['99999', 'judged-of-a-crash', 'not-ours']) {
    const folder = path.join(deps.importDir, name);
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'data'), '');
    await utimes(folder, old, old);
  }
  const removed: number[] = [];
  const audit = async (_: unknown, { importId }: { importId: number }) => void removed.push(importId);
  expect(await tidyImports(stores, inDays(6), audit)).toEqual({ imports: 0, folders: 2 });
  await tidyImports(stores, inDays(8), audit);
  expect(removed).toContain(waiting.id);
  expect(await getImport(stores, workspace, waiting.id)).toMatchObject({
    state: 'cancelled',
    error: expect.stringContaining('not started within 7 days'),
  });
  expect([waiting.id, queued.id].map((id) => existsSync(importFolder(deps.importDir, id)))).toEqual([false, true]);
  expect(existsSync(path.join(deps.importDir, 'not-ours'))).toBe(true);
});

it('sends a job for each queued import, of one workspace or of all', async () => {
  const { id } = await create();
  await receive(id, text);
  await startImport(stores, workspace, id, act);
  const sent: number[] = [];
  const queue = {
    send: async (_: string, data: { importId: number }) => {
      sent.push(data.importId);
      return '';
    },
  };
  await sendQueuedImports(stores, queue, workspace.id);
  expect(sent).toEqual([id]);
  await sendQueuedImports(stores, queue);
  expect(sent.length).toBeGreaterThanOrEqual(2);
});
