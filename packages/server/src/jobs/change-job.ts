import type { PgBoss } from 'pg-boss';
import { AppError } from '../domain/app-error.ts';
import type { WorkspaceId } from '../domain/ids.ts';
import { announceCancel } from './cancels.ts';

type Change = { workspaceId: WorkspaceId; jobId: string; verb: 'cancel' | 'retry' };

/** Cancels or repeats one job of a workspace. Jobs of the whole installation belong to nobody and cannot be changed here. */
export async function changeJob(boss: PgBoss, schema: string, { workspaceId, jobId, verb }: Change): Promise<void> {
  const { rows } = await boss
    .getDb()
    .executeSql(`select name, state from ${schema}.job where id = $1 and data->>'workspaceId' = $2`, [
      jobId,
      String(workspaceId),
    ]);
  const job = rows[0] as { name: string; state: string } | undefined;
  if (!job) throw new AppError('not_found', `Job ${jobId} does not exist in this workspace.`);
  if (verb === 'cancel') {
    if (!['created', 'retry', 'active'].includes(job.state)) throw ended(job.state, 'cancelled');
    await boss.cancel(job.name, jobId);
    await announceCancel(boss, schema, jobId);
    return;
  }
  if (job.state !== 'failed' && job.state !== 'cancelled') throw ended(job.state, 'run again');
  await (job.state === 'failed'
    ? boss.retry(job.name, jobId).then(() => undefined)
    : resume(boss, schema, job.name, jobId)
  ).catch((cause: unknown) => {
    if ((cause as { code?: string }).code !== '23505') throw cause;
    throw new AppError('conflict', 'The same work waits or runs already.', {
      cause,
      details: { fix: 'Let the other job end, or cancel it.' },
    });
  });
}

/** The attempt that was cancelled does not count. */
async function resume(boss: PgBoss, schema: string, name: string, jobId: string): Promise<void> {
  await boss
    .getDb()
    .executeSql(
      `update ${schema}.job set retry_limit = retry_limit + 1 where name = $1 and id = $2 and state = 'cancelled' and started_on is not null`,
      [name, jobId],
    );
  await boss.resume(name, jobId);
}

const ended = (state: string, wish: string) =>
  new AppError('conflict', `This job is ${state} and cannot be ${wish}.`, { details: { fix: 'Load the list again.' } });
