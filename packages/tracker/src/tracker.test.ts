import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from './fake-browser.ts';
import { formatSnippet } from './format-snippet.ts';
import { queueMessagesMax } from './queue.ts';
import { createTracker } from './tracker.ts';

const manual = { writeKey: 'key', host: 'https://z.example/', pages: 'manual' } as const;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const settle = (ms = 1_000) => vi.advanceTimersByTimeAsync(ms);

describe('the SDK', () => {
  it("sends each call in Segment's shape, in one request of plain text", async () => {
    const page = fakeBrowser();
    const tracker = createTracker(manual, page.browser);
    tracker.page('Shop', 'Tea', { shelf: 2 });
    tracker.track('Product Viewed', { product_id: '12' });
    tracker.identify('u1', { plan: 'gold' });
    tracker.group('g1', { name: 'Group' });
    tracker.screen('Home');
    tracker.alias('u2');
    await settle();
    expect(page.sent).toHaveLength(1);
    expect(page.sent[0]).toMatchObject({ url: 'https://z.example/v1/b', body: { writeKey: 'key' } });
    expect(page.messages()).toMatchObject([
      { type: 'page', category: 'Shop', name: 'Tea', properties: { shelf: 2, path: '/tea', title: '茶' } },
      { type: 'track', event: 'Product Viewed', properties: { product_id: '12' } },
      { type: 'identify', userId: 'u1', traits: { plan: 'gold' } },
      { type: 'group', userId: 'u1', groupId: 'g1' },
      { type: 'screen', name: 'Home' },
      { type: 'alias', userId: 'u2', previousId: 'u1' },
    ]);
    const ids = page.messages().map((message) => message.messageId);
    expect(new Set(ids).size).toBe(6);
    expect(page.messages()[0]?.context).toMatchObject({
      campaign: { source: 'wechat', name: 'spring' },
      clickIds: { bd_vid: 'abc' },
      locale: 'zh-CN',
      page: { referrer: 'https://search.example/' },
      screen: { width: 1280 },
    });
    expect([...page.disk.keys()].filter((key) => key.startsWith('zy_m_'))).toEqual([]);
  });

  it('keeps the visitor over pages, and the one that Segment knew', async () => {
    const disk = new Map([['ajs_anonymous_id', '"segment-visitor"']]);
    for (let visit = 0; visit < 2; visit += 1) {
      const page = fakeBrowser({ disk });
      createTracker(manual, page.browser).track('Visit');
      await settle();
      expect(page.messages()[0]?.anonymousId).toBe('segment-visitor');
    }
    const byCookie = fakeBrowser({ cookie: 'a=1; ajs_anonymous_id=%22from-cookie%22' });
    createTracker(manual, byCookie.browser).track('Visit');
    await settle();
    expect(byCookie.messages()[0]?.anonymousId).toBe('from-cookie');
  });

  it('makes somebody new of the visitor after reset, and when another user is named', async () => {
    const page = fakeBrowser();
    const tracker = createTracker(manual, page.browser);
    tracker.identify('u1');
    tracker.reset();
    tracker.track('Signed out');
    tracker.identify('u2');
    tracker.identify('u3');
    await settle();
    const [first, signedOut, second, third] = page.messages();
    expect(signedOut).toMatchObject({ type: 'track' });
    expect(signedOut?.userId).toBeUndefined();
    expect(signedOut?.anonymousId).not.toBe(first?.anonymousId);
    expect(second?.anonymousId).toBe(signedOut?.anonymousId);
    expect(third?.anonymousId).not.toBe(second?.anonymousId);
  });

  it('never throws into the page, whatever it is given and whatever the browser lacks', async () => {
    const page = fakeBrowser({ diskFails: true });
    const tracker = createTracker(manual, page.browser);
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    tracker.track('Circular', circular);
    tracker.track(undefined as unknown as string, null as unknown as Record<string, unknown>);
    tracker.identify(null);
    tracker.ready(() => {
      throw new Error('of the page');
    });
    tracker.track('Fine');
    await settle();
    expect(page.messages()).toContainEqual(expect.objectContaining({ event: 'Fine' }));
    const poor = fakeBrowser();
    for (const lacking of ['crypto', 'screen', 'localStorage'] as const) Reflect.deleteProperty(poor.browser, lacking);
    createTracker(manual, poor.browser).track('Poor');
    await settle();
    expect(poor.messages()).toMatchObject([{ event: 'Poor', anonymousId: expect.stringMatching(/^[0-9a-f]{32}$/) }]);
  });
});

