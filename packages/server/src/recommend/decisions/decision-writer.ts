import { setTimeout as sleep } from 'node:timers/promises';
import type { EventStore } from '../../storage/events/event-store.ts';

export type DecisionCounts = { readonly written: number; readonly waiting: number; readonly lost: number };

type Log = { warn(details: object, message: string): void };

const flushMs = 500;
/** About 6 MB: small enough that sending it delays no answer. */
const batchRowsMax = 500;
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
  #waiting: Uint8Array[] = [];
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

  /** @param line a row as JSON, its line end included. */
  add(line: Uint8Array): void {
    if (this.#waiting.length >= waitingRowsMax) {
      const given = this.#waiting.splice(0, batchRowsMax).length;
      this.#lost += given;
      this.#log.warn({ lost: this.#lost }, 'recommend: decisions are lost: the event store takes none');
    }
    this.#waiting.push(line);
    if (this.#waiting.length >= batchRowsMax) this.#start();
    else this.#timer ??= setTimeout(() => this.#start(), flushMs);
  }

  counts(): DecisionCounts {
    return { written: this.#written, waiting: this.#waiting.length, lost: this.#lost };
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
      const batch = this.#waiting.splice(0, batchRowsMax);
      this.#batches += 1;
      const token = `${this.#name}:${this.#batches}`;
      await this.#writeBatch(batch, token);
    }
  }

  async #writeBatch(batch: readonly Uint8Array[], token: string): Promise<void> {
    const lines = { rows: batch.length, pieces: [Buffer.concat(batch)] };
    for (let waitMs: number = retryMs.first; ; waitMs = Math.min(waitMs * 2, retryMs.most)) {
      try {
        await this.#events.append('decisions', lines, token);
        this.#written += batch.length;
        return;
      } catch (cause) {
        // While stopping there is one more chance, not a wait without end.
        if (this.#closing && waitMs > retryMs.first) {
          this.#lost += batch.length;
          this.#log.warn(
            { err: cause, lost: this.#lost },
            'recommend: decisions are lost: stopped while the event store was away',
          );
          return;
        }
        this.#log.warn(
          { err: cause, waiting: this.#waiting.length + batch.length },
          'recommend: decisions wait for the event store',
        );
        await sleep(waitMs, undefined, { ref: false });
      }
    }
  }
}
