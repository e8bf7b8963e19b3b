import { fork } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import type { CustomerRun, CustomerRunCreate } from '@zhiyin/contract';
import type { Workspace } from '../../domain/workspace.ts';
import type { EventStoreAddress } from '../../storage/events/index.ts';
import type { Stores } from '../../storage/stores.ts';
import type { ClusteringResult } from '../clusters/index.ts';
import { type GraphResult, readLinks, saveGraph } from '../graph/index.ts';
import { saveRfm } from '../rfm/index.ts';
import { beginRun, endRun, findLatestRun, noteRunProgress } from './customer-runs.ts';
import { loadCustomerSettings } from './customer-settings.ts';
import type { Task, TaskAsks, TaskGives, TaskMessage, TaskRequest } from './customers-process.ts';
import { readSeedPeople } from './read-seed-people.ts';
import { RunFailure } from './run-failure.ts';

export type CustomerRunParts = { readonly stores: Stores; readonly address: EventStoreAddress };
type JobRun = { readonly signal: AbortSignal; readonly progress: (done: number, total: number | null) => void };
type Report = (stage: CustomerRun['stage'], done: number) => void;

const seed = 20_260_101;
const stages: Record<CustomerRun['stage'], readonly [from: number, to: number]> = {
  '': [0, 0],
  read: [0, 0.15],
  choose: [0.15, 0.6],
  fit: [0.6, 0.85],
  describe: [0.85, 0.9],
  save: [0.9, 1],
};

/**
 * The job: does what a run asks for and keeps what came of it. A cancelled or ended run does nothing. What this data cannot carry is a
 * failure that is said and not tried again.
 */
export async function runCustomers(
  parts: CustomerRunParts,
  workspace: Workspace,
  runId: number,
  job: JobRun,
): Promise<void> {
  const { control } = parts.stores;
  const request = await beginRun(control, workspace.id, runId);
  if (!request) return;
  const report: Report = (stage, done) => {
    const [from, to] = stages[stage];
    const progress = from + (to - from) * done;
    job.progress(Math.round(progress * 100), 100);
    void noteRunProgress(control, workspace.id, runId, { stage, progress }).catch(() => undefined);
  };
  try {
    const result = await perform(parts, workspace, request, runId, job.signal, report);
    await endRun(control, workspace.id, runId, { state: 'done', result });
  } catch (cause) {
    // The process stops: the run stays as it is, and the job is given back to whoever goes on.
    if (job.signal.aborted && (job.signal.reason as Error | undefined)?.name === 'Stopping') throw cause;
    if (job.signal.aborted) {
      await endRun(control, workspace.id, runId, { state: 'cancelled' });
      throw cause;
    }
    const isKnown = cause instanceof RunFailure;
    const text = (cause instanceof Error ? cause.message : String(cause)).slice(0, 500);
    await endRun(control, workspace.id, runId, {
      state: 'failed',
      failure: { code: isKnown ? cause.code : 'internal', text },
    });
    if (!isKnown) throw cause;
  }
}

async function perform(
  { stores, address }: CustomerRunParts,
  workspace: Workspace,
  request: CustomerRunCreate,
  runId: number,
  signal: AbortSignal,
  report: Report,
): Promise<object> {
  const at = new Date();
  const settings = await loadCustomerSettings(stores.control, workspace);
  const { id, currency, timeZone } = workspace;
  const people = { address, workspace: { id, currency, timeZone }, at, seed };
  if (request.kind === 'rfm') {
    const progress = (done: number) => report('save', done);
    return { ...(await saveRfm(stores, workspace, settings.rfm, { at, signal, progress })), at: at.toISOString() };
  }
  if (request.kind === 'clusters') {
    const last = await findLatestRun<ClusteringResult>(stores.control, id, 'clusters', true);
    return inProcess('clusters', { ...people, request, former: last?.result ?? null }, signal, report);
  }
  if (request.kind === 'look_alike') {
    const seedIds = await readSeedPeople(stores, workspace, request.seed);
    return inProcess('look_alike', { ...people, request, runId, seedIds }, signal, report);
  }
  const links = await readLinks(stores, workspace, settings.edges, { at, signal });
  if (links.from.length === 0) {
    throw new RunFailure('no_edges', 'No event names another person who is known.');
  }
  const analysed = await inProcess('graph', { links, seed }, signal, report);
  report('save', 0);
  const last = await findLatestRun<GraphResult>(stores.control, id, 'graph', true);
  return saveGraph(stores, workspace, links, analysed, { at, former: last?.result ?? null, signal });
}

const heapMb = 4_096;

/** One task in a process of its own. */
function inProcess<Kind extends Task>(
  kind: Kind,
  asks: TaskAsks<Kind>,
  signal: AbortSignal,
  report: Report,
): Promise<TaskGives<Kind>> {
  const { promise, resolve, reject } = Promise.withResolvers<TaskGives<Kind>>();
  const child = fork(path.join(import.meta.dirname, 'customers-process.ts'), [], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // Typed arrays and dates travel as they are.
    serialization: 'advanced',
    execArgv: [...process.execArgv.filter((one) => !one.startsWith('--inspect')), `--max-old-space-size=${heapMb}`],
  });
  const stop = () => child.kill('SIGKILL');
  signal.addEventListener('abort', stop, { once: true });
  child.on('message', (message: TaskMessage) => {
    if (message.kind === 'progress') report(message.stage, message.done);
    if (message.kind === 'done') resolve(message.gives as TaskGives<Kind>);
    if (message.kind === 'failed') {
      const { code, text } = message.failure;
      reject(code === 'internal' ? new Error(text) : new RunFailure(code, text));
    }
  });
  child.once('error', reject);
  child.once('exit', (code, killed) => {
    signal.removeEventListener('abort', stop);
    reject(
      new Error(
        signal.aborted ? 'cancelled' : `customers: ${kind} ended without a result (code ${code}, signal ${killed})`,
      ),
    );
  });
  child.send({ kind, asks } as TaskRequest);
  return promise;
}
