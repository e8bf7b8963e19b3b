import { execFileSync } from 'node:child_process';
import os from 'node:os';

/** More than anything else that runs meanwhile, where that is allowed. */
const priority = -15;

/** All threads of this process on one core, ahead of others, and what they start later; false where the system knows no way. */
export function pinToCore(core: number): boolean {
  try {
    os.setPriority(priority);
  } catch {
    // Not allowed: then what else runs is measured, too.
  }
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