describe('what has not arrived', () => {
  it('waits on the disk with its id and is sent by the next page', async () => {
    const disk = new Map<string, string>();
    const first = fakeBrowser({ disk });
    first.answers.push('offline');
    createTracker(manual, first.browser).track('Bought');
    const [entry] = [...disk].filter(([key]) => key.startsWith('zy_m_'));
    const { messageId } = JSON.parse(entry?.[1] ?? '{}') as { messageId: string };
    await settle(600);
    first.answers.push(...Array(50).fill('offline'));
    const second = fakeBrowser({ disk });
    createTracker(manual, second.browser);
    await settle(5_000);
    expect(second.messages().map((message) => message.messageId)).toEqual([messageId]);
  });

  it('is sent again after 429 and 5xx, not before Retry-After, and slower each time', async () => {
    const page = fakeBrowser();
    page.answers.push({ status: 429, retryAfter: '30' }, 503, 500);
    createTracker(manual, page.browser).track('Once');
    await settle(29_000);
    expect(page.sent).toHaveLength(1);
    await settle(120_000);
    expect(page.sent).toHaveLength(4);
    expect(new Set(page.messages().map((message) => message.messageId)).size).toBe(1);
  });

  it('is given up when the server says that sending again is no use', async () => {
    const page = fakeBrowser();
    page.answers.push(400);
    createTracker(manual, page.browser).track('Refused');
    await settle(60_000);
    expect(page.sent).toHaveLength(1);
  });

  it('is bounded: the oldest go first, and what is over the size of an event never gets in', async () => {
    const page = fakeBrowser();
    page.answers.push('offline');
    const tracker = createTracker(manual, page.browser);
    for (let index = 0; index < queueMessagesMax + 20; index += 1) tracker.track(`e${index}`);
    tracker.track('Huge', { text: 'x'.repeat(40_000) });
    await settle(30_000);
    const names = page.messages().map((message) => message.event);
    expect(names).toHaveLength(queueMessagesMax);
    expect(names[0]).toBe('e20');
  });

  it('goes in requests that the server takes, also in Chinese', async () => {
    const page = fakeBrowser();
    const tracker = createTracker(manual, page.browser);
    for (let index = 0; index < 60; index += 1) tracker.track('长', { text: '茶'.repeat(9_000) });
    tracker.track('Too long', { text: '茶'.repeat(11_000) });
    await settle(5_000);
    expect(page.messages()).toHaveLength(60);
    for (const { body } of page.sent)
      expect(new TextEncoder().encode(JSON.stringify(body)).length).toBeLessThan(500_000);
  });

  it('is sent by one of several tabs', async () => {
    const disk = new Map<string, string>();
    const tabs = [fakeBrowser({ disk }), fakeBrowser({ disk }), fakeBrowser({ disk })];
    const trackers = tabs.map((tab) => createTracker(manual, tab.browser));
    for (const [index, tracker] of trackers.entries()) tracker.track(`from tab ${index}`);
    await settle(10_000);
    const ids = tabs.flatMap((tab) => tab.messages()).map((message) => message.messageId);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(3);
  });

  it('goes out in a request that outlives the page when the page is left', async () => {
    const page = fakeBrowser();
    createTracker(manual, page.browser).track('Left');
    page.fire('pagehide');
    expect(page.sent).toMatchObject([{ keepalive: true, body: { batch: [{ event: 'Left' }] } }]);
  });
});

