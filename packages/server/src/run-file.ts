import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { StoreAddresses } from './storage/start-engines.ts';

/** How the command line finds the platform that runs on this data directory. Holds passwords: readable by its owner alone. */
export type RunFile = { readonly pid: number; readonly url: string; readonly addresses: StoreAddresses };

const fileOf = (dataDir: string) => path.join(dataDir, 'run', 'platform.json');

export async function writeRunFile(dataDir: string, run: RunFile): Promise<void> {
  const file = fileOf(dataDir);
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(`${file}.new`, JSON.stringify(run), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** @returns undefined when nothing runs there: no file, or one left behind by a process that is gone. */
export async function findRunFile(dataDir: string): Promise<RunFile | undefined> {
  const text = await readFile(fileOf(dataDir), 'utf8').catch(() => undefined);
  if (!text) return undefined;
  const run = JSON.parse(text) as RunFile;
  return isAlive(run.pid) ? run : undefined;
}

export async function removeRunFile(dataDir: string): Promise<void> {
  await rm(fileOf(dataDir), { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}
