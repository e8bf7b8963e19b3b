import { Packer } from './batches.ts';
import { dayOf } from './calendar.ts';
import type { Market } from './create-market.ts';
import type { Review } from './reviews/write-review.ts';
import { pause, postBody } from './send.ts';
import type { Call } from './simulate/calls.ts';
import { simulate } from './simulate/simulate.ts';

export type LiveOptions = {
  readonly market: Market;
  readonly url: string;
  readonly writeKey: string;
  readonly catalogueKey?: string;
  /** Market time per real time: 60 lives an hour in a minute. */
  readonly speed: number;
  readonly signal: AbortSignal;
  readonly fetch?: typeof globalThis.fetch;
  readonly now?: () => number;
  readonly onSent?: (sent: { readonly calls: number; readonly reviews: number; readonly marketAt: Date }) => void;
};

const beatMs = 1_000;
/** Records of one beat; at a higher speed the market waits rather than piles up. */
const beatRecordsMax = 5_000;

/**
 * Lives on from now with the same people, until the signal. The days up to now are lived through silently, so carts,
 * owned goods and tiredness are as the demo left them. What is sent is stamped with the real time, whatever the speed.
 */
export async function runLive(options: LiveOptions): Promise<void> {
  const { market, signal, speed, onSent, now = Date.now } = options;
  if (!(speed > 0 && speed <= 100_000))
    throw new RangeError(`runLive: speed must be above 0 and at most 100000, got ${speed}`);
  const startedAt = now();
  const tag = startedAt.toString(36);
  const upcoming = followFrom(market, startedAt);
  let waiting = upcoming.next().value;
  while (!signal.aborted) {
    const marketNow = startedAt + (now() - startedAt) * speed;
    const calls: Call[] = [];
    const reviews: Review[] = [];
    while (waiting && waiting.at <= marketNow && calls.length + reviews.length < beatRecordsMax) {
      const timestamp = new Date(now()).toISOString();
      if (waiting.call) calls.push({ ...waiting.call, messageId: `${tag}-${waiting.call.messageId}`, timestamp });
      if (waiting.review) reviews.push({ ...waiting.review, reviewId: `${tag}-${waiting.review.reviewId}`, timestamp });
      waiting = upcoming.next().value;
    }
    try {
      await sendBeat(options, calls, reviews);
      if (calls.length + reviews.length > 0)
        onSent?.({ calls: calls.length, reviews: reviews.length, marketAt: new Date(marketNow) });
      await pause(beatMs, signal);
    } catch (error) {
      // Being stopped is the way a live market ends, not a failure.
      if (signal.aborted) return;
      throw error;
    }
  }
}

async function sendBeat(options: LiveOptions, calls: readonly Call[], reviews: readonly Review[]): Promise<void> {
  const events = new Packer<Call>('events');
  const opinions = new Packer<Review>('reviews');
  const bodies = [...calls.flatMap((call) => [...events.add(call)]), ...events.flush()];
  bodies.push(...reviews.flatMap((review) => [...opinions.add(review)]), ...opinions.flush());
  for (const { kind, path, body } of bodies) {
    if (path === null) continue;
    const key = kind === 'events' ? options.writeKey : (options.catalogueKey ?? options.writeKey);
    await postBody({ url: options.url, path, body, key, fetch: options.fetch, signal: options.signal });
  }
}

type Upcoming = { readonly at: number; readonly call?: Call; readonly review?: Review };

function* followFrom(market: Market, fromMs: number): Generator<Upcoming, undefined> {
  const firstDay = dayOf(fromMs);
  if (firstDay < market.base.startDay)
    throw new RangeError('runLive: the market begins after now; give an earlier endDay or more days');
  for (const day of simulate(market.base)) {
    if (day.day < firstDay) continue;
    const all: Upcoming[] = day.calls.map((call, index) => ({ at: day.times[index] as number, call }));
    for (const review of day.reviews) all.push({ at: Date.parse(review.timestamp), review });
    all.sort((a, b) => a.at - b.at);
    for (const each of all) if (each.at >= fromMs) yield each;
  }
}
