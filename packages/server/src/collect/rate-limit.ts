import type { SourceId } from '../domain/ids.ts';

/** A bucket of tokens per source: `eventsPerSecondMax` flow in each second and up to two seconds' worth is kept. */
export class RateLimit {
  readonly #buckets = new Map<SourceId, { tokens: number; at: number }>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /**
   * Takes what a request needs. A batch larger than the bucket may pass when the bucket is full and leaves a debt, so
   * that no limit makes a legal batch impossible.
   * @returns seconds to wait, or 0 when it may pass.
   */
  take(sourceId: SourceId, events: number, eventsPerSecondMax: number): number {
    const now = this.#now();
    const capacity = eventsPerSecondMax * 2;
    const bucket = this.#buckets.get(sourceId) ?? { tokens: capacity, at: now };
    bucket.tokens = Math.min(capacity, bucket.tokens + ((now - bucket.at) / 1_000) * eventsPerSecondMax);
    bucket.at = now;
    this.#buckets.set(sourceId, bucket);
    const needed = Math.min(events, capacity);
    if (bucket.tokens < needed) return Math.max(1, Math.ceil((needed - bucket.tokens) / eventsPerSecondMax));
    bucket.tokens -= events;
    return 0;
  }
}
