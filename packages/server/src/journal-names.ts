import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Config } from './config.ts';
import { loadOrCreateFacts } from './storage/engines/private-file.ts';

/** The journals that this machine's processes write, by process; its worker cleans all of them. */
export type JournalNames = { readonly http: string; readonly worker: string };

/**
 * How far each journal was cleaned stands in the control store under its name. Machines that share one must not share names, so
 * there each carries the mark of its data directory.
 */
export function journalNames(config: Pick<Config, 'collect' | 'control'>): JournalNames {
  if (!config.control.url) return { http: 'http', worker: 'worker' };
  const file = path.join(config.collect.journalDir, 'machine.json');
  const { mark } = loadOrCreateFacts(file, () => ({ mark: randomBytes(6).toString('hex') }));
  return { http: `http-${mark}`, worker: `worker-${mark}` };
}
