import { type Batch, type BatchLimits, batches, defaultBatchLimits } from './batches.ts';
import type { Market } from './create-market.ts';

export type SendProgress = {
  /** Records acknowledged, and an estimate of all there will be (exact at the end). */
  readonly done: number;
  readonly total: number;
  readonly secondsLeft: number;
  /** All bodies before this number are acknowledged: give it as `resumeFrom` to go on after an interruption. */
  readonly batchesDone: number;
};

export type SendOptions = {
  readonly market: Market;
  /** Address of the platform: `http://127.0.0.1:7700`. */
  readonly url: string;
  readonly writeKey: string;
  /** Write key of the source for goods and reviews. Default: `writeKey`. */
  readonly catalogueKey?: string;
  readonly fetch?: typeof globalThis.fetch;
  readonly onProgress?: (progress: SendProgress) => void;
  /** Requests in the air at a time. */
  readonly concurrency?: number;
  readonly limits?: BatchLimits;
  readonly resumeFrom?: number;
  /** Takes the spend file: importing files needs an operator, so the caller does it. */
  readonly importSpend?: (csv: string) => Promise<void>;
  readonly signal?: AbortSignal;
  /** The rest of today has not happened yet: nothing later than this is sent (ms). Default: now. */
  readonly untilMs?: number;
};

const attemptsMax = 10;
const waitMsMax = 30_000;

/** Usual number of calls, goods and reviews per person and year, for the progress bar. */
const recordsPerPersonYear = 37;

/**
 * Sends a market through the public interfaces only. Sending twice is harmless: message and review ids come from the seed.
 *
 * @throws when the platform refuses a body (4xx other than 408 and 429) or stays away after ten attempts.
 */
export async function sendMarket(options: SendOptions): Promise<SendProgress> {
  const { market, onProgress, concurrency = 4, resumeFrom = 0, signal, untilMs = Date.now() } = options;
  const startedMs = performance.now();
  const expected =
    Math.round(market.options.people * recordsPerPersonYear * Math.min(1, (market.options.days + 30) / 395)) +
    market.options.items;
  let done = 0;
  let sent = 0;
  const finished = new Set<number>();
  let batchesDone = resumeFrom;
  const progress = (total: number): SendProgress => {
    const elapsed = (performance.now() - startedMs) / 1_000;
    return { done, total, secondsLeft: sent > 0 ? Math.round((elapsed / sent) * (total - done)) : 0, batchesDone };
  };
  const source = numbered(batches(market, { ...defaultBatchLimits, ...options.limits, untilMs }));
  const work = async () => {
    for (const [number, batch] of source) {
      signal?.throwIfAborted();
      if (number >= resumeFrom) {
        await sendBatch(batch, options);
        sent += batch.count;
      }
      done += batch.count;
      finished.add(number);
      while (finished.delete(batchesDone)) batchesDone++;
      if (number >= resumeFrom) onProgress?.(progress(Math.max(done, expected)));
    }
  };
  // The workers share one generator: each takes the next body when it is free.
  await Promise.all(Array.from({ length: Math.max(1, concurrency) }, work));
  const last = progress(done);
  onProgress?.(last);
  return last;
}

async function sendBatch(batch: Batch, options: SendOptions): Promise<void> {
  if (batch.path === null) {
    await options.importSpend?.(batch.body);
    return;
  }
  const key = batch.kind === 'events' ? options.writeKey : (options.catalogueKey ?? options.writeKey);
  await postBody({ ...options, path: batch.path, body: batch.body, key });
}

export type PostOptions = {
  readonly url: string;
  readonly path: string;
  readonly body: string;
  readonly key: string;
  readonly fetch?: typeof globalThis.fetch;
  readonly signal?: AbortSignal;
};

/** Posts one body and tries again as Segment's SDKs do: after Retry-After on 429 and 503, with back-off on other failures. */
export async function postBody({ url, path, body, key, fetch = globalThis.fetch, signal }: PostOptions): Promise<void> {
  const address = new URL(path, url);
  const headers = { 'content-type': 'application/json', authorization: `Basic ${btoa(`${key}:`)}` };
  let problem = '';
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    signal?.throwIfAborted();
    const answer = await tryPost(() => fetch(address, { method: 'POST', headers, body, signal }), signal);
    if (answer.kind === 'answered' && answer.response.ok) {
      // Reading the body gives the connection back to the pool.
      await answer.response.arrayBuffer();
      return;
    }
    const status = answer.kind === 'answered' ? answer.response.status : 0;
    problem = answer.kind === 'answered' ? `${status} ${(await answer.response.text()).slice(0, 300)}` : answer.problem;
    if (status >= 400 && status < 500 && status !== 408 && status !== 429) break;
    const retryAfter = answer.kind === 'answered' ? answer.response.headers.get('retry-after') : null;
    await pause(waitMs(retryAfter, attempt), signal);
  }
  throw new Error(`POST ${address.pathname}: the platform did not take the data: ${problem}`);
}

type Answer =
  | { readonly kind: 'answered'; readonly response: Response }
  | { readonly kind: 'failed'; readonly problem: string };

async function tryPost(post: () => Promise<Response>, signal: AbortSignal | undefined): Promise<Answer> {
  try {
    return { kind: 'answered', response: await post() };
  } catch (error) {
    signal?.throwIfAborted();
    return {
      kind: 'failed',
      problem: error instanceof Error ? `${error.message} ${error.cause ?? ''}`.trim() : String(error),
    };
  }
}

/** Retry-After is seconds or a date; without it 0.25 s, doubling. */
function waitMs(retryAfter: string | null, attempt: number): number {
  const backOff = Math.min(waitMsMax, 250 * 2 ** attempt);
  if (retryAfter === null) return backOff;
  const seconds = Number(retryAfter);
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(retryAfter) - Date.now();
  return Number.isFinite(ms) ? Math.min(300_000, Math.max(0, ms)) : backOff;
}

export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

function* numbered<T>(items: Iterable<T>): Generator<[number, T]> {
  let number = 0;
  for (const item of items) yield [number++, item];
}
