import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { sendQueuedImports } from './collect/import/index.ts';
import {
  type JournalWriter,
  openJournalReader,
  openJournalWriter,
  openSourceDirectory,
  registerCollectRoutes,
} from './collect/index.ts';
import { composeStages } from './compose-stages.ts';
import type { Config } from './config.ts';
import { defineJobs } from './define-jobs.ts';
import { buildServer, diskCheck, type ReadinessCheck, registerRecommendDoor, storeChecks } from './http/index.ts';
import { type Jobs, openJobs, sendRestoredJobs } from './jobs/index.ts';
import { journalNames } from './journal-names.ts';
import { openRecommendEngine } from './recommend/index.ts';
import { type RunFile, removeRunFile, writeRunFile } from './run-file.ts';
import { claimDirectory } from './storage/engines/claim-directory.ts';
import { migrateStores } from './storage/migrate-stores.ts';
import { type OpenStores, openStores } from './storage/open-stores.ts';
import { startEngines } from './storage/start-engines.ts';
import {
  createPasswords,
  createSignInThrottle,
  ensureSetupToken,
  openWorkspaceDirectory,
  type WorkspaceDirectory,
} from './trust/index.ts';
import { version } from './version.ts';
import { startWorker, type Worker } from './worker.ts';
import { startWorkerProcess } from './worker-process.ts';

const root = path.resolve(import.meta.dirname, '../../..');
/** All of stopping, children included, stays below what service managers wait. */
const drainMs = 8_000;

