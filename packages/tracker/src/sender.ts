import type { Browser } from './options.ts';
import type { Queue } from './queue.ts';

const flushAfterMs = 500;
const batchMessagesMax = 100;
const batchBytesMax = 450_000;
/** Browsers take no more than 64 kB of a request that outlives its page. */
const lastBytesMax = 60_000;
const requestMs = 15_000;
const waitMsMax = 60_000;
const retryAfterSecondsMax = 300;

/** Sends what is in the queue: soon, in order, again when it did not arrive, and a last time when the page goes. */
export function openSender(browser: Browser, queue: Queue, target: { host: string; writeKey: string }) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sending = false;
  let failures = 0;
  const url = `${target.host}/v1/b`;

  const format = (messages: readonly { text: string }[]) =>
    `{"writeKey":${JSON.stringify(target.writeKey)},"sentAt":"${new Date().toISOString()}","batch":[${messages
      .map(({ text }) => text)
      .join()}]}`;

  const request = (body: string, keepalive: boolean, signal: AbortSignal) =>
    browser.fetch(url, {
      method: 'POST',
      // With text/plain and no cookies the browser does not ask the server first.
      headers: { 'content-type': 'text/plain' },
      credentials: 'omit',
      body,
      keepalive,
      signal,
    });

  const later = (waitMs: number) => {
    if (timer !== undefined) browser.clearTimeout(timer);
    timer = browser.setTimeout(() => void flush(), waitMs) as unknown as ReturnType<typeof setTimeout>;
  };

  /** Never rejects: an error nobody waits for would show up as one of the page. */
  const flush = (leaving = false) => work(leaving).catch(() => later(waitMsMax));

  // Up to the request nothing is waited for: when the page is left there is no later.
  async function work(leaving: boolean): Promise<void> {
    if (sending) return;
    if (timer !== undefined) browser.clearTimeout(timer);
    timer = undefined;
    const messages = queue.peek(batchMessagesMax, leaving ? lastBytesMax : batchBytesMax);
    if (messages.length === 0) return queue.letGo();
    // Another tab is at it and takes ours along; look again in case it went away.
    if (!queue.claim()) return later(2_000);
    sending = true;
    const waitMs = await send(messages, leaving).finally(() => {
      sending = false;
    });
    if (waitMs > 0) queue.letGo();
    later(waitMs);
  }

  /** @returns how long to wait before going on. */
  async function send(messages: readonly { key: string; text: string }[], keepalive: boolean): Promise<number> {
    const abort = new AbortController();
    const timeout = browser.setTimeout(() => abort.abort(), requestMs);
    let status = 0;
    let retryAfter = 0;
    try {
      const answer = await request(format(messages), keepalive, abort.signal);
      status = answer.status;
      retryAfter = Number(answer.headers.get('retry-after')) || 0;
    } catch {
      // Offline, blocked or too slow: the same as a server that is not there.
    }
    browser.clearTimeout(timeout);
    if (status === 0 || status === 408 || status === 429 || status >= 500) {
      failures += 1;
      const waitMs = Math.min(waitMsMax, 1_000 * 2 ** Math.min(failures - 1, 10));
      return Math.max(Math.min(retryAfter, retryAfterSecondsMax) * 1_000, waitMs / 2) + (Math.random() * waitMs) / 2;
    }
    // Arrived, or refused in a way that sending again does not change.
    failures = 0;
    queue.remove(messages);
    return 0;
  }

  return {
    flush,
    soon() {
      if (timer === undefined && !sending) later(flushAfterMs);
    },
    /**
     * The page may be gone in a moment, or come back. What goes out now stays in the queue until its answer is seen; if
     * nobody is left to see it the next page sends it again, and the server keeps one.
     */
    leave(isGone: boolean) {
      if (!sending && failures === 0 && browser.navigator.onLine !== false) {
        if ('keepalive' in browser.Request.prototype) void flush(true);
        else {
          const messages = queue.peek(batchMessagesMax, lastBytesMax);
          if (messages.length > 0) browser.navigator.sendBeacon?.(url, format(messages));
        }
      }
      if (isGone) queue.letGo();
    },
    stop() {
      if (timer !== undefined) browser.clearTimeout(timer);
      timer = undefined;
    },
  };
}

export type Sender = ReturnType<typeof openSender>;
