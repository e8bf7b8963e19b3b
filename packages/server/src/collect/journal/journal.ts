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
  readonly bytesWaiting: number;
  /** Events ever appended; exact across restarts. */
  readonly recordsTotal: number;
  readonly oldestWaitingAt: Date | null;
};

export interface JournalWriter {
  readonly id: string;
  /** Resolves when the record is durable (mode `power`: fdatasync returned; `process`: the kernel has it). @throws AppError `storage.full`, `overload`, `storage.unavailable` */
  append(record: JournalRecord): Promise<JournalPosition>;
  status(): JournalStatus;
  /** Called with the end position after each group commit. */
  onAppend(listener: (end: JournalPosition) => void): () => void;
  close(): Promise<void>;
}

export interface JournalReader {
  readonly id: string;
  /**
   * Whole, checksummed records from a position on, up to `bytesMax` (at least one record if there is one) or up to `until`.
   * `crc` covers the bytes read, so that a token made of it names the content and not only the place.
   */
  read(
    from: JournalPosition,
    limits: { bytesMax: number; recordsMax: number; until?: JournalPosition },
  ): Promise<{ records: JournalRecord[]; next: JournalPosition; crc: number }>;
  /** Events before a position, ever, and events after it up to the end. */
  countBefore(position: JournalPosition): Promise<number>;
  recordsTotal(): Promise<number>;
  /** First position that still exists. */
  start(): Promise<JournalPosition>;
  /** Deletes segments wholly before the position. */
  forget(before: JournalPosition): Promise<void>;
}