describe('a page that is hidden and comes back', () => {
  it('has sent each message once', async () => {
    const page = fakeBrowser();
    const tracker = createTracker(manual, page.browser);
    tracker.track('Hidden');
    Object.assign(page.browser.document, { visibilityState: 'hidden' });
    page.fire('visibilitychange');
    expect(page.sent).toMatchObject([{ keepalive: true }]);
    await settle(5_000);
    tracker.track('Back');
    await settle(5_000);
    expect(page.messages().map((message) => message.event)).toEqual(['Hidden', 'Back']);
  });

  it('uses a beacon where requests cannot outlive the page', () => {
    const page = fakeBrowser();
    const beacons: string[] = [];
    Object.assign(page.browser, { Request: class {} });
    Object.assign(page.browser.navigator, { sendBeacon: (_url: string, body: string) => beacons.push(body) });
    createTracker(manual, page.browser).track('Left');
    page.fire('pagehide');
    expect(beacons).toHaveLength(1);
    expect(JSON.parse(beacons[0] ?? '')).toMatchObject({ writeKey: 'key', batch: [{ event: 'Left' }] });
  });
});

describe('consent', () => {
  it.each([
    ['the page asks for it', { consent: 'required' } as const, {}],
    ['the browser sends Global Privacy Control', {}, { gpc: true }],
  ])('is waited for when %s: nothing is sent or stored before', async (_why, options, browser) => {
    const page = fakeBrowser(browser);
    const tracker = createTracker({ ...manual, ...options }, page.browser);
    tracker.track('Before');
    page.fire('pagehide');
    await settle(10_000);
    expect(page.sent).toEqual([]);
    expect(page.disk.size).toBe(0);
    tracker.consent(true);
    tracker.track('After');
    await settle();
    expect(page.messages().map((message) => message.event)).toEqual(['Before', 'After']);
  });

  it('is remembered, and a refusal removes everything but itself', async () => {
    const page = fakeBrowser();
    const tracker = createTracker(manual, page.browser);
    tracker.track('Before');
    tracker.consent(false);
    tracker.track('After');
    await settle(10_000);
    expect(page.sent).toEqual([]);
    expect([...page.disk]).toEqual([['zy_consent', '0']]);
    const next = fakeBrowser({ disk: page.disk });
    createTracker(manual, next.browser).track('Next page');
    await settle(10_000);
    expect(next.sent).toEqual([]);
  });
});

describe('page views', () => {
  it('follow the routes of a single-page app, once each, with the page before as referrer', async () => {
    const page = fakeBrowser({ url: 'https://shop.example/?gclid=g1' });
    createTracker({ writeKey: 'key', host: 'https://z.example' }, page.browser);
    page.browser.history.pushState({}, '', '/cart');
    await settle(10);
    page.browser.history.replaceState({}, '', '/cart');
    await settle(10);
    page.browser.location.href = 'https://shop.example/cart#reviews';
    page.fire('hashchange');
    await settle(10);
    page.browser.location.href = 'https://shop.example/cart#/pay';
    page.fire('hashchange');
    await settle();
    const views = page.messages();
    expect(views.map((view) => (view.properties as unknown as { url: string }).url)).toEqual([
      'https://shop.example/?gclid=g1',
      'https://shop.example/cart',
      'https://shop.example/cart#/pay',
    ]);
    expect(views[1]).toMatchObject({
      properties: { referrer: 'https://shop.example/?gclid=g1' },
      context: { clickIds: { gclid: 'g1' } },
    });
  });
});

describe('formatSnippet', () => {
  it('cannot be closed by a value in it', () => {
    expect(
      formatSnippet('https://z.example/zhiyin.js', { writeKey: '</script><script>' }).match(/<\/script>/g),
    ).toHaveLength(1);
  });
});
