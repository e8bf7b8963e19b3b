import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export type Part = 'main' | 'worker' | 'clickhouse' | 'postgres' | 'other';
export type FoundProcess = { readonly pid: number; readonly parent: number; readonly part: Part };

/** What runs on a data directory, whoever its parent is by now: told by working directory, environment or arguments. */
export function processesOf(dataDir: string): FoundProcess[] {
  return listPids().flatMap((pid) => {
    const isOurs =
      read(() => readlinkSync(`/proc/${pid}/cwd`)).startsWith(`${dataDir}/`) ||
      environmentOf(pid).includes(dataDir) ||
      commandOf(pid).includes(dataDir);
    const parent = parentOf(pid);
    return isOurs && pid !== process.pid && parent !== undefined ? [{ pid, parent, part: partOf(pid) }] : [];
  });
}

/** A part of the platform as it runs now; undefined between an end and the next start. Postgres: the postmaster. */
export function findPart(main: number, part: Exclude<Part, 'main' | 'other'>): number | undefined {
  return listPids().find((pid) => parentOf(pid) === main && partOf(pid) === part);
}

/** The process and everything below it. */
export function treeOf(root: number): number[] {
  const parents = new Map(listPids().map((pid) => [pid, parentOf(pid)]));
  const tree = [root];
  for (const member of tree) {
    for (const [pid, parent] of parents) if (parent === member) tree.push(pid);
  }
  return tree;
}

export async function killEverythingOf(dataDir: string): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const found = processesOf(dataDir);
    if (found.length === 0) return;
    for (const { pid } of found) read(() => String(process.kill(pid, 'SIGKILL')));
    await sleep(100);
  }
}

function partOf(pid: number): Part {
  const command = commandOf(pid);
  if (command.includes('engine-host.cjs')) return 'clickhouse';
  if (/\/postgres\0-D\0/.test(command)) return 'postgres';
  if (command.includes('src/worker.ts')) return 'worker';
  if (command.includes('cli/zhiyin.ts')) return 'main';
  return 'other';
}

const listPids = (): number[] => readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));

/** Undefined for one that is gone or waits to be reaped. */
function parentOf(pid: number): number | undefined {
  const [state, parent] =
    read(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
      .split(') ')
      .at(-1)
      ?.split(' ') ?? [];
  return state === undefined || state === '' || state === 'Z' ? undefined : Number(parent);
}

const commandOf = (pid: number): string => read(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
const environmentOf = (pid: number): string => read(() => readFileSync(`/proc/${pid}/environ`, 'utf8'));

/** Processes come and go while they are looked at. */
function read(what: () => string): string {
  try {
    return what();
  } catch {
    return '';
  }
}
