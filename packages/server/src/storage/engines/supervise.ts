import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../domain/app-error.ts';

/** The part of a logger that the stores use. pino fits. */
export type StorageLogger = {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
};

export const silentLogger: StorageLogger = { info() {}, warn() {}, error() {} };

export type Supervised = {
  readonly name: string;
  /** Starts the child; called again after each unwanted end. */
  readonly spawn: () => ChildProcess | Promise<ChildProcess>;
  /** True as soon as the engine answers. */
  readonly isReady: () => Promise<boolean>;
  /** True when the child runs but nobody listens; looked at every few seconds, and twice in a row ends the child. */
  readonly isDeaf?: () => Promise<boolean>;
  /** Asks the child to end. It is killed when it has not after `stopTimeoutMs`. */
  readonly askToStop: (child: ChildProcess) => void;
  readonly readyTimeoutMs: number;
  readonly stopTimeoutMs: number;
  readonly logger: StorageLogger;
  /** Turns the last words of a child that never became ready into an error worth reading. */
  readonly explain: (lastWords: string) => AppError | undefined;
  /** Whether the failure may pass within a moment, so that the first start tries again. */
  readonly mayPass?: (lastWords: string) => boolean;
};

export type Supervisor = {
  /** Of the running child; undefined between an end and the restart. */
  pid(): number | undefined;
  restarts(): number;
  stop(): Promise<void>;
};

const backOffMs = [50, 200, 500, 1000, 2000, 5000];
const lastWordsMax = 4000;
const firstStartPatienceMs = 4000;
const lookEveryMs = 5000;

/** Starts a child, waits until it answers, and starts it again whenever it ends unasked. */
export async function supervise(engine: Supervised): Promise<Supervisor> {
  let child: ChildProcess | undefined;
  let stopping = false;
  let restarts = 0;
  let healthySince = 0;
  let failuresInRow = 0;
  const startedAt = Date.now();

  const explain = (lastWords: string): AppError =>
    /No space left on device|Cannot reserve/.test(lastWords)
      ? new AppError('storage.full', `${engine.name} does not start on a full disk`, {
          details: { fix: 'Free disk space; it starts by itself then.' },
        })
      : (engine.explain(lastWords) ??
        new AppError('storage.unavailable', `${engine.name} did not start: ${lastLine(lastWords)}`));

  const startOnce = async (): Promise<void> => {
    const started = await engine.spawn();
    child = started;
    let lastWords = '';
    started.stderr?.on('data', (chunk: Buffer) => {
      lastWords = (lastWords + chunk.toString('utf8')).slice(-lastWordsMax);
    });
    const ended = endOf(started);
    let hasEnded = false;
    void ended.then(() => {
      hasEnded = true;
      if (child === started) child = undefined;
    });
    const deadline = Date.now() + engine.readyTimeoutMs;
    while (!(await engine.isReady())) {
      if (hasEnded || Date.now() > deadline) {
        started.kill('SIGKILL');
        await ended;
        throw new StartFailure(explain(lastWords), lastWords);
      }
      await Promise.race([sleep(20), ended]);
    }
    healthySince = Date.now();
    void ended.then((how) => {
      if (stopping) return;
      engine.logger.warn({ engine: engine.name, how, lastWords: lastLine(lastWords) }, 'engine ended, starting again');
      void restart();
    });
  };

  const restart = async (): Promise<void> => {
    failuresInRow = Date.now() - healthySince > 30_000 ? 0 : failuresInRow;
    while (!stopping) {
      await sleep(backOffMs[Math.min(failuresInRow, backOffMs.length - 1)]);
      failuresInRow += 1;
      if (stopping) return;
      try {
        restarts += 1;
        await startOnce();
        if (stopping) child?.kill('SIGKILL');
        else engine.logger.info({ engine: engine.name, restarts }, 'engine is back');
        return;
      } catch (cause) {
        const err = cause instanceof StartFailure ? cause.reason : cause;
        engine.logger.error({ engine: engine.name, err }, 'engine did not come back, trying again');
      }
    }
  };

  for (;;) {
    try {
      await startOnce();
      break;
    } catch (cause) {
      if (!(cause instanceof StartFailure)) throw cause;
      if (!engine.mayPass?.(cause.lastWords) || Date.now() - startedAt > firstStartPatienceMs) throw cause.reason;
      await sleep(150);
    }
  }

  let deafLooks = 0;
  const look = setInterval(async () => {
    const watched = child;
    const isDeaf = watched !== undefined && (await engine.isDeaf?.()) === true && watched === child && !stopping;
    deafLooks = isDeaf ? deafLooks + 1 : 0;
    if (deafLooks < 2) return;
    engine.logger.warn({ engine: engine.name }, 'engine does not listen any more, starting it again');
    watched?.kill('SIGKILL');
  }, lookEveryMs);
  look.unref();

  return {
    pid: () => child?.pid,
    restarts: () => restarts,
    async stop() {
      stopping = true;
      clearInterval(look);
      const running = child;
      if (!running) return;
      const ended = endOf(running);
      engine.askToStop(running);
      const timer = setTimeout(() => running.kill('SIGKILL'), engine.stopTimeoutMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

class StartFailure extends Error {
  readonly reason: AppError;
  readonly lastWords: string;
  constructor(reason: AppError, lastWords: string) {
    super(reason.message);
    this.reason = reason;
    this.lastWords = lastWords;
  }
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null)
      return resolve(String(child.signalCode ?? child.exitCode));
    child.once('exit', (code, signal) => resolve(String(signal ?? code)));
    child.once('error', (cause) => resolve(cause.message));
  });
}

const lastLine = (words: string): string => words.trim().split('\n').at(-1)?.slice(0, 500) ?? '';