export type Platform = {
  /** Where this process itself is reached: `http://127.0.0.1:7700`. */
  readonly url: string;
  readonly config: Config;
  readonly stores: OpenStores;
  readonly workspaces: WorkspaceDirectory;
  readonly jobs: Jobs;
  readonly logger: Logger;
  /** Present until somebody owns the installation. */
  readonly setupToken: string | null;
  /** Nothing waits to be cleaned. */
  idle(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * The recipe: stores → stages → HTTP → worker. Whoever reads this knows what the platform is made of.
 * @throws AppError that names what is missing and the fix; what was started by then is stopped again.
 */
export async function startPlatform(config: Config, logger: Logger): Promise<Platform> {
  await using started = new AsyncDisposableStack();
  await mkdir(config.dataDir, { recursive: true });
  const onStop = (stop: () => unknown) => started.defer(async () => void (await stop()));
  onStop(await claimDirectory(path.join(config.dataDir, 'run'), 'Zhiyin'));

  const engines = await startEngines(config, logger);
  onStop(() => engines.stop());
  await migrateStores(engines.addresses, logger);
  const stores = await openStores(config, engines.addresses, { logger });
  onStop(() => stores.close());

  const registry = new Registry();
  // Looking at the event loop a hundred times a second, the default, is half of what an idle process does.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 });
  const workspaces = await openWorkspaceDirectory(stores.control);
  onStop(() => workspaces.close());
  const sources = await openSourceDirectory({ control: stores.control, logger });
  onStop(() => sources.close());
  const names = journalNames(config);
  const journal = await openJournalWriter({
    ...config.collect,
    dir: config.collect.journalDir,
    id: names.http,
    logger,
    registry,
  });
  onStop(() => journal.close());
  const jobs = openJobs({
    connectionString: stores.control.connectionString,
    schema: config.control.schema,
    logger,
    registry,
  });
  defineJobs(jobs, { config, addresses: engines.addresses, stores, workspaces, journal, logger });

  const inline = config.worker === 'inline' ? await startWorker(config, engines.addresses, logger) : undefined;
  const worker =
    inline ??
    (config.worker === 'child' ? await startWorkerProcess(engines.addresses, logger, process.env) : undefined);
  if (worker) onStop(() => worker.stop());
  if (worker) journal.onAppend(throttled(worker.wake));
  await jobs.start({ worker: false });
  onStop(() => jobs.stop(drainMs));
  await sendRestoredJobs(stores.control, jobs, logger);
  // An import that was queued when its process ended may not have sent its job.
  await sendQueuedImports(stores, jobs);

  const recommendEngine = await openRecommendEngine({
    stores,
    modelDir: config.recommend.modelDir,
    peopleMax: config.recommend.peopleMax,
    log: logger,
  });
  onStop(() => recommendEngine.close());

  const journals = Object.values(names).map((id) => openJournalReader({ dir: config.collect.journalDir, id }));
  const app = await buildServer({
    stores,
    workspaces,
    jobs,
    logger,
    version,
    passwords: createPasswords(),
    throttle: createSignInThrottle(stores.control, config.http.signInAttempts),
    ...composeStages({ config, stores, journals, journal, logger, recommendEngine }),
    metrics: async () => `${await registry.metrics()}\n${(await worker?.metrics()) ?? ''}`,
    readiness: [
      ...storeChecks(stores),
      diskCheck(config.dataDir, config.collect.diskReserveBytes),
      journalCheck(journal, config),
      ...(worker ? [workerCheck(worker)] : []),
    ],
    dataDir: config.dataDir,
    diskReserveBytes: config.collect.diskReserveBytes,
    publicUrl: config.http.publicUrl,
    trustProxy: config.http.trustProxy,
    consoleDir: path.join(root, 'packages/console/dist'),
    collect: (scope) =>
      registerCollectRoutes(scope, {
        journal,
        sources,
        events: stores.events,
        durability: config.collect.durability,
        inflightBytesMax: config.collect.inflightBytesMax,
        registry,
        ...(config.http.publicUrl ? { publicUrl: config.http.publicUrl } : {}),
        trackerPath: path.join(root, 'packages/tracker/dist/tracker.js'),
        onCalls: recommendEngine.accepted,
        onItems: recommendEngine.itemsChanged,
      }),
    recommendDoor: (scope) => registerRecommendDoor(scope, { stores, workspaces, sources, engine: recommendEngine }),
  });
  // First to stop: nothing new comes in while the rest drains.
  onStop(() => app.close());
  const url = await listen(app, config);

  const setupToken = await ensureSetupToken(stores.control, config.dataDir);
  // Last: whoever finds it finds everything.
  const runFile: RunFile = { pid: process.pid, url, addresses: engines.addresses };
  await writeRunFile(config.dataDir, runFile);
  onStop(() => removeRunFile(config.dataDir));

  const running = started.move();
  return {
    url,
    config,
    stores,
    workspaces,
    jobs,
    logger,
    setupToken,
    async idle() {
      for (;;) {
        const waiting = await Promise.all(journals.map((reader) => countWaiting(stores, reader)));
        if (waiting.every((count) => count === 0)) return;
        await sleep(50);
      }
    },
    stop: () => running.disposeAsync(),
  };
}

/** Collect refuses when too much waits to be cleaned: said here before anybody is refused. */
function journalCheck(journal: JournalWriter, config: Config): ReadinessCheck {
  return {
    name: 'journal',
    check: async () => {
      const megabytes = Math.ceil(journal.status().bytesWaiting / 1_048_576);
      const mostMb = Math.floor(config.collect.journalBytesMax / 1_048_576);
      return { ok: megabytes < mostMb, says: `${megabytes} MB on disk, at most ${mostMb} MB` };
    },
  };
}

function workerCheck(worker: Worker): ReadinessCheck {
  return {
    name: 'worker',
    check: async () => {
      const answers = (await worker.metrics()) !== '';
      return { ok: answers, says: answers ? 'cleans and runs jobs' : 'does not answer; it is started again by itself' };
    },
  };
}

async function listen(app: FastifyInstance, config: Config): Promise<string> {
  await app.listen({ host: config.http.host, port: config.http.port });
  const address = app.server.address();
  const port = typeof address === 'object' && address ? address.port : config.http.port;
  const host = ['0.0.0.0', '::'].includes(config.http.host) ? '127.0.0.1' : config.http.host;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

async function countWaiting(
  stores: OpenStores,
  reader: { id: string; recordsTotal(): Promise<number> },
): Promise<number> {
  const [total, [checkpoint]] = await Promise.all([
    reader.recordsTotal(),
    stores.control.query<{ records_total: string }>(
      'select records_total from journal_checkpoints where journal_id = $1',
      [reader.id],
    ),
  ]);
  return total - Number(checkpoint?.records_total ?? 0);
}

/** At most one call in 20 ms, and one after the last: thousands of commits a second need not be told one by one. */
function throttled(wake: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  return () => {
    if (timer) return;
    timer = setTimeout(() => {
      timer = undefined;
      wake();
    }, 20);
  };
}
