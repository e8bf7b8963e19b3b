import type { Logger } from 'pino';
import type { WorkspaceId } from '../../../domain/ids.ts';
import type { Workspace } from '../../../domain/workspace.ts';
import type { Stores } from '../../../storage/stores.ts';
import { listWaiting, pushMemberships, sendChanges } from './send-changes.ts';
import { takeDue, takeWork } from './take-work.ts';

/** Rounds begin this far apart: what comes in between is looked at together. */
const roundEveryMs = 100;
/** Whoever changes something in this process wakes the follower; what others change is found by looking. */
const pollMs = 500;
const backOffMs = { first: 200, most: 30_000 } as const;

export type FollowerOptions = {
  readonly stores: Stores;
  readonly workspaceOf: (workspaceId: WorkspaceId) => Promise<Workspace>;
  readonly logger: Logger;
  readonly now?: () => Date;
  /** Everybody of a brand has to be looked at: sent as a job, which shows how far it is. */
  readonly sendEveryone: (workspaceId: WorkspaceId) => Promise<void>;
};

export type PeopleFollower = {
  wake(): void;
  /** Resolves when nothing waits any more. */
  idle(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Keeps membership true: looks again at people with something new, and at those whose time has come, and tells the event store who entered
 * and left. Several processes may do so at once. What fails is tried again; nothing is lost, because work is deleted with what it led to.
 */
export function followPeople(options: FollowerOptions): PeopleFollower {
  const { stores, logger, workspaceOf, now = () => new Date() } = options;
  let stopping = false;
  let woken = false;
  let endPause: (() => void) | undefined;
  let idleWaiters: (() => void)[] = [];

  const wake = () => {
    woken = true;
    endPause?.();
  };
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  /** True when there was something to do. */
  async function round(): Promise<boolean> {
    const waiting = await listWaiting(stores, now());
    for (const { workspaceId, work, due } of waiting) {
      if (stopping) return false;
      const workspace = await workspaceOf(workspaceId);
      if (work) {
        const taken = await takeWork(stores, workspace, now);
        if (taken?.wantsEveryone) await options.sendEveryone(workspaceId);
      }
      if (due) await takeDue(stores, workspace, now);
      await sendChanges(stores, workspaceId);
      await pushMemberships(stores, workspaceId);
    }
    return waiting.length > 0;
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (!stopping) {
      woken = false;
      const startedAt = performance.now();
      try {
        const busy = await round();
        failures = 0;
        if (busy) {
          const rest = roundEveryMs - (performance.now() - startedAt);
          if (rest > 0 && idleWaiters.length === 0) await new Promise((resolve) => setTimeout(resolve, rest));
          continue;
        }
        if (woken || stopping) continue;
        for (const resolve of idleWaiters.splice(0)) resolve();
        await pause(pollMs);
      } catch (error) {
        failures += 1;
        logger[failures > 5 ? 'error' : 'warn']({ err: error, failures }, 'segments: will try again');
        await pause(Math.min(backOffMs.most, backOffMs.first * 2 ** Math.min(failures - 1, 10)));
      }
    }
    for (const resolve of idleWaiters.splice(0)) resolve();
  }
  const running = run();

  return {
    wake,
    idle: () =>
      new Promise<void>((resolve) => {
        idleWaiters = [...idleWaiters, resolve];
        wake();
      }),
    async stop() {
      stopping = true;
      wake();
      await running;
    },
  };
}
