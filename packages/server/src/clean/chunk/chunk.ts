import type { JournalPosition, JournalRecord } from '../../collect/journal/journal.ts';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { WorkspaceVault } from '../../storage/vault/vault.ts';
import type { CleanOutcome } from '../clean-record.ts';
import type { CleanSettings } from '../clean-settings.ts';
import type { Arrival, ObservedProperty } from '../draft.ts';
import type { KeptRows, Row } from '../rows/chunk-rows.ts';
import type { OrderKeys } from '../rows/order-keys.ts';
import type { RowSpan } from './row-bytes.ts';

/** A piece of a journal, fixed before it is processed: after a crash exactly the same piece is processed again. */
export type Claim = {
  readonly id: string;
  readonly from: JournalPosition;
  readonly until: JournalPosition;
  /** By workspace, as they were when the chunk was claimed. */
  readonly settings: Readonly<Record<string, CleanSettings>>;
  /** Keys that other chunks hold. Absent in a claim that is found again after a crash. */
  readonly takenKeys?: ReadonlySet<string>;
};

export type Chunk = {
  readonly journalId: string;
  readonly from: JournalPosition;
  readonly next: JournalPosition;
  readonly records: readonly JournalRecord[];
  /** Names the place and the content: the same token again is a no-op in the event store. */
  readonly token: string;
};

/** Where one record of a chunk ended. */
export type Verdict =
  | { readonly kind: 'valid' }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'quarantined'; readonly reason: string }
  /** A mended record that was already replayed, or is refused again: no counts change. */
  | { readonly kind: 'ignored' };

/** What is kept of a record between its cleaning and its commit: no more than is needed, for there are many. */
export type PreparedRecord = {
  readonly arrival: Arrival;
  /** Key of the quarantined record that this one mends. */
  readonly replayOf: string | undefined;
  /** Cleans it again: for the rare record whose rows the event store refuses. */
  readonly cleanAgain: () => CleanOutcome;
  /** Calendar day of arrival in the workspace's zone: what counts are kept by. */
  readonly day: string;
  kept: PreparedRows | undefined;
  readonly observed: readonly ObservedProperty[];
  readonly quarantine: Row | undefined;
  verdict: Verdict;
  /** Keys it holds when it is counted: its message's, the mended record's, its order's. Known when duplicates are judged. */
  held: readonly string[];
};

/** All that a record leaves behind in the stores, its rows ready to send. */
export type PreparedRows = Omit<KeptRows, 'tables' | 'order'> & {
  readonly spans: readonly RowSpan[];
  readonly order: PreparedOrder | undefined;
};

export type PreparedOrder = {
  readonly keys: OrderKeys;
  /** The same record without the lines that were counted before. */
  readonly without: (repeated: 'all' | ReadonlySet<number>) => PreparedRows;
};

export type Vaults = ReadonlyMap<WorkspaceId, WorkspaceVault>;
