import type { FastifyBaseLogger } from 'fastify';
import type { JobWithMetadata, PgBoss } from 'pg-boss';
import { asWorkspaceId } from '../domain/ids.ts';
import { describeError } from '../trust/index.ts';
import type { JobMetrics } from './job-metrics.ts';
import type { JobData, JobHandler } from './jobs.ts';

/** What lies in the queue for a job. */
export type Payload = { workspaceId: number | null; subject: string; ids: JobData };

export type Runner = {
  run(job: JobWithMetadata<Payload>, handler: JobHandler): Promise<void>;
  /** Somebody cancelled it. */
  abort(jobId: string): void;
  /** The process stops: what still runs is given back and loses no attempt. */
  abortAll(): void;
};

const progressEveryMs = 1_000;

class Stopping extends Error {
  override name = 'Stopping';
}

/** Runs handlers, each with a signal of its own, and keeps account of how they end. */
export function createRunner({
  boss,
  schema,
  logger,
  metrics,
}: {
  boss: PgBoss;
  schema: string;
  logger: Pick<FastifyBaseLogger, 'info' | 'warn'>;
  metrics: JobMetrics;
}): Runner {
  const running = new Map<string, AbortController>();

  return {
    async run(job, handler) {
      const controller = new AbortController();
      running.set(job.id, controller);
      const signal = AbortSignal.any([controller.signal, job.signal]);
      const { workspaceId, ids } = job.data;
      const started = performance.now();
      const named = { job: job.name, jobId: job.id, workspaceId, attempt: job.retryCount + 1 };
      try {
        await handler({
          jobId: job.id,
          workspaceId: workspaceId === null ? null : asWorkspaceId(workspaceId),
          data: ids,
          attempt: job.retryCount + 1,
          signal,
          progress: createProgress(boss, schema, job),
        });
        metrics.ended(job.name, 'completed', performance.now() - started);
        logger.info({ ...named, elapsedMs: Math.round(performance.now() - started) }, 'job completed');
      } catch (error) {
        const stopping = controller.signal.reason instanceof Stopping;
        if (stopping) await giveAttemptBack(boss, schema, job);
        const outcome = stopping ? 'interrupted' : controller.signal.aborted ? 'cancelled' : 'failed';
        metrics.ended(job.name, outcome, performance.now() - started);
        logger.warn({ ...named, outcome, error: describeError(error) }, 'job did not complete');
        throw plainError(error);
      } finally {
        running.delete(job.id);
      }
    },
    abort: (jobId) => running.get(jobId)?.abort(new Error('cancelled')),
    abortAll() {
      for (const controller of running.values()) controller.abort(new Stopping('the process stops'));
    },
  };
}

/** What is kept of an error in the queue: a sentence. Details and stacks may hold data. */
function plainError(error: unknown): Error {
  const plain = new Error(error instanceof Error ? error.message.slice(0, 500) : String(error).slice(0, 500));
  plain.stack = '';
  return plain;
}

async function giveAttemptBack(boss: PgBoss, schema: string, job: JobWithMetadata<Payload>): Promise<void> {
  await boss
    .getDb()
    .executeSql(
      `update ${schema}.job set retry_limit = greatest(retry_limit, retry_count) + 1 where name = $1 and id = $2 and state = 'active'`,
      [job.name, job.id],
    );
}

/** Written at most once a second; a number that gets lost is followed by the next. */
function createProgress(boss: PgBoss, schema: string, job: JobWithMetadata<Payload>) {
  let writtenAt = Number.NEGATIVE_INFINITY;
  return (done: number, total: number | null): void => {
    const now = performance.now();
    if (now - writtenAt < progressEveryMs) return;
    writtenAt = now;
    boss
      .getDb()
      .executeSql(
        `update ${schema}.job set output = jsonb_build_object('progress', $3::jsonb) where name = $1 and id = $2 and state = 'active'`,
        [job.name, job.id, JSON.stringify({ done, total })],
      )
      .catch(() => undefined);
  };
}
