import { fork } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import type { Logger } from 'pino';
import type { StoreAddresses } from './storage/start-engines.ts';
import type { Worker } from './worker.ts';

export type WorkerRequest =
  | { kind: 'start'; addresses: StoreAddresses; workingDirectory: string }
  | { kind: 'metrics'; id: number }
  | { kind: 'wake' }
  | { kind: 'stop' };
export type WorkerMessage = { kind: 'ready' } | { kind: 'metrics'; id: number; text: string };

const stopGraceMs = 9_000;
const metricsTimeoutMs = 2_000;
const restartDelayMs = { first: 500, most: 15_000 } as const;

/**
 * Cleaning and jobs in a process of their own, so that they never delay an answer. Started again with growing pauses when it
 * dies; it ends with its parent, because the channel between them closes.
 */
export async function startWorkerProcess(
  addresses: StoreAddresses,
  logger: Logger,
  environment: NodeJS.ProcessEnv,
): Promise<Worker> {
  let stopping = false;
  let delayMs: number = restartDelayMs.first;
  let requests = 0;
  const answers = new Map<number, (text: string) => void>();
  const { promise: ready, resolve: becomeReady, reject: giveUp } = Promise.withResolvers<void>();
  let child = spawn();
  let everReady = false;

  function spawn() {
    const process_ = fork(path.join(import.meta.dirname, 'worker.ts'), [], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // Parsed bodies live for one chunk: with this much room most die young. What does not is collected before the heap has
      // doubled: after a large load the worker keeps half the memory, for a twentieth more time.
      execArgv: [...process.execArgv, '--max-semi-space-size=16', '--heap-growing-percent=40'],
      env: environment,
    });
    process_.on('message', (message: WorkerMessage) => {
      if (message.kind === 'ready') {
        everReady = true;
        delayMs = restartDelayMs.first;
        becomeReady();
      } else {
        answers.get(message.id)?.(message.text);
        answers.delete(message.id);
      }
    });
    const ended = (how: object) => {
      for (const answer of answers.values()) answer('');
      answers.clear();
      if (stopping) return;
      if (!everReady)
        return giveUp(new Error(`worker: ended before it was ready (${JSON.stringify(how)}); see the log above`));
      logger.error(
        { ...how, delayMs },
        'worker: ended unexpectedly and is started again; what was acknowledged waits in the journal',
      );
      setTimeout(() => {
        if (!stopping) child = spawn();
      }, delayMs);
      delayMs = Math.min(delayMs * 2, restartDelayMs.most);
    };
    process_.on('exit', (code, signal) => ended({ code, signal }));
    // A message to one that was killed a moment ago fails here too; that it ended is told above. One that never began tells nothing.
    process_.on('error', (cause) => {
      if (process_.pid === undefined) ended({ cause: cause.message });
    });
    const request: WorkerRequest = { kind: 'start', addresses, workingDirectory: process.cwd() };
    process_.send(request, () => undefined);
    return process_;
  }

  const send = (request: WorkerRequest) => {
    if (child.connected) child.send(request, () => undefined);
  };
  await ready;
  return {
    wake: () => send({ kind: 'wake' }),
    metrics() {
      const id = ++requests;
      const { promise, resolve } = Promise.withResolvers<string>();
      answers.set(id, resolve);
      setTimeout(() => {
        answers.delete(id);
        resolve('');
      }, metricsTimeoutMs).unref();
      send({ kind: 'metrics', id });
      return promise;
    },
    async stop() {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      send({ kind: 'stop' });
      const impatience = setTimeout(() => child.kill('SIGKILL'), stopGraceMs);
      await ended;
      clearTimeout(impatience);
    },
  };
}
