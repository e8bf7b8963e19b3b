import process from 'node:process';
import type { Logger } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { startCleaner } from './clean/index.ts';
import { openJournalReader, openJournalWriter } from './collect/journal/index.ts';
import { type Config, parseConfig } from './config.ts';
import { defineJobs } from './define-jobs.ts';
import type { WorkspaceId } from './domain/ids.ts';
import { openJobs } from './jobs/index.ts';
import { journalNames } from './journal-names.ts';
import { createLogger } from './logger.ts';
import { followLiveTraits, startDeliveries } from './profile/index.ts';
import { computeJob, followPeople } from './profile/segments/index.ts';
import { openStores } from './storage/open-stores.ts';
import type { StoreAddresses } from './storage/start-engines.ts';
import { openWorkspaceDirectory } from './trust/index.ts';
import type { WorkerMessage, WorkerRequest } from './worker-process.ts';

export type Worker = {
  /** Something was appended to the HTTP process's journal. */
  readonly wake: () => void;
  readonly metrics: () => Promise<string>;
  readonly stop: () => Promise<void>;
};

/**
 * The second half of the platform: cleans what the journals hold and runs the jobs. The same function runs in a process of
 * its own (below) or inside the main one.
 */
export async function startWorker(config: Config, addresses: StoreAddresses, logger: Logger): Promise<Worker> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'zhiyin_worker_', eventLoopMonitoringPrecision: 100 });
  const stores = await openStores(config, addresses, { logger });
  const workspaces = await openWorkspaceDirectory(stores.control);
  const names = journalNames(config);
  const journal = await openJournalWriter({
    ...config.collect,
    dir: config.collect.journalDir,
    id: names.worker,
    logger,
    registry,
  });

  const wakers = new Set<() => void>();
  const wake = () => {
    for (const wakeOne of wakers) wakeOne();
  };
  journal.onAppend(wake);
  let follower: ReturnType<typeof followPeople> | undefined;
  const cleaner = startCleaner({
    journals: Object.values(names).map((id) => openJournalReader({ dir: config.collect.journalDir, id })),
    stores,
    workspaceOf: (id) => workspaces.get(id),
    logger,
    registry,
    dedupeDays: config.clean.dedupeDays,
    onWake: (wakeOne) => void wakers.add(wakeOne),
    onCleaned: () => follower?.wake(),
  });
  const jobs = openJobs({
    connectionString: stores.control.connectionString,
    schema: config.control.schema,
    logger,
    registry,
  });
  defineJobs(jobs, { config, addresses, stores, workspaces, journal, logger });
  await jobs.start({ worker: true });
  follower = followPeople({
    stores,
    workspaceOf: (id) => workspaces.get(id),
    logger,
    sendEveryone: async (workspaceId) => {
      const everyone = { subject: 'all segments', singletonKey: `everyone ${workspaceId}`, workspaceId };
      await jobs.send(computeJob, { segmentId: null }, everyone);
    },
  });
  const followed = { stores, workspaceOf: (id: WorkspaceId) => workspaces.get(id), logger };
  const deliveries = startDeliveries(followed);
  const liveTraits = followLiveTraits(followed);

  return {
    wake,
    metrics: () => registry.metrics(),
    async stop() {
      await Promise.all([deliveries.stop(), liveTraits.stop()]);
      await jobs.stop();
      await cleaner.stop();
      await follower?.stop();
      await journal.close();
      await workspaces.close();
      await stores.close();
    },
  };
}

/** As a process: takes its orders from the parent and ends with it. */
async function runAsProcess(): Promise<void> {
  const send = (message: WorkerMessage) => process.connected && process.send?.(message);
  let worker: Worker | undefined;
  const stop = async () => {
    await worker?.stop();
    process.exit(0);
  };
  process.on('disconnect', stop);
  // The terminal sends Ctrl-C to the whole group: the parent decides when this process stops.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', stop);
  process.on('message', async (request: WorkerRequest) => {
    if (request.kind === 'start') {
      const config = parseConfig(process.env, request.workingDirectory);
      worker = await startWorker(config, request.addresses, createLogger(config.logLevel, 'worker'));
      send({ kind: 'ready' });
    }
    if (request.kind === 'wake') worker?.wake();
    if (request.kind === 'metrics') send({ kind: 'metrics', id: request.id, text: (await worker?.metrics()) ?? '' });
    if (request.kind === 'stop') await stop();
  });
}

if (process.argv[1] === import.meta.filename) await runAsProcess();
