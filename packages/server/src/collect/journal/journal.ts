import type { ImportId, SourceId, WorkspaceId } from '../../domain/ids.ts';

/**
 * The journal: an append-only file of what arrived, as it arrived, before anything else happens to it.
 * One directory per writing process (`journal/http`, `journal/worker`); its name is the journal's id.
 */
export type JournalRecordKind =
  /** A Segment-shaped body: one call or `{batch: […]}`. `route` says which endpoint took it. */
  | 'calls'
  /** A body of POST /v1/reviews. */
  | 'reviews'
  /** `{spend: […]}` from an import. */
  | 'spend'
  /** `{records: [{recordKey, receivedAt, kind, call}]}`: mended records from quarantine. They were counted as received before. */
  | 'replay';

export type JournalRecord = {
  readonly kind: JournalRecordKind;
  readonly workspaceId: WorkspaceId;
  readonly sourceId: SourceId;
  /** 0 when not from an import. */
  readonly importId: ImportId;
  readonly receivedAt: Date;
  /** `identify`, `track`, …, `batch` for calls. */
  readonly route: string;
  /** Address and user agent of the sender, for context and bot detection; may be empty. */
  readonly ip: string;
  readonly userAgent: string;
  /** How many records (events) the body holds: what `received` counts. */
  readonly count: number;
  readonly body: Buffer;
};

export type JournalPosition = { readonly segment: number; readonly offset: number };

export type JournalStatus = {
  /** Bytes on disk that readers have not let go yet. */
  readonly bytesWaiting: number;
  /** Events ever appended; exact across restarts. */
  readonly recordsTotal: number;
  /** When the oldest segment still there was begun. What a reader still has to do is exactly `reader.oldestAt(checkpoint)`. */
  readonly oldestWaitingAt: Date | null;
};

export interface JournalWriter {
  readonly id: string;
  /** Resolves when the record is durable (mode `power`: fdatasync returned; `process`: the kernel has it). @throws AppError `storage.full`, `overload`, `storage.unavailable` */
  append(record: JournalRecord): Promise<JournalPosition>;
  status(): JournalStatus;
  /** Called with the end position after each group commit. Resolved positions are where the record begins. */
  onAppend(listener: (end: JournalPosition) => void): () => void;
  close(): Promise<void>;
}

export interface JournalReader {
  readonly id: string;
  /**
   * Whole, checksummed, durable records from a position on: at least one if there is one, up to `bytesMax` bytes and
   * `recordsMax` events, never across segments. With `until` exactly what lies before it, whatever the other limits say,
   * so that a claimed chunk repeats. `next` is where to read on; any position it gave stays valid.
   * `crc` covers the bytes read, so that a token made of it names the content and not only the place.
   */
  read(
    from: JournalPosition,
    limits: { bytesMax: number; recordsMax: number; until?: JournalPosition },
  ): Promise<{ records: JournalRecord[]; next: JournalPosition; crc: number }>;
  /** Events before a position, ever, and events after it up to the end. */
  countBefore(position: JournalPosition): Promise<number>;
  recordsTotal(): Promise<number>;
  /** When the first record at or behind a position arrived; null when none waits. */
  oldestAt(from: JournalPosition): Promise<Date | null>;
  /** First position that still exists. */
  start(): Promise<JournalPosition>;
  /** Deletes segments wholly before the position. */
  forget(before: JournalPosition): Promise<void>;
}
