import { writeSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { Logger } from 'pino';
import { AppError } from '../../domain/app-error.ts';
import { type DurableMark, encodeMark, markBytes } from './durable-mark.ts';
import type { JournalPosition, JournalRecord, JournalStatus, JournalWriter } from './journal.ts';
import type { JournalFile, OpenJournalFile } from './journal-file.ts';
import type { JournalMetrics } from './journal-metrics.ts';
import type { JournalSpace } from './journal-space.ts';
import { encodeRecord } from './record-codec.ts';
import type { Recovered } from './recover-journal.ts';
import { createSegment, headerBytes, segmentPath } from './segment-header.ts';
import { toStorageError } from './storage-error.ts';

type Parts = {
  readonly id: string;
  readonly dir: string;
  readonly durability: 'power' | 'process';
  readonly inflightBytesMax: number;
  readonly segmentBytes: number;
  /** Age at which a segment is closed although there is room in it: only closed ones can be deleted when they are processed. */
  readonly segmentAgeMs: number;
  readonly lookEveryMs: number;
  readonly logger: Logger;
  readonly metrics: JournalMetrics;
  readonly space: JournalSpace;
  readonly openFile: OpenJournalFile;
  readonly markFile: FileHandle;
  readonly recovered: Recovered;
  readonly release: () => Promise<void>;
};

type Waiting = {
  readonly head: Buffer;
  readonly body: Buffer;
  readonly bytes: number;
  readonly count: number;
  readonly since: number;
  readonly resolve: (position: JournalPosition) => void;
  readonly reject: (cause: unknown) => void;
};

/** One commit takes at most this much, so that a flood cannot make the first of it wait for the last. */
const commitBytesMax = 8 * 1_048_576;
const commitRecordsMax = 2_000;

/** Writes what waits with one call and one sync; what arrives meanwhile is the next commit. */
export class GroupCommitWriter implements JournalWriter {
  readonly id: string;
  readonly #parts: Parts;
  readonly #queue: Waiting[] = [];
  readonly #listeners = new Set<(end: JournalPosition) => void>();
  readonly #markBuffer = Buffer.alloc(markBytes);
  #mark: DurableMark;
  #nextSegment: number;
  #previousEnd: number;
  #file: JournalFile | undefined;
  #segmentSince = Number.NEGATIVE_INFINITY;
  #inflightBytes = 0;
  #committing: Promise<void> | undefined;
  #closed = false;
  #timer: ReturnType<typeof setInterval> | undefined;
  #complainedAt = Number.NEGATIVE_INFINITY;

  constructor(parts: Parts) {
    this.id = parts.id;
    this.#parts = parts;
    this.#mark = parts.recovered.mark;
    this.#nextSegment = parts.recovered.nextSegment;
    this.#previousEnd = parts.recovered.previousEnd;
  }

  async start(): Promise<void> {
    this.#publishMark();
    await this.#lookAtDisk();
    // Readers let segments go also while nothing arrives.
    this.#timer = setInterval(() => void this.#look().catch(() => undefined), this.#parts.lookEveryMs);
    this.#timer.unref();
  }

  append(record: JournalRecord): Promise<JournalPosition> {
    const refusal = this.#refusal(record.body.length);
    if (refusal) {
      this.#parts.metrics.refused(refusal.code);
      return Promise.reject(refusal);
    }
    return new Promise((resolve, reject) => {
      const encoded = encodeRecord(record);
      this.#setInflight(this.#inflightBytes + encoded.bytes);
      this.#queue.push({ ...encoded, count: record.count, since: performance.now(), resolve, reject });
      this.#committing ??= this.#run();
    });
  }

  status(): JournalStatus {
    const { space } = this.#parts;
    const hasRecords = this.#mark.recordsTotal > 0 && space.journalBytes > headerBytes;
    return {
      bytesWaiting: space.journalBytes,
      recordsTotal: this.#mark.recordsTotal,
      oldestWaitingAt: hasRecords ? space.oldestAt : null,
    };
  }

  onAppend(listener: (end: JournalPosition) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#committing;
    await this.#file?.close();
    await this.#parts.markFile.close();
    await this.#parts.release();
  }

  #refusal(bytes: number): AppError | undefined {
    if (this.#closed) return new AppError('storage.unavailable', `journal ${this.id}: it is closed`);
    if (this.#inflightBytes + bytes <= this.#parts.inflightBytesMax) return undefined;
    return new AppError(
      'overload',
      `journal ${this.id}: ${this.#inflightBytes} bytes wait for the disk, the limit is ${this.#parts.inflightBytesMax}`,
      { details: { fix: 'Send again later; a faster disk or ZHIYIN_INFLIGHT_MAX_MB helps against short peaks.' } },
    );
  }

  /** Never rejects: whatever goes wrong is told to those who wait, and the next append starts it again. */
  async #run(): Promise<void> {
    // The first waits for the others that arrived in the same turn of the loop.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      const batch = this.#takeBatch();
      const bytes = batch.reduce((sum, waiting) => sum + waiting.bytes, 0);
      let positions: JournalPosition[] | undefined;
      try {
        positions = await this.#commit(batch, bytes);
      } catch (cause) {
        this.#refuse(batch, cause);
      }
      this.#setInflight(this.#inflightBytes - bytes);
      if (positions) this.#acknowledge(batch, positions);
    }
    this.#committing = undefined;
  }

  #acknowledge(batch: readonly Waiting[], positions: readonly JournalPosition[]): void {
    const now = performance.now();
    for (const [index, waiting] of batch.entries()) {
      this.#parts.metrics.appended.observe((now - waiting.since) / 1_000);
      waiting.resolve(positions[index] as JournalPosition);
    }
    this.#tellListeners();
  }

  #takeBatch(): Waiting[] {
    let bytes = 0;
    let taken = 0;
    for (const waiting of this.#queue) {
      if (taken > 0 && (bytes + waiting.bytes > commitBytesMax || taken === commitRecordsMax)) break;
      bytes += waiting.bytes;
      taken += 1;
    }
    return this.#queue.splice(0, taken);
  }

  /** @returns where each record stands. Everything is durable then, or nothing of it is in the journal. */
  async #commit(batch: readonly Waiting[], bytes: number): Promise<JournalPosition[]> {
    const { space, metrics, durability } = this.#parts;
    await space.reserve(bytes);
    const file = await this.#fileFor(bytes);
    const { segment, offset, recordsTotal } = this.#mark;
    try {
      await file.writeAll(
        batch.flatMap((waiting) => (waiting.body.length > 0 ? [waiting.head, waiting.body] : [waiting.head])),
        offset,
      );
    } catch (cause) {
      await this.#takeBack(file, offset);
      throw cause;
    }
    if (durability === 'power') {
      try {
        await file.datasync();
      } catch (cause) {
        // After a failed sync the kernel may call the pages clean although they never reached the disk: nothing more
        // can be learnt from this file. What was durable before stays; the next commit opens another.
        await this.#takeBack(file, offset);
        await this.#leaveSegment();
        throw cause;
      }
    }
    const positions: JournalPosition[] = [];
    let at = offset;
    let records = 0;
    for (const waiting of batch) {
      positions.push({ segment, offset: at });
      at += waiting.bytes;
      records += waiting.count;
    }
    this.#mark = { segment, offset: at, recordsTotal: recordsTotal + records };
    this.#publishMark();
    space.written(bytes);
    metrics.commits.inc();
    metrics.records.inc(records);
    metrics.journalBytes.set(space.journalBytes);
    return positions;
  }

  async #fileFor(bytes: number): Promise<JournalFile> {
    const isFull = this.#mark.offset > headerBytes && this.#mark.offset + bytes > this.#parts.segmentBytes;
    if (this.#file && (isFull || this.#isOld())) await this.#leaveSegment();
    this.#file ??= await this.#openSegment();
    return this.#file;
  }

  async #openSegment(): Promise<JournalFile> {
    const { dir, openFile } = this.#parts;
    const { recordsTotal } = this.#mark;
    const segment = this.#nextSegment;
    await createSegment(dir, {
      segment,
      recordsBefore: recordsTotal,
      previousEnd: this.#previousEnd,
      createdAt: new Date(),
    });
    const file = await openFile(segmentPath(dir, segment));
    this.#segmentSince = performance.now();
    this.#mark = { segment, offset: headerBytes, recordsTotal };
    return file;
  }

  async #leaveSegment(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    if (this.#mark.offset > headerBytes) {
      this.#nextSegment = this.#mark.segment + 1;
      this.#previousEnd = this.#mark.offset;
    }
    await file?.close().catch(() => undefined);
  }

  /** Removes what a failed commit may have left. Where even that fails the segment is left as it is and not used again. */
  async #takeBack(file: JournalFile, offset: number): Promise<void> {
    await file.truncate(offset).catch(() => this.#leaveSegment());
  }

  /** Holds records and has been open long enough. One that a process before this one left is old at once. */
  #isOld(): boolean {
    return this.#mark.offset > headerBytes && performance.now() - this.#segmentSince > this.#parts.segmentAgeMs;
  }

  async #look(): Promise<void> {
    await this.#lookAtDisk();
    if (this.#closed || this.#committing || !this.#isOld()) return;
    // In the place of a commit: what arrives meanwhile waits for it.
    this.#committing = this.#turnSegment().then(() => this.#run());
    await this.#committing;
  }

  /** Begins the next segment while nothing arrives, so that what is processed can be deleted. Failing, it is tried again later. */
  async #turnSegment(): Promise<void> {
    try {
      await this.#leaveSegment();
      this.#file = await this.#openSegment();
      this.#publishMark();
    } catch (cause) {
      this.#parts.logger.warn({ cause }, 'journal: an old segment could not be closed; it is tried again');
    }
  }

  async #lookAtDisk(): Promise<void> {
    await this.#parts.space.refresh();
    this.#parts.metrics.journalBytes.set(this.#parts.space.journalBytes);
  }

  /** Not awaited on purpose: 32 bytes into the page cache take microseconds, a turn through the thread pool far longer. */
  #publishMark(): void {
    try {
      writeSync(this.#parts.markFile.fd, encodeMark(this.#mark, this.#markBuffer), 0, markBytes, 0);
    } catch (cause) {
      this.#parts.logger.warn(
        { cause },
        'journal: readers cannot be told about new records; the next commit tries again',
      );
    }
  }

  #refuse(batch: readonly Waiting[], cause: unknown): void {
    const { logger, metrics, space } = this.#parts;
    const error = toStorageError(cause, this.id);
    space.distrustAfter(error);
    if (performance.now() - this.#complainedAt > 10_000) {
      this.#complainedAt = performance.now();
      logger.error({ code: error.code, cause: error.cause, refused: batch.length }, error.message);
    }
    for (const waiting of batch) {
      metrics.refused(error.code);
      waiting.reject(error);
    }
  }

  #setInflight(bytes: number): void {
    this.#inflightBytes = bytes;
    this.#parts.metrics.inflightBytes.set(bytes);
  }

  #tellListeners(): void {
    const end = { segment: this.#mark.segment, offset: this.#mark.offset };
    for (const listener of this.#listeners) {
      try {
        listener(end);
      } catch (cause) {
        this.#parts.logger.error({ cause }, 'journal: a listener threw');
      }
    }
  }
}
