import { describe, expect, it } from 'vitest';
import { batches } from './batches.ts';
import { createMarket } from './create-market.ts';
import { runLive } from './run-live.ts';
import { type SendProgress, sendMarket } from './send.ts';

const market = createMarket({ endDay: '2026-06-22', people: 300, days: 60, seed: 8 });
const url = 'http://platform.example';

/** A platform that counts what it is sent; `refuse` may answer in its place. */
function fakePlatform(refuse: (request: number) => Response | null = () => null) {
  const bodies: { path: string; body: string; key: string }[] = [];
  let requests = 0;
  const fetch: typeof globalThis.fetch = async (address, init) => {
    const refusal = refuse(requests++);
    if (refusal) return refusal;
    const key = atob(String(new Headers(init?.headers).get('authorization')).slice(6)).replace(/:$/, '');
    bodies.push({ path: new URL(String(address)).pathname, body: String(init?.body), key });
    return Response.json({ success: true });
  };
  const ids = () =>
    bodies
      .filter(({ path }) => path === '/v1/batch')
      .flatMap(({ body }) => JSON.parse(body).batch.map((call: { messageId: string }) => call.messageId));
  return { fetch, bodies, ids };
}

describe('batches', () => {
  it('stay within the limits and carry everything once', () => {
    const limits = { bytesMax: 30_000, eventsMax: 100 };
    const counts = { catalogue: 0, events: 0, reviews: 0, spend: 0 };
    for (const batch of batches(market, limits)) {
      counts[batch.kind] += batch.count;
      if (batch.kind === 'spend') continue;
      expect(Buffer.byteLength(batch.body)).toBeLessThanOrEqual(limits.bytesMax);
      expect(batch.count).toBeLessThanOrEqual(limits.eventsMax);
      expect(() => JSON.parse(batch.body)).not.toThrow();
    }
    expect(counts).toEqual({
      catalogue: 432,
      events: [...market.events()].length,
      reviews: [...market.reviews()].length,
      spend: 240,
    });
  });
});

describe('sendMarket', () => {
  it('sends everything to the public endpoints with the right keys, and says how far it is', async () => {
    const platform = fakePlatform();
    const seen: SendProgress[] = [];
    let csv = '';
    const last = await sendMarket({
      market,
      url,
      writeKey: 'web',
      catalogueKey: 'goods',
      fetch: platform.fetch,
      onProgress: (progress) => seen.push(progress),
      importSpend: async (text) => {
        csv = text;
      },
    });
    expect(platform.ids()).toHaveLength([...market.events()].length);
    expect(platform.bodies.find(({ path }) => path === '/v1/catalogue')?.key).toBe('goods');
    expect(platform.bodies.find(({ path }) => path === '/v1/reviews')?.key).toBe('goods');
    expect(platform.bodies.find(({ path }) => path === '/v1/batch')?.key).toBe('web');
    expect(csv.split('\n')[0]).toBe('day,media_channel,campaign,spend,currency,impressions,clicks');
    expect(last).toMatchObject({ done: last.total, secondsLeft: 0 });
    expect(seen.map((progress) => progress.done)).toEqual(seen.map((progress) => progress.done).sort((a, b) => a - b));
  });

  it('leaves out what has not happened yet', async () => {
    const platform = fakePlatform();
    const untilMs = Date.parse('2026-06-01T00:00:00Z');
    await sendMarket({ market, url, writeKey: 'web', fetch: platform.fetch, untilMs });
    const before = [...market.days()].flatMap((day) => [...day.times].filter((at) => at < untilMs));
    expect(platform.ids()).toHaveLength(before.length);
  });

  it('waits as long as Retry-After says and loses nothing', async () => {
    const platform = fakePlatform((request) =>
      request % 4 === 1
        ? new Response('', { status: request % 8 === 1 ? 429 : 503, headers: { 'retry-after': '0' } })
        : null,
    );
    await sendMarket({ market, url, writeKey: 'web', fetch: platform.fetch });
    expect(platform.ids()).toHaveLength([...market.events()].length);
  });

  it('stops at a refusal and says what the platform said', async () => {
    const platform = fakePlatform((request) =>
      request === 2 ? new Response('{"detail":"unknown write key"}', { status: 401 }) : null,
    );
    await expect(sendMarket({ market, url, writeKey: 'web', fetch: platform.fetch, concurrency: 1 })).rejects.toThrow(
      '401 {"detail":"unknown write key"}',
    );
  });

  it('goes on where it was interrupted', async () => {
    const [first, second] = [fakePlatform(), fakePlatform()];
    const stop = new AbortController();
    let batchesDone = 0;
    const interrupted = sendMarket({
      market,
      url,
      writeKey: 'web',
      fetch: first.fetch,
      signal: stop.signal,
      concurrency: 2,
      onProgress: (progress) => {
        batchesDone = progress.batchesDone;
        if (batchesDone >= 5) stop.abort();
      },
    });
    await expect(interrupted).rejects.toThrow();
    await sendMarket({ market, url, writeKey: 'web', fetch: second.fetch, resumeFrom: batchesDone });
    const whole = new Set([...market.events()].map((call) => call.messageId));
    expect(new Set([...first.ids(), ...second.ids()])).toEqual(whole);
    expect(second.bodies.length).toBeLessThan([...batches(market)].length - 3);
  });
});

describe('runLive', () => {
  it('goes on from now, faster than life, stamped with the real time, until it is told to stop', async () => {
    const platform = fakePlatform();
    const stop = new AbortController();
    const startedAt = Date.parse('2026-06-22T12:00:00Z');
    let clock = startedAt;
    const now = () => {
      clock += 5_000;
      return clock;
    };
    let calls = 0;
    await runLive({
      market,
      url,
      writeKey: 'web',
      speed: 20_000,
      signal: stop.signal,
      fetch: platform.fetch,
      now,
      onSent: (sent) => {
        calls += sent.calls;
        if (calls > 40) stop.abort();
      },
    });
    const sent = platform.bodies
      .filter(({ path }) => path === '/v1/batch')
      .flatMap(
        ({ body }) => JSON.parse(body).batch as { timestamp: string; messageId: string; anonymousId?: string }[],
      );
    expect(sent.length).toBeGreaterThan(40);
    for (const { timestamp } of sent) {
      expect(Date.parse(timestamp)).toBeGreaterThanOrEqual(startedAt);
      expect(Date.parse(timestamp)).toBeLessThanOrEqual(clock);
    }
    const told = new Set([...market.events()].map((call) => call.messageId));
    expect(sent.some(({ messageId }) => told.has(messageId))).toBe(false);
    // New people come as well.
    const known = new Set(market.base.people.flatMap((person) => person.devices.map((device) => device.anonymousId)));
    expect(sent.some(({ anonymousId }) => anonymousId !== undefined && !known.has(anonymousId))).toBe(true);
  });

  it('refuses a speed that is none', async () => {
    await expect(
      runLive({ market, url, writeKey: 'web', speed: 0, signal: new AbortController().signal }),
    ).rejects.toThrow('speed');
  });
});
