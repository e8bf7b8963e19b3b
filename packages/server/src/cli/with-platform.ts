import process from 'node:process';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { type Config, parseConfig } from '../config.ts';
import { defineJobs } from '../define-jobs.ts';
import { AppError } from '../domain/app-error.ts';
import { asWorkspaceId } from '../domain/ids.ts';
import type { Workspace } from '../domain/workspace.ts';
import { type Jobs, openJobs } from '../jobs/index.ts';
import { createLogger } from '../logger.ts';
import { startPlatform } from '../main.ts';
import { findRunFile } from '../run-file.ts';
import { type OpenStores, openStores } from '../storage/open-stores.ts';
import { openWorkspaceDirectory, type WorkspaceDirectory } from '../trust/index.ts';

export type CommandPlatform = {
  readonly config: Config;
  readonly stores: OpenStores;
  readonly workspaces: WorkspaceDirectory;
  readonly jobs: Jobs;
  readonly logger: Logger;
};

/**
 * For commands that work on the stores: with the platform that runs on this data directory, or with one that is started for the
 * length of the command.
 */
export async function withPlatform<T>(work: (platform: CommandPlatform) => Promise<T>): Promise<T> {
  const config = parseConfig(process.env);
  const logger = createLogger(process.env.ZHIYIN_LOG_LEVEL ?? 'warn', 'cli');
  const run = await findRunFile(config.dataDir);
  await using stack = new AsyncDisposableStack();
  let addresses = run?.addresses;
  if (!addresses) {
    const platform = await startPlatform({ ...config, worker: 'inline', http: { ...config.http, port: 0 } }, logger);
    stack.defer(() => platform.stop());
    addresses = (await findRunFile(config.dataDir))?.addresses;
  }
  if (!addresses) throw new AppError('storage.unavailable', `no platform can be started on ${config.dataDir}`);
  const stores = await openStores(config, addresses, { logger });
  stack.defer(() => stores.close());
  const workspaces = await openWorkspaceDirectory(stores.control);
  stack.defer(() => workspaces.close());
  const jobs = openJobs({
    connectionString: stores.control.connectionString,
    schema: config.control.schema,
    logger,
    registry: new Registry(),
  });
  // Known here so that they can be sent; run by the platform's worker.
  defineJobs(jobs, { config, addresses, stores, workspaces, journal: noJournal, logger });
  await jobs.start({ worker: false });
  stack.defer(() => jobs.stop());
  // Awaited here: what the work uses is closed when this function ends.
  return await work({ config, stores, workspaces, jobs, logger });
}

/** The named workspace, or the only one that is not the demo, or the only one there is. */
export async function chooseWorkspace({ workspaces }: CommandPlatform, named: string | undefined): Promise<Workspace> {
  const all = await workspaces.list();
  if (named !== undefined) {
    const found = all.find((workspace) => String(workspace.id) === named || workspace.name === named);
    if (found) return found;
    throw new AppError('not_found', `--workspace ${named}: there is none with this id or name`, {
      details: { field: '--workspace', fix: `Workspaces: ${describe(all)}` },
    });
  }
  const own = all.filter((workspace) => !workspace.isDemo);
  const candidates = own.length > 0 ? own : all;
  if (candidates.length === 1 && candidates[0]) return workspaces.get(asWorkspaceId(candidates[0].id));
  throw new AppError('input.invalid', '--workspace: say which workspace', {
    details: { field: '--workspace', fix: `Workspaces: ${describe(all)}` },
  });
}

const describe = (workspaces: readonly Workspace[]) =>
  workspaces.map((workspace) => `${workspace.id} ${workspace.name}`).join(', ') ||
  'none yet; set one up in the console';

const noJournal = {
  id: 'none',
  append: () => Promise.reject(new AppError('internal', 'jobs do not run in a command')),
  status: () => ({ bytesWaiting: 0, recordsTotal: 0, oldestWaitingAt: null }),
  onAppend: () => () => undefined,
  close: () => Promise.resolve(),
};
