import { execFileSync } from 'node:child_process';
import os from 'node:os';

/** All threads of this process on one core, and what they start later; false where the system knows no way. */
export function pinToCore(core: number): boolean {
  // All there are: who started this process may be pinned itself.
  return os.cpus().length > 1 && taskset(String(core));
}

export function unpin(): void {
  taskset(`0-${os.cpus().length - 1}`);
}

function taskset(cores: string): boolean {
  try {
    execFileSync('taskset', ['-a', '-c', '-p', cores, String(process.pid)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
