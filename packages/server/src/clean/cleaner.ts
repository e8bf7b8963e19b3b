import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { JournalReader } from '../collect/journal/journal.ts';
import type { WorkspaceId } from '../domain/ids.ts';
import type { Workspace } from '../domain/workspace.ts';
import type { Stores } from '../storage/stores.ts';
import { readBalance } from './balance.ts';
import { loadCheckpoint } from './chunk/checkpoint.ts';
import { processChunk } from './chunk/process-chunk.ts';
import { KnownPeople } from './chunk/save-people.ts';
import { CleanerLocks } from './cleaner-locks.ts';
import { cleanerMetrics } from './cleaner-metrics.ts';
import { forgetSeenMessages } from './forget-seen-messages.ts';
import { pushAllLinks } from './identity/push-links.ts';

const chunkLimits = { bytesMax: 4 * 1_048_576, recordsMax: 10_000 };
/** Chunks that are not full begin this far apart: each costs the stores a part and a commit, however small it is. */
const chunkEveryMs = 150;
/** Whoever appends wakes the cleaner. Looking by itself is for wakes that were lost, and rarer the longer nothing comes. */
const pollMs = { first: 100, most: 1_000 } as const;
const backOffFirstMs = 200;
const backOffMaxMs = 30_000;
const balanceEveryMs = 10_000;
const forgetEveryMs = 60 * 60_000;
/** Segments turn while nothing arrives; what was processed of them is deleted by then. */
const letGoEveryMs = 20_000;

export type CleanerOptions = {
  readonly journals: readonly JournalReader[];
  readonly stores: Stores;
  readonly workspaceOf: (workspaceId: WorkspaceId) => Promise<Workspace> | Workspace;
  readonly logger: Logger;
  readonly registry: Registry;
  /** Days for which a message id is remembered. */
  readonly dedupeDays: number;
  /** Hands out the function to call when something was appended, so that it is looked at at once. */
  readonly onWake?: (wake: () => void) => void;
  /** After each chunk, when all stores have it. */
  readonly onCleaned?: () => void;
};

export type CleanerStatus = {
  readonly state: 'running' | 'waiting' | 'failing' | 'stopped';
  readonly recordsCleaned: number;
  /** Why it is failing, and since when; the place is kept and it is tried again. */
  readonly failure: { readonly message: string; readonly attempts: number; readonly since: Date } | null;
};

export type Cleaner = {
  /** After the chunk in hand. */
  stop(): Promise<void>;
  /** Resolves when nothing waits in any journal that this worker has. */
  idle(): Promise<void>;
  status(): CleanerStatus;
};

/**
 * The loop: one chunk of each journal in turn, as long as there are any. What fails is tried again with growing pauses and never
 * loses its place; what is at fault in a record ends in quarantine and does not come here.
 */
