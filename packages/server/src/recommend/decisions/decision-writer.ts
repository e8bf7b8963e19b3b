import { setTimeout as sleep } from 'node:timers/promises';
import type { EventStore } from '../../storage/events/event-store.ts';

export type DecisionCounts = { readonly written: number; readonly waiting: number; readonly lost: number };

/** Rows on their way, one after the other in one piece of memory that is used again. */
type Block = { readonly bytes: Buffer; end: number; rows: number };

type Log = { warn(details: object, message: string): void };

const flushMs = 500;
/** What is sent at once: small enough that it delays no answer. */
const block = { bytes: 4_194_304, rowsMax: 500 } as const;
/** Blocks kept for later rows. */
const freeMax = 2;
/** A minute of a thousand answers a second. */
const waitingRowsMax = 60_000;
const retryMs = { first: 250, most: 10_000 } as const;

/**
 * Every answer becomes a row of the ledger, written in batches beside the answers. A batch that fails is tried again under the same
 * token until it is in, so it is there once. When the store is away for long the oldest rows are given up, counted and said.
 */
export class DecisionWriter {
  readonly #events: Pick<EventStore, 'append'>;
  readonly #log: Log;
  /** The last one takes the rows that come. */
  #waiting: Block[] = [];
  readonly #free: Buffer[] = [];
  #waitingRows = 0;
  #timer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> | undefined;
  #written = 0;
  #lost = 0;
  #closing = false;
  #batches = 0;
  readonly #name = crypto.randomUUID();

  constructor(events: Pick<EventStore, 'append'>, log: Log) {
    this.#events = events;
    this.#log = log;
  }

  /** @param line a row as JSON, its line end included; it is copied. */
  add(line: Buffer): void {
    if (this.#waitingRows >= waitingRowsMax) {
      this.#lost += this.#takeBlock().rows;
      this.#log.warn({ lost: this.#lost }, 'recommend: decisions are lost: the event store takes none');
    }
    let open = this.#waiting.at(-1);
    if (!open || open.rows >= block.rowsMax || open.end + line.length > open.bytes.length) {
      const fits = line.length <= block.bytes;
      const bytes = (fits ? this.#free.pop() : undefined) ?? Buffer.allocUnsafeSlow(Math.max(block.bytes, line.length));
      open = { bytes, end: 0, rows: 0 };
      this.#waiting.push(open);
    }
    open.end += line.copy(open.bytes, open.end);
    open.rows += 1;
    this.#waitingRows += 1;
    if (this.#waiting.length > 1 || open.rows >= block.rowsMax) this.#start();
    else this.#timer ??= setTimeout(() => this.#start(), flushMs);
  }

  counts(): DecisionCounts {
    return { written: this.#written, waiting: this.#waitingRows, lost: this.#lost };
  }

  #takeBlock(): Block {
    const first = this.#waiting.shift()!;
    this.#waitingRows -= first.rows;
    return first;
  }

  /** Returns when everything added so far is stored. */
  async flush(): Promise<void> {
    while (this.#waiting.length > 0 || this.#flushing) {
      this.#start();
      await this.#flushing;
    }
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.flush();
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#flushing || this.#waiting.length === 0) return;
    this.#flushing = this.#writeAll().finally(() => {
      this.#flushing = undefined;
    });
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#takeBlock();
      this.#batches += 1;
      const token = `${this.#name}:${this.#batches}`;
      await this.#writeBatch(batch, token);
      if (batch.bytes.length === block.bytes && this.#free.length < freeMax) this.#free.push(batch.bytes);
    }
  }

  async #writeBatch({ bytes, end, rows }: Block, token: string): Promise<void> {
    const lines = { rows, pieces: [bytes.subarray(0, end)] };
    for (let waitMs: number = retryMs.first; ; waitMs = Math.min(waitMs * 2, retryMs.most)) {
      try {
        await this.#events.append('decisions', lines, token);
        this.#written += rows;
        return;
      } catch (cause) {
        // While stopping there is one more chance, not a wait without end.
        if (this.#closing && waitMs > retryMs.first) {
          this.#lost += rows;
          this.#log.warn(
            { err: cause, lost: this.#lost },
            'recommend: decisions are lost: stopped while the event store was away',
          );
          return;
        }
        this.#log.warn(
          { err: cause, waiting: this.#waitingRows + rows },
          'recommend: decisions wait for the event store',
        );
        await sleep(waitMs, undefined, { ref: false });
      }
    }
  }
}
