import type { CatalogueItem } from './catalogue/build-catalogue.ts';
import type { Market } from './create-market.ts';
import type { SpendRow } from './people/media.ts';
import type { Review } from './reviews/write-review.ts';
import type { Call } from './simulate/calls.ts';

export type BatchLimits = {
  readonly bytesMax: number;
  readonly eventsMax: number;
  /** What happens at or after this instant is left out (ms). */
  readonly untilMs?: number;
};
export const defaultBatchLimits: BatchLimits = { bytesMax: 400_000, eventsMax: 500 };

/** A body ready to send. `spend` is CSV for the import of files, the others are JSON for the path named. */
export type Batch = {
  readonly kind: 'catalogue' | 'events' | 'reviews' | 'spend';
  readonly path: '/v1/catalogue' | '/v1/batch' | '/v1/reviews' | null;
  readonly body: string;
  readonly count: number;
};

/** The whole market as bodies in the order to send: goods, then days with their events and reviews, then the spend file. */
export function* batches(market: Market, limits: BatchLimits = defaultBatchLimits): Generator<Batch> {
  const { untilMs = Number.POSITIVE_INFINITY } = limits;
  yield* catalogueBatches(market.catalogue(), limits);
  const events = new Packer<Call>('events', limits);
  const reviews = new Packer<Review>('reviews', limits);
  for (const day of market.days()) {
    for (const [index, call] of day.calls.entries())
      if ((day.times[index] as number) < untilMs) yield* events.add(call);
    for (const review of day.reviews) if (Date.parse(review.timestamp) < untilMs) yield* reviews.add(review);
  }
  yield* events.flush();
  yield* reviews.flush();
  const spend = market.adSpend();
  yield { kind: 'spend', path: null, body: formatSpendCsv(spend), count: spend.length };
}

export function* catalogueBatches(
  items: readonly CatalogueItem[],
  limits: BatchLimits = defaultBatchLimits,
): Generator<Batch> {
  const packer = new Packer<CatalogueItem>('catalogue', limits);
  for (const item of items) yield* packer.add(item);
  yield* packer.flush();
}

export function formatSpendCsv(rows: readonly SpendRow[]): string {
  const lines = rows.map((row) =>
    [row.day, row.media_channel, row.campaign, row.spend.toFixed(2), row.currency, row.impressions, row.clicks].join(
      ',',
    ),
  );
  return `day,media_channel,campaign,spend,currency,impressions,clicks\n${lines.join('\n')}\n`;
}

const shapes = {
  events: { path: '/v1/batch', key: 'batch' },
  reviews: { path: '/v1/reviews', key: 'reviews' },
  catalogue: { path: '/v1/catalogue', key: 'upsert' },
} as const;

/** Collects records until the next one would pass a limit. Each record is written as JSON once. */
export class Packer<T> {
  private readonly kind: keyof typeof shapes;
  private readonly limits: BatchLimits;
  private parts: string[] = [];
  private bytes = 0;

  constructor(kind: keyof typeof shapes, limits: BatchLimits = defaultBatchLimits) {
    this.kind = kind;
    this.limits = limits;
  }

  *add(record: T): Generator<Batch> {
    const text = JSON.stringify(record);
    const bytes = Buffer.byteLength(text) + 1;
    if (this.parts.length >= this.limits.eventsMax || this.bytes + bytes + 64 > this.limits.bytesMax)
      yield* this.flush();
    this.parts.push(text);
    this.bytes += bytes;
  }

  *flush(): Generator<Batch> {
    if (this.parts.length === 0) return;
    const { path, key } = shapes[this.kind];
    const body = `{"${key}":[${this.parts.join(',')}]}`;
    yield { kind: this.kind, path, body, count: this.parts.length };
    this.parts = [];
    this.bytes = 0;
  }
}
