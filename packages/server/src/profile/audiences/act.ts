import { AppError } from '../../domain/app-error.ts';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { ControlSession } from '../../storage/control/control-store.ts';
import type { Actor, AuditDetails } from '../../trust/index.ts';

/** Who changes something, and the entry that it leaves in the transaction of the change. */
export type Act = {
  readonly actor: Actor;
  readonly audit: (session: ControlSession, details?: AuditDetails) => Promise<void>;
};

/** The queue, as far as audiences need it. */
export type Queue = {
  send(
    name: string,
    data: Readonly<Record<string, number>>,
    options: { readonly subject: string; readonly singletonKey?: string; readonly workspaceId: WorkspaceId },
  ): Promise<string | null>;
  cancel(workspaceId: WorkspaceId, jobId: string): Promise<void>;
};

/** What work in the background tells of itself. */
export type Run = {
  /** 1 for the first. */
  readonly attempt: number;
  readonly signal: AbortSignal;
  readonly progress: (done: number, total: number | null) => void;
};

const attemptsMax = 4;

/** Whether what failed may pass, and is tried again: then it is still running, and not failed. */
export const willTryAgain = (cause: unknown, run: Run): boolean =>
  run.signal.aborted ||
  (cause instanceof AppError &&
    (cause.code === 'storage.unavailable' || cause.code === 'storage.full') &&
    run.attempt < attemptsMax);

export const sentenceOf = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).slice(0, 500);

export const operatorOf = ({ actor }: Pick<Act, 'actor'>): number | null =>
  actor.kind === 'operator' ? actor.id : null;
