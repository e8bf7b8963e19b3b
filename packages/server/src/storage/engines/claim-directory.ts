import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../domain/app-error.ts';
import { writePrivateFile } from './private-file.ts';

/** A process that was killed needs a moment to be gone; who starts the next one at once should not have to wait for it. */
const dyingMs = 2_000;

/**
 * Says "this process uses the directory" and fails when another living process says so already. The process's start time
 * tells it from a later one with the same number.
 */
export async function claimDirectory(dir: string, what: string): Promise<() => void> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const file = path.join(dir, 'owner.json');
  const mine = { pid: process.pid, startedAt: startTimeOf(process.pid) ?? '' };
  const giveUpAt = performance.now() + dyingMs;
  for (let owner = findOwner(file); owner; owner = findOwner(file)) {
    if (performance.now() > giveUpAt) {
      throw new AppError('storage.unavailable', `${what}: ${dir} is in use by process ${owner.pid}`, {
        details: {
          field: 'ZHIYIN_DATA_DIR',
          fix: 'Stop the other Zhiyin that uses this data directory, or choose another one with ZHIYIN_DATA_DIR.',
        },
      });
    }
    await sleep(50);
  }
  writePrivateFile(file, JSON.stringify(mine));
  return () => rmSync(file, { force: true });
}

/** The other living process that claimed the directory, if there is one. */
function findOwner(file: string): { pid: number } | undefined {
  if (!existsSync(file)) return undefined;
  const { pid, startedAt } = JSON.parse(readFileSync(file, 'utf8') || '{}') as { pid?: number; startedAt?: string };
  return pid && startTimeOf(pid) === startedAt ? { pid } : undefined;
}

/** Clock ticks since boot at which a process began, or undefined when there is none. */
function startTimeOf(pid: number): string | undefined {
  try {
    const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1) ?? '';
    const fields = afterName.split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