export function startCleaner(options: CleanerOptions): Cleaner {
  const { journals, stores, logger, registry } = options;
  const metrics = cleanerMetrics(registry);
  const locks = new CleanerLocks(stores.control.connectionString, logger);
  const stopping = new AbortController();
  const context = {
    stores,
    workspaceOf: async (workspaceId: WorkspaceId) => options.workspaceOf(workspaceId),
    known: new KnownPeople(),
    limits: chunkLimits,
    ahead: new Map(),
  };
  let recordsCleaned = 0;
  let failure: { message: string; attempts: number; since: Date } | null = null;
  let state: CleanerStatus['state'] = 'running';
  let woken = false;
  let pollDelayMs: number = pollMs.first;
  let endPause: (() => void) | undefined;
  let restUntil = 0;
  let endRest: (() => void) | undefined;
  let idleWaiters: (() => void)[] = [];
  let balanceAt = Date.now() + balanceEveryMs;
  let forgetAt = 0;
  let letGoAt = 0;
  let linksPushed = false;

  const wake = () => {
    woken = true;
    endPause?.();
  };
  options.onWake?.(wake);

  async function pause(ms: number): Promise<void> {
    if (woken || stopping.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    endPause = undefined;
  }

  /** Between chunks, so that what trickles in is taken together. Somebody who waits for the end is not kept waiting. */
  async function rest(): Promise<void> {
    const ms = restUntil - performance.now();
    if (ms <= 0 || idleWaiters.length > 0 || stopping.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      endRest = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    endRest = undefined;
  }

  /** True when there was something to do. */
  async function cleanOnce(journal: JournalReader): Promise<boolean> {
    if (!(await locks.takeJournal(journal.id))) return false;
    const leave = await locks.enter(stopping.signal);
    if (!leave) return false;
    try {
      const report = await metrics.time(() => processChunk(context, journal));
      if (!report) return false;
      if (report.isFull) restUntil = 0;
      recordsCleaned += report.records;
      options.onCleaned?.();
      metrics.count(report);
      await journal.forget(report.next);
      return true;
    } finally {
      await leave();
    }
  }

  async function round(): Promise<boolean> {
    if (!linksPushed) {
      await pushAllLinks(stores);
      linksPushed = true;
    }
    let busy = false;
    for (const journal of journals) {
      if (stopping.signal.aborted) return false;
      if (await cleanOnce(journal)) busy = true;
    }
    await doChores();
    return busy;
  }

  async function doChores(): Promise<void> {
    const now = Date.now();
    if (now >= balanceAt) {
      balanceAt = now + balanceEveryMs;
      const balance = await readBalance(stores.control, journals);
      metrics.balance(balance);
      if (balance.difference !== 0) {
        logger.error({ balance }, 'cleaner: received is not valid + duplicate + quarantined + pending');
      }
    }
    if (now >= letGoAt) {
      letGoAt = now + letGoEveryMs;
      for (const journal of journals) {
        if (await locks.takeJournal(journal.id)) {
          await journal.forget((await loadCheckpoint(stores.control, journal)).position);
        }
      }
    }
    if (now >= forgetAt) {
      forgetAt = now + forgetEveryMs;
      await forgetSeenMessages(stores.control, options.dedupeDays);
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      woken = false;
      restUntil = performance.now() + chunkEveryMs;
      try {
        const busy = await round();
        if (failure) logger.info({ attempts: failure.attempts }, 'cleaner: goes on');
        failure = null;
        state = busy ? 'running' : 'waiting';
        if (busy) {
          pollDelayMs = pollMs.first;
          await rest();
          continue;
        }
        if (!woken) {
          for (const resolve of idleWaiters.splice(0)) resolve();
          await pause(pollDelayMs);
          pollDelayMs = woken ? pollMs.first : Math.min(pollDelayMs * 2, pollMs.most);
        }
      } catch (error) {
        const attempts = (failure?.attempts ?? 0) + 1;
        failure = { message: errorMessage(error), attempts, since: failure?.since ?? new Date() };
        state = 'failing';
        // Links that were decided and not carried over must not wait for the next change.
        linksPushed = false;
        // Something that passes is a warning; when it does not pass, somebody must look.
        logger[attempts > 5 ? 'error' : 'warn']({ err: error, attempts }, 'cleaner: will try again');
        metrics.failed();
        const longest = Math.min(backOffMaxMs, backOffFirstMs * 2 ** Math.min(attempts - 1, 20));
        woken = false;
        await Promise.race([pauseFor(longest * (0.5 + Math.random() / 2)), stopped]);
      }
    }
    state = 'stopped';
    for (const resolve of idleWaiters.splice(0)) resolve();
    await locks.close();
  }

  const stopped = new Promise<void>((resolve) => stopping.signal.addEventListener('abort', () => resolve()));
  const pauseFor = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  const running = run();

  return {
    async stop() {
      stopping.abort();
      endPause?.();
      endRest?.();
      await running;
    },
    idle: () =>
      new Promise<void>((resolve) => {
        idleWaiters = [...idleWaiters, resolve];
        wake();
        endRest?.();
      }),
    status: () => ({ state, recordsCleaned, failure }),
  };
}

const errorMessage = (error: unknown): string => (error instanceof Error ? error.message : String(error));
