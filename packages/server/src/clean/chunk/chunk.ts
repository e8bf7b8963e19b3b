import type { JournalPosition, JournalRecord } from '../../collect/journal/journal.ts';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { WorkspaceVault } from '../../storage/vault/vault.ts';
import type { CleanOutcome } from '../clean-record.ts';
import type { CleanSettings } from '../clean-settings.ts';
import type { KeptRows, Row } from '../rows/chunk-rows.ts';

/** A piece of a journal, fixed before it is processed: after a crash exactly the same piece is processed again. */
export type Claim = {
  readonly id: string;
  readonly from: JournalPosition;
  readonly until: JournalPosition;
  /** By workspace, as they were when the chunk was claimed. */
  readonly settings: Readonly<Record<string, CleanSettings>>;
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

export type PreparedRecord = {
  readonly outcome: CleanOutcome;
  /** Calendar day of arrival in the workspace's zone: what counts are kept by. */
  readonly day: string;
  readonly kept: KeptRows | undefined;
  readonly quarantine: Row | undefined;
  verdict: Verdict;
};

export type Vaults = ReadonlyMap<WorkspaceId, WorkspaceVault>;
