import type { WorkspaceId } from '../../domain/ids.ts';

export type SqlValue =
  | string
  | number
  | boolean
  | bigint
  | Date
  | Buffer
  | null
  | readonly SqlValue[]
  | Record<string, unknown>;

/** Runs SQL on the control store (PostgreSQL). `bigint` columns come back as strings, `timestamptz` as Date. */
export interface ControlSession {
  /** For tables that belong to no workspace (operators, sessions, journal_checkpoints, …). */
  query<Row>(sql: string, values?: readonly SqlValue[]): Promise<Row[]>;
  /**
   * For tables of a workspace. `$1` is always the workspace id and the statement must use it
   * (`workspace_id = $1`, or as the inserted value); values start at `$2`.
   */
  of(workspaceId: WorkspaceId): { query<Row>(sql: string, values?: readonly SqlValue[]): Promise<Row[]> };
}

export interface ControlStore extends ControlSession {
  /** Everything or nothing. Retries serialization failures and deadlocks up to 3 times, so `work` must be repeatable. */
  transaction<T>(work: (session: ControlSession) => Promise<T>): Promise<T>;
  ping(timeoutMs: number): Promise<boolean>;
  /** LISTEN on a channel; returns the way to stop. Reconnects by itself. */
  listen(channel: string, onMessage: (payload: string) => void): Promise<() => Promise<void>>;
  /** For pg-boss and backup: how to connect. Never logged. */
  readonly connectionString: string;
  close(): Promise<void>;
}
