import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadMasterKey } from './load-master-key.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'zhiyin-key-'));
});
afterEach(() => rm(dataDir, { recursive: true }));

test('the key is made once, readable by its owner only, and stays the same', async () => {
  const [first, second] = await Promise.all([loadMasterKey({ dataDir }), loadMasterKey({ dataDir })]);
  expect(first.equals(second)).toBe(true);
  expect((await loadMasterKey({ dataDir })).equals(first)).toBe(true);
  const file = path.join(dataDir, 'keys', 'master.key');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await readFile(file, 'utf8')).trim()).toBe(first.toString('hex'));
});

test('a key from the environment comes first and leaves no file', async () => {
  const masterKeyHex = 'ab'.repeat(32);
  expect((await loadMasterKey({ dataDir, masterKeyHex })).toString('hex')).toBe(masterKeyHex);
  await expect(stat(path.join(dataDir, 'keys'))).rejects.toThrow();
});

test('a damaged key file is an error that names the file, never a new key', async () => {
  await loadMasterKey({ dataDir });
  const file = path.join(dataDir, 'keys', 'master.key');
  await writeFile(file, 'oops');
  await expect(loadMasterKey({ dataDir })).rejects.toThrow(file);
  expect(await readFile(file, 'utf8')).toBe('oops');
});
