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
  readonly residentBytes: number;
  readonly ownShareBytes: number;
};

/**
 * Memory of a process and all below it. `residentBytes` counts a page shared by n processes n times; `ownShareBytes` (Pss) gives
 * each of them an n-th, so that its sum is what the machine really holds: PostgreSQL's processes all map the same buffers.
 */
export function memoryOf(root: number): Memory[] {
  return treeOf(root).flatMap((pid) => {
    const text = read(`/proc/${pid}/smaps_rollup`);
    if (text === '') return [];
    const kilobytes = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0) * 1024;
    const name = read(`/proc/${pid}/cmdline`)
      .split('\0')
      .find((word) => /engine-host|worker\.ts|zhiyin\.ts|postgres/.test(word));
    return [
      { pid, name: name?.split('/').at(-1) ?? 'sh', residentBytes: kilobytes('Rss'), ownShareBytes: kilobytes('Pss') },
    ];
  });
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
