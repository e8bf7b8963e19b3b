import type { Job, scheduleSchema } from '@zhiyin/contract';
import type { z } from 'zod';
import type { WorkspaceId } from '../domain/ids.ts';

export type JobDefinition = {
  /** kebab-case; also the queue's name. */
  readonly name: string;
  /** One sentence for the console: what it does. */
  readonly says: string;
  /** Attempts after the first one. */
  readonly retryLimit: number;
  /** The wait doubles with each attempt, from `firstSeconds` up to `mostSeconds`. */
  readonly backoff: { readonly firstSeconds: number; readonly mostSeconds: number };
  /** How many run at once in one process. */
  readonly concurrency: number;
  /** An attempt that takes longer is aborted and tried again. */
  readonly timeoutSeconds: number;
};

/** Ids only, never personal data: payloads lie in the queue's tables and in backups. */
export type JobData = Readonly<Record<string, string | number | boolean | null>>;

export type JobRun = {
  readonly jobId: string;
  readonly workspaceId: WorkspaceId | null;
  readonly data: JobData;
  /** 1 for the first. */
  readonly attempt: number;
  /** Aborts when the job is cancelled, takes too long, or the process stops. */
  readonly signal: AbortSignal;
  /** Shown in the console; cheap to call often. */
  readonly progress: (done: number, total: number | null) => void;
};

export type JobHandler = (run: JobRun) => Promise<void>;

export type SendOptions = {
  /** What it works on, such as `import 12`. No names, no personal data. */
  readonly subject?: string;
  /** While one with this key waits or runs, another is not queued. */
  readonly singletonKey?: string;
  readonly workspaceId?: WorkspaceId;
  readonly startAfterSeconds?: number;
};

export type JobPage = {
  rows: Job[];
  nextCursor: string | null;
  schedules: z.infer<typeof scheduleSchema>[];
};

export interface Jobs {
  /** Before `start`. Every process defines the same jobs; only workers run them. */
  define(definition: JobDefinition, handler: JobHandler): void;
  /** Before `start`. `cron` in the time zone `timeZone`. */
  schedule(name: string, cron: string, timeZone: string, says: string): void;
  start(role: { worker: boolean }): Promise<void>;
  /** Lets running jobs end for at most `drainMs` (default 8,000), then aborts them; they are tried again later. */
  stop(drainMs?: number): Promise<void>;
  /** Whether a job of this name is defined. */
  knows(name: string): boolean;
  /** Returns the job's id, or null when one with the same `singletonKey` waits or runs already. */
  send(name: string, data: JobData, options?: SendOptions): Promise<string | null>;
  /** The workspace's jobs, newest first. */
  list(workspaceId: WorkspaceId, cursor?: string, limit?: number): Promise<JobPage>;
  /** @throws AppError `not_found`, `conflict` when it has ended. */
  cancel(workspaceId: WorkspaceId, jobId: string): Promise<void>;
  /** A failed or cancelled job once more. @throws AppError `not_found`, `conflict` */
  retry(workspaceId: WorkspaceId, jobId: string): Promise<void>;
}
