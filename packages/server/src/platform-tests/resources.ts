import { readFileSync } from 'node:fs';
import { treeOf } from './processes.ts';

const ticksPerSecond = 100;

/** Processor seconds used so far by a process and all below it, by name of the process. */
export function processorSeconds(root: number): Map<number, number> {
  return new Map(
    treeOf(root).flatMap((pid) => {
      const fields = read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
      return fields.length > 13 ? [[pid, (Number(fields[11]) + Number(fields[12])) / ticksPerSecond] as const] : [];
    }),
  );
}

export type Memory = {
  readonly pid: number;
  readonly name: string;
  /** All pages of the process that are in memory, those that it shares with others included. */
  readonly residentBytes: number;
};

export function memoryOf(root: number): Memory[] {
  return treeOf(root).flatMap((pid) => {
    const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
    if (kilobytes === 0) return [];
    const command = read(`/proc/${pid}/cmdline`).split('\0');
    const name = command.find((word) => /engine-host|worker\.ts|zhiyin\.ts|postgres/.test(word)) ?? 'sh';
    return [{ pid, name: name.split('/').at(-1)!, residentBytes: kilobytes * 1024 }];
  });
}

/**
 * What a process and all below it hold together, each shared page once. The plain sum counts PostgreSQL's buffers and the text
 * of the binaries once for each process; Pss counts too little when strangers run the same binaries. So: private pages are added
 * up, and of the shared ones the largest part that any process has of each file.
 */
export function residentTogether(root: number): number {
  let privateKilobytes = 0;
  const shared = new Map<string, number>();
  for (const pid of treeOf(root)) {
    const sharedHere = new Map<string, number>();
    let mapping = '';
    for (const line of read(`/proc/${pid}/smaps`).split('\n')) {
      const begins = /^[0-9a-f]+-[0-9a-f]+ \S+ \S+ (\S+) (\d+)\s*(.*)$/.exec(line);
      // Anonymous pages are shared between a process and its forks: they are told by their place.
      if (begins) mapping = begins[2] === '0' ? line.split(' ')[0]! : `${begins[1]} ${begins[2]} ${begins[3]}`;
      const [, kind, kilobytes] = /^(Shared|Private)_(?:Clean|Dirty):\s+(\d+)/.exec(line) ?? [];
      if (kind === 'Private') privateKilobytes += Number(kilobytes);
      if (kind === 'Shared') sharedHere.set(mapping, (sharedHere.get(mapping) ?? 0) + Number(kilobytes));
    }
    for (const [name, kilobytes] of sharedHere) shared.set(name, Math.max(shared.get(name) ?? 0, kilobytes));
  }
  return (privateKilobytes + [...shared.values()].reduce((sum, kilobytes) => sum + kilobytes, 0)) * 1024;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
