import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { copyIfThere } from './copy-if-there.ts';

/** A job as it was sent, with the wait it had left. The queue's own tables are of its version and are not copied. */
export type WaitingJob = {
  readonly name: string;
  readonly data: unknown;
  readonly singletonKey: string | null;
  /** Not before this instant. */
  readonly startAfter: string;
};

const jobsName = 'jobs.json';
/** Where a restored platform finds them at its first start. */
export const restoredJobsFact = 'restored_jobs';

/** Jobs that wait, run or will be tried again; what schedules send comes back by itself. `client` is inside the backup's transaction. */
export async function dumpJobs(client: pg.Client, schema: string, dir: string): Promise<void> {
  const queue = `${schema}_jobs`;
  const { rows: found } = await client.query<{ job: string | null; schedule: string | null }>(
    'select to_regclass($1)::text as job, to_regclass($2)::text as schedule',
    [`${queue}.job`, `${queue}.schedule`],
  );
  if (!found[0]?.job || !found[0].schedule) return;
  const { rows } = await client.query<Omit<WaitingJob, 'startAfter'> & { startAfter: Date }>(
    `select name, data, singleton_key as "singletonKey", start_after as "startAfter" from ${queue}.job
     where state in ('created', 'retry', 'active') and name not like '\\_\\_pgboss%' and name not in (select name from ${queue}.schedule)
     order by created_on, id`,
  );
  if (rows.length > 0) await writeFile(path.join(dir, jobsName), `${JSON.stringify(rows, null, 2)}\n`, { mode: 0o600 });
}

/** Leaves the jobs to the first start, which has the queue. `client` is inside the transaction that fills the control store. */
export async function loadJobs(client: pg.Client, from: string): Promise<void> {
  const file = path.join(from, jobsName);
  if (!existsSync(file)) return;
  await client.query('insert into platform_facts (name, value) values ($1, $2)', [
    restoredJobsFact,
    await readFile(file, 'utf8'),
  ]);
}

/**
 * Files of imports, taken before the control store is read: one that ends meanwhile removes its own. What is not needed after all
 * goes again in `keepNeededFiles`.
 */
export async function copyImportFiles(importDir: string, to: string): Promise<void> {
  for (const name of await folders(importDir)) await copyIfThere(path.join(importDir, name), path.join(to, name));
}

/** Of imports that stand ready, wait or run as the backup's control store sees them. */
export async function keepNeededFiles(client: pg.Client, schema: string, importDir: string, to: string): Promise<void> {
  const { rows } = await client.query<{ id: number }>(
    `select id from ${schema}.imports where state in ('ready', 'queued', 'running')`,
  );
  const needed = new Set(rows.map(({ id }) => String(id)));
  const copied = await folders(to);
  for (const name of copied) if (!needed.has(name)) await rm(path.join(to, name), { recursive: true });
  // Received between the copy and the look: too young to have ended.
  for (const name of needed)
    if (!copied.includes(name)) await copyIfThere(path.join(importDir, name), path.join(to, name));
}

async function folders(dir: string): Promise<string[]> {
  const names = await readdir(dir).catch(() => []);
  return names.filter((name) => /^\d+$/.test(name));
}
