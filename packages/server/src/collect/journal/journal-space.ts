import { stat, statfs } from 'node:fs/promises';
import { AppError } from '../../domain/app-error.ts';
import { listSegments, readHeader, segmentPath } from './segment-header.ts';

export type JournalSpaceOptions = {
  readonly dir: string;
  readonly journalBytesMax: number;
  readonly diskReserveBytes: number;
  /** Bytes a process may still write on the disk that holds `dir`. */
  readonly freeBytes?: (dir: string) => Promise<number>;
};

const checkEveryMs = 1_000;

/** What the journal takes on disk and what is left there; looked up at most once a second, counted in between. */
export class JournalSpace {
  readonly #options: JournalSpaceOptions;
  #checkedAt = Number.NEGATIVE_INFINITY;
  #freeBytes = Number.POSITIVE_INFINITY;
  #journalBytes = 0;
  #oldestAt: Date | null = null;

  constructor(options: JournalSpaceOptions) {
    this.#options = options;
  }

  get journalBytes(): number {
    return this.#journalBytes;
  }

  get oldestAt(): Date | null {
    return this.#oldestAt;
  }

  /** @throws AppError `storage.full` when `bytes` more would go over the journal's limit or into the disk's reserve. */
  async reserve(bytes: number): Promise<void> {
    if (performance.now() - this.#checkedAt >= checkEveryMs) await this.refresh();
    const { journalBytesMax, diskReserveBytes } = this.#options;
    if (this.#journalBytes + bytes > journalBytesMax) {
      throw new AppError(
        'storage.full',
        `journal: ${this.#journalBytes} bytes wait to be cleaned, the limit is ${journalBytesMax}`,
        { details: { limit: 'journal', fix: 'Check that the worker is running, or raise ZHIYIN_JOURNAL_MAX_MB.' } },
      );
    }
    if (this.#freeBytes - bytes < diskReserveBytes) {
      throw new AppError(
        'storage.full',
        `journal: ${this.#freeBytes} bytes are free on the disk, ${diskReserveBytes} are kept in reserve`,
        { details: { limit: 'disk', fix: 'Free space on the disk; the server goes on by itself.' } },
      );
    }
  }

  written(bytes: number): void {
    this.#journalBytes += bytes;
    this.#freeBytes -= bytes;
  }

  /** A write failed although there seemed to be room: the cached figures are not worth much. */
  distrustAfter(error: AppError): void {
    if (error.cause !== undefined) this.#checkedAt = Number.NEGATIVE_INFINITY;
  }

  async refresh(): Promise<void> {
    const { dir, freeBytes = freeBytesOf } = this.#options;
    const [free, segments] = await Promise.all([freeBytes(dir), listSegments(dir)]);
    let total = 0;
    for (const segment of segments) {
      // The reader may delete it between the two calls.
      total += (await stat(segmentPath(dir, segment)).catch(() => ({ size: 0 }))).size;
    }
    const oldest = segments[0] === undefined ? undefined : await readHeader(dir, segments[0]);
    this.#freeBytes = free;
    this.#journalBytes = total;
    this.#oldestAt = oldest?.createdAt ?? null;
    this.#checkedAt = performance.now();
  }
}

async function freeBytesOf(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir);
  return bavail * bsize;
}
