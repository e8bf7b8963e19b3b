import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { parseConfig } from './config.ts';
import { journalNames } from './journal-names.ts';

const dirs: string[] = [];
afterAll(() => dirs.map((dir) => rmSync(dir, { recursive: true, force: true })));

function machine(env: Record<string, string> = {}) {
  const dir = mkdtempSync(path.join(tmpdir(), 'zhiyin-names-'));
  dirs.push(dir);
  return parseConfig({ ZHIYIN_DATA_DIR: dir, ...env });
}

it('gives machines that share a control store journals of different names, each its own again and again', () => {
  const shared = { DATABASE_URL: 'postgres://zhiyin@db.example/zhiyin' };
  const [first, second] = [machine(shared), machine(shared)];
  expect(journalNames(first)).toEqual(journalNames(first));
  expect(journalNames(first).http).toMatch(/^http-[0-9a-f]{12}$/);
  expect(journalNames(first).http).not.toBe(journalNames(second).http);
});

it('keeps the plain names with a control store of its own', () => {
  expect(journalNames(machine())).toEqual({ http: 'http', worker: 'worker' });
});
