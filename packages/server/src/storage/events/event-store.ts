import type { Readable } from 'node:stream';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { StagedRows } from './staged-rows.ts';

/**
 * The event store: ClickHouse, whether the embedded child, one server or a cluster.
 *
 * Questions name tables as `@events`, `@order_lines`, … and never otherwise. The adapter turns each into
 * `(SELECT * FROM zhiyin.events WHERE workspace_id = {workspace:UInt32})`, so a question cannot reach another
 * workspace's rows, and cannot be written without one. Two more words exist:
 *
 * - `@person_events`, `@person_order_lines`, `@person_traits`, `@person_reviews`: the same rows with a column `profile_id` that
 *   follows the identity graph as it is now (merges move history at once).
 * - `@person_tags`, `@person_list_members`: tags and members of lists that were not taken away again, with `profile_id` like these.
 * - `@person_computed_traits`: what is computed of people as they are now: without what was removed, and without rows of profiles
 *   that became part of another, whose own values stand until the next run.
 * - `FINAL` is added by the adapter for replacing tables (`@items`, `@traits`, `@profile_links`, `@reviews`, `@ad_spend`, `@quarantine`,
 *   `@computed_traits`, `@tags`, `@list_members`, `@prediction_scores`).
 */
export type Question = {
  /** For logs, metrics and the query panel: kebab-case, the file's name. */
  readonly name: string;
  readonly sql: string;
  /** Typed in the SQL as `{from:DateTime64(3)}`. Dates are sent as UTC text. `workspace` is reserved. */
  readonly parameters?: Readonly<Record<string, string | number | boolean | Date | readonly (string | number)[]>>;
};

export type ReadOptions = {
  /** Cut off after this long. Default 10,000; the server stops working on it too. */
  readonly timeoutMs?: number;
  readonly memoryBytesMax?: number;
  readonly signal?: AbortSignal;
};

export type Answer<Row> = {
  readonly rows: Row[];
  readonly elapsedMs: number;
  readonly rowsRead: number;
  /** The statement as it ran, with the workspace filter in place, for "show the query". */
  readonly statement: string;
};

export type EventTable =
  | 'events'
  | 'order_lines'
  | 'traits'
  | 'profile_links'
  | 'items'
  | 'reviews'
  | 'ad_spend'
  | 'quarantine'
  | 'decisions'
  | 'computed_traits'
  | 'prediction_scores'
  | 'tags'
  | 'list_members'
  | 'segment_memberships';

/** Rows that are JSON already, each object a line of UTF-8 that begins with its `workspace_id`. */
export type JsonLines = { readonly rows: number; readonly pieces: readonly Buffer[] };

/** One server of the event store. */
export type EventNode = {
  readonly url: string;
  readonly maintain: EventStore['maintain'];
  /** Full name of the table that holds this node's own rows. */
  local(table: EventTable): string;
  /** Makes a table like another, on this node alone, where rows can wait until they are published. */
  createStaged(name: string, table: EventTable): Promise<void>;
  /** Moves rows that wait on this node to the table everyone reads: nobody sees a part of them for longer than a step takes. */
  publish(rows: StagedRows): Promise<void>;
};

export interface EventStore {
  /** Rows with UInt64 and Decimal as strings, DateTime64 as 'YYYY-MM-DD hh:mm:ss.sss' in UTC. */
  read<Row>(workspaceId: WorkspaceId, question: Question, options?: ReadOptions): Promise<Answer<Row>>;

  /** The same, row by row, in bounded memory. */
  stream<Row>(workspaceId: WorkspaceId, question: Question, options?: ReadOptions): AsyncIterable<Row[]>;

  /**
   * Stores rows durably (fsync) and exactly once per (table, token): the same token again is a no-op.
   * Rows carry `workspace_id` themselves; the adapter checks that each has one.
   * @throws AppError `storage.refused` when the rows themselves are at fault (details.row where known),
   *   `storage.full` on a full disk, `storage.unavailable` for anything that may pass.
   */
  append(table: EventTable, rows: readonly Record<string, unknown>[] | JsonLines, token: string): Promise<void>;

  /**
   * INSERT … SELECT inside the engine, for imports. `sql` may use `@` names to read and must insert into `@into(table)`.
   * Runs as the import user, who may read files under the import directory.
   */
  transform(
    workspaceId: WorkspaceId,
    question: Question,
    options?: ReadOptions,
  ): Promise<{ rowsWritten: number; rowsRead: number }>;

  /**
   * Statements without a workspace: migrations, counts for audits, maintenance. The reason is logged and reviewed.
   * With a `body` the statement is an INSERT that ends in `FORMAT …`, and these bytes are what it reads.
   */
  maintain<Row = never>(
    statement: string,
    reason: string,
    parameters?: Question['parameters'],
    body?: Readable,
  ): Promise<Row[]>;

  /**
   * The same on every node, one after the other, for what each must do to its own part. `@local(table)` stands for the table that
   * holds a node's own rows.
   */
  maintainEveryNode(statement: string, reason: string, parameters?: Question['parameters']): Promise<void>;

  /**
   * The node that answers first, for statements that build on one another and so must reach the same one.
   * @throws AppError `storage.unavailable` when none answers
   */
  oneNode(): Promise<EventNode>;

  /** All nodes, up or down. */
  eachNode(): readonly EventNode[];

  ping(timeoutMs: number): Promise<boolean>;
  /** Every node answers with its address, up or down: for /ready and doctor. */
  nodes(): Promise<{ url: string; up: boolean; version: string | null }[]>;
  close(): Promise<void>;
}
