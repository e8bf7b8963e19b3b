import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../domain/app-error.ts';
import { writePrivateFile } from './private-file.ts';

/**
 * Says "this process uses the directory" and fails when another living process says so already. The process's start time
 * tells it from a later one with the same number.
 */
export function claimDirectory(dir: string, what: string): () => void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const file = path.join(dir, 'owner.json');
  const mine = { pid: process.pid, startedAt: startTimeOf(process.pid) ?? '' };
  if (existsSync(file)) {
    const owner = JSON.parse(readFileSync(file, 'utf8') || '{}') as { pid?: number; startedAt?: string };
    if (owner.pid && startTimeOf(owner.pid) === owner.startedAt) {
      throw new AppError('storage.unavailable', `${what}: ${dir} is in use by process ${owner.pid}`, {
        details: {
          field: 'ZHIYIN_DATA_DIR',
          fix: 'Stop the other Zhiyin that uses this data directory, or choose another one with ZHIYIN_DATA_DIR.',
        },
      });
    }
  }
  writePrivateFile(file, JSON.stringify(mine));
  return () => rmSync(file, { force: true });
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
