import { randomUUID } from 'node:crypto';
import type { FastifyBaseLogger } from 'fastify';
import { PgBoss } from 'pg-boss';
import type { Registry } from 'prom-client';
import { assert } from '../domain/app-error.ts';
import { listenForCancels } from './cancels.ts';
import { changeJob } from './change-job.ts';
import { jobMetrics } from './job-metrics.ts';
import type { JobDefinition, JobHandler, Jobs } from './jobs.ts';
import { listJobs } from './list-jobs.ts';
import { createRunner, type Payload, type Runner } from './run-job.ts';

export type JobsOptions = {
  readonly connectionString: string;
  /** The control store's schema. The queue has one of its own beside it, with `_jobs` behind the name. */
  readonly schema: string;
  readonly logger: Pick<FastifyBaseLogger, 'info' | 'warn' | 'error'>;
  readonly registry: Registry;
  /** How often a worker looks by itself. New jobs wake it at once; this is for waits that end. Default 10. */
  readonly pollSeconds?: number;
};

type Defined = { definition: JobDefinition; handler: JobHandler };
type Schedule = { name: string; cron: string; timeZone: string; says: string };

/** Silent for this long, a worker is taken for dead and its jobs are given to another. */
const heartbeatSeconds = 20;
const keepEndedSeconds = 14 * 86_400;

/** Background work on the control store: any number of processes may send, those with the worker's role run. */
export function openJobs(options: JobsOptions): Jobs {
  const schema = `${options.schema}_jobs`;
  const defined = new Map<string, Defined>();
  const schedules: Schedule[] = [];
  const metrics = jobMetrics(options.registry);
  let boss: PgBoss | undefined;
  let runner: Runner | undefined;
  let stopListening: (() => Promise<void>) | undefined;

  const started = () => {
    assert(boss !== undefined, 'jobs are used before start() or after stop()');
    return boss;
  };

  return {
    define(definition, handler) {
      assert(boss === undefined, `job ${definition.name} is defined after start()`);
      assert(!defined.has(definition.name), `job ${definition.name} is defined twice`);
      defined.set(definition.name, { definition, handler });
    },
    schedule(name, cron, timeZone, says) {
      assert(defined.has(name), `job ${name} is scheduled but not defined`);
      schedules.push({ name, cron, timeZone, says });
    },
    async start({ worker }) {
      assert(boss === undefined, 'jobs are started twice');
      const starting = createBoss(options, schema, worker);
      await starting.start();
      for (const { definition } of defined.values()) await prepareQueue(starting, definition);
      boss = starting;
      if (!worker) return;
      runner = createRunner({ boss: starting, schema, logger: options.logger, metrics });
      stopListening = await listenForCancels(starting, schema, runner.abort);
      await prepareSchedules(starting, schedules);
      for (const each of defined.values()) await work(starting, each, runner, options.pollSeconds ?? 10);
    },
    async stop(drainMs = 8_000) {
      const stopping = boss;
      boss = undefined;
      if (!stopping) return;
      // The last part is for those who only stop when told to, and for giving their jobs back.
      const timer = setTimeout(() => runner?.abortAll(), Math.max(0, drainMs - 2_000));
      await stopListening?.();
      await stopping.stop({ graceful: true, timeout: drainMs, close: true });
      clearTimeout(timer);
    },
    knows: (name) => defined.has(name),
    async send(name, data, send = {}) {
      assert(defined.has(name), `job ${name} is sent but not defined`);
      const payload: Payload = { workspaceId: send.workspaceId ?? null, subject: send.subject ?? '', ids: data };
      return started().send(name, payload, {
        // The queue takes one job per key; without a wish each has its own.
        singletonKey: send.singletonKey ?? randomUUID(),
        ...(send.startAfterSeconds ? { startAfter: send.startAfterSeconds } : {}),
      });
    },
    list: (workspaceId, cursor, limit = 50) =>
      listJobs(started(), schema, {
        workspaceId,
        cursor,
        limit,
        schedules,
        says: (name) => defined.get(name)?.definition.says ?? '',
      }),
    cancel: (workspaceId, jobId) => changeJob(started(), schema, { workspaceId, jobId, verb: 'cancel' }),
    retry: (workspaceId, jobId) => changeJob(started(), schema, { workspaceId, jobId, verb: 'retry' }),
  };
}

function createBoss({ connectionString, logger }: JobsOptions, schema: string, worker: boolean): PgBoss {
  const boss = new PgBoss({
    connectionString,
    schema,
    application_name: `zhiyin jobs${worker ? ' worker' : ''}`,
    max: worker ? 4 : 2,
    useListenNotify: worker,
    supervise: worker,
    schedule: worker,
    superviseIntervalSeconds: 30,
    monitorIntervalSeconds: 30,
    cronMonitorIntervalSeconds: 30,
    cronWorkerIntervalSeconds: 15,
    bamIntervalSeconds: 600,
    flowIntervalSeconds: 600,
  });
  // Passing trouble with the store: it reconnects by itself. Without a listener the process would end.
  boss.on('error', (error) => logger.warn({ err: { message: error.message } }, 'jobs: the queue has trouble'));
  boss.on('warning', ({ message }) => logger.info({ message }, 'jobs: the queue warns'));
  return boss;
}

async function prepareQueue(boss: PgBoss, definition: JobDefinition): Promise<void> {
  const settings = {
    retryLimit: definition.retryLimit,
    retryDelay: definition.backoff.firstSeconds,
    retryBackoff: true,
    retryDelayMax: definition.backoff.mostSeconds,
    expireInSeconds: definition.timeoutSeconds,
    deleteAfterSeconds: keepEndedSeconds,
    heartbeatSeconds,
    notify: true,
  };
  if (await boss.getQueue(definition.name)) await boss.updateQueue(definition.name, settings);
  else await boss.createQueue(definition.name, { ...settings, policy: 'exclusive' });
}

/** Schedules live in the store; those that the code no longer has must not go on firing. */
async function prepareSchedules(boss: PgBoss, schedules: readonly Schedule[]): Promise<void> {
  for (const { name, cron, timeZone } of schedules) {
    await boss.schedule(name, cron, { workspaceId: null, subject: '', ids: {} } satisfies Payload, { tz: timeZone });
  }
  for (const { name } of await boss.getSchedules()) {
    if (!schedules.some((schedule) => schedule.name === name)) await boss.unschedule(name);
  }
}

async function work(
  boss: PgBoss,
  { definition, handler }: Defined,
  runner: Runner,
  pollSeconds: number,
): Promise<void> {
  await boss.work<Payload, void, { includeMetadata: true }>(
    definition.name,
    {
      includeMetadata: true,
      batchSize: 1,
      localConcurrency: definition.concurrency,
      pollingIntervalSeconds: Math.min(2, pollSeconds),
      notifyPollingIntervalSeconds: pollSeconds,
      heartbeatRefreshSeconds: heartbeatSeconds / 4,
      // While there is more, the next one is fetched at once.
      burstWhenBatchFull: true,
    } as { includeMetadata: true },
    async ([job]) => {
      if (job) await runner.run(job, handler);
    },
  );
}
