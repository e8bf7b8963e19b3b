import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Analytics } from '@segment/analytics-node';
import { chromium } from 'playwright-core';
import { expect, it } from 'vitest';
import { listeningCollect } from './collect-fixtures.ts';
import type { JournalRecord } from './journal/index.ts';

/** Clients as published, told nothing but our address: what they send must be in the journal, once and whole. */
const root = fileURLToPath(new URL('../../../../', import.meta.url));
const require = createRequire(import.meta.url);

type Call = Record<string, unknown> & { type?: string; messageId?: string };

function callsIn(records: readonly JournalRecord[]): Call[] {
  return records.flatMap((record) => {
    const body = JSON.parse(record.body.toString('utf8')) as { batch?: Call[] } & Call;
    const calls = body.batch ?? [{ type: record.route, ...body }];
    expect(calls).toHaveLength(record.count);
    return calls;
  });
}

function expectOnce(calls: readonly Call[], types: readonly string[]): void {
  expect(calls.map((call) => call.type).sort()).toEqual([...types].sort());
  expect(new Set(calls.map((call) => call.messageId)).size).toBe(calls.length);
}

const allTypes = ['identify', 'track', 'page', 'screen', 'group', 'alias'];

it('@segment/analytics-node: every call arrives once, with its fields', async () => {
  await using collect = await listeningCollect({ WRITEKEY: {} }, 22_101);
  const client = new Analytics({ writeKey: 'WRITEKEY', host: collect.url, flushAt: 4 });
  const failures: unknown[] = [];
  client.on('error', (failure) => failures.push(failure));
  client.identify({ userId: 'u1', traits: { email: 'a@example.com', name: '张三' } });
  client.track({ userId: 'u1', event: 'Order Completed', properties: { total: 12.5, products: [{ sku: 'a' }] } });
  client.page({ anonymousId: 'v1', name: 'Home', properties: { url: 'https://shop.example/' } });
  client.screen({ userId: 'u1', name: 'Cart' });
  client.group({ userId: 'u1', groupId: 'g1', traits: { plan: 'gold' } });
  client.alias({ userId: 'u1', previousId: 'v1' });
  await client.closeAndFlush();
  const calls = callsIn(await collect.records());
  expectOnce(calls, allTypes);
  expect(calls).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ type: 'identify', userId: 'u1', traits: { email: 'a@example.com', name: '张三' } }),
      expect.objectContaining({ event: 'Order Completed', properties: { total: 12.5, products: [{ sku: 'a' }] } }),
      expect.objectContaining({ type: 'page', anonymousId: 'v1', name: 'Home' }),
      expect.objectContaining({ type: 'alias', userId: 'u1', previousId: 'v1' }),
    ]),
  );
  expect(failures).toEqual([]);
});

it('@segment/analytics-node: is told about a wrong key and does not try for ever', async () => {
  await using collect = await listeningCollect({ WRITEKEY: {} }, 22_102);
  const client = new Analytics({ writeKey: 'WRONG', host: collect.url, flushAt: 1, maxRetries: 1 });
  const failed = new Promise((resolve) => client.on('error', resolve));
  client.track({ userId: 'u1', event: 'x' });
  await failed;
  await client.closeAndFlush({ timeout: 3_000 });
  expect(await collect.records()).toEqual([]);
});

const chromiumPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

/** A page of a shop on another origin that loads Segment's published bundle, with our server as its CDN and nothing else. */
async function shopPage(cdn: string, options: object) {
  const bundles = path.join(root, 'node_modules/@segment/analytics-next/dist/umd');
  const stub = `<script>
    var analytics = (window.analytics = []);
    analytics.methods = ['identify', 'track', 'page', 'screen', 'group', 'alias', 'ready', 'on'];
    analytics.methods.forEach(function (name) {
      analytics[name] = function () { analytics.push([name].concat(Array.prototype.slice.call(arguments))); return analytics; };
    });
    analytics._writeKey = 'WK'; analytics._cdn = '${cdn}'; analytics._loadOptions = ${JSON.stringify(options)};
  </script><script src="/standalone.js"></script>`;
  const server = createServer((request, response) => {
    const name = path.basename(new URL(request.url ?? '/', 'http://x').pathname);
    if (name.endsWith('.js') && existsSync(path.join(bundles, name))) {
      response.setHeader('content-type', 'text/javascript');
      response.end(readFileSync(path.join(bundles, name)));
    } else {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(`<!doctype html><title>Shop</title>${stub}`);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/?utm_source=x&utm_campaign=y`,
    close: () => server.close(),
  };
}

it.skipIf(!chromiumPath).each([
  ['one request a call', {}, 22_103],
  [
    'batches',
    {
      integrations: { 'Segment.io': { deliveryStrategy: { strategy: 'batching', config: { size: 3, timeout: 500 } } } },
    },
    22_104,
  ],
])(
  '@segment/analytics-next in Chromium, %s: every call arrives once (skipped without Chromium)',
  async (_how, options, port) => {
    await using collect = await listeningCollect({ WK: {} }, port);
    const shop = await shopPage(collect.url, options);
    const browser = await chromium.launch({
      executablePath: chromiumPath as string,
      args: '--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync'.split(
        ' ',
      ),
    });
    try {
      const page = await browser.newPage();
      await page.goto(shop.url);
      await page.evaluate(`
      analytics.identify('u1', { email: 'a@example.com' });
      analytics.track('Order Completed', { total: 12.5 });
      analytics.page('Home');
      analytics.screen('Cart');
      analytics.group('g1', { plan: 'gold' });
      analytics.alias('u2', 'u1');
    `);
      await expect.poll(async () => callsIn(await collect.records()).length, { timeout: 20_000 }).toBe(6);
      const calls = callsIn(await collect.records());
      expectOnce(calls, allTypes);
      expect(calls).toContainEqual(
        expect.objectContaining({
          type: 'track',
          event: 'Order Completed',
          userId: 'u1',
          properties: { total: 12.5 },
          context: expect.objectContaining({ campaign: { source: 'x', name: 'y' } }),
        }),
      );
      expect((await collect.records()).every((record) => record.userAgent.includes('Chrome'))).toBe(true);
    } finally {
      await browser.close();
      shop.close();
    }
  },
);

/** Its dependencies cannot be locked with the registry in use, so it is installed for this test alone. */
function installRudder(): string | undefined {
  const dir = path.join(root, 'node_modules/.cache/third-party/rudder');
  const found = path.join(dir, 'node_modules/@rudderstack/rudder-sdk-node');
  if (existsSync(found)) return found;
  try {
    const flags = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', dir];
    execFileSync('npm', ['install', ...flags, '@rudderstack/rudder-sdk-node@3.0.13'], {
      stdio: 'pipe',
      timeout: 60_000,
    });
  } catch {
    return undefined;
  }
  return existsSync(found) ? found : undefined;
}

it('@rudderstack/rudder-sdk-node: every call arrives once (skipped when the registry cannot be reached)', async (context) => {
  const installed = installRudder();
  if (!installed)
    return context.skip('@rudderstack/rudder-sdk-node could not be installed: is the registry reachable?');
  await using collect = await listeningCollect({ WRITEKEY: {} }, 22_105);
  type RudderClient = Record<string, (call: object) => void> & {
    flush(done: (cause?: unknown) => void): Promise<unknown>;
  };
  const loaded = require(installed) as { default?: new (key: string, options: object) => RudderClient };
  const Rudder = loaded.default ?? (loaded as unknown as new (key: string, options: object) => RudderClient);
  const client = new Rudder('WRITEKEY', { dataPlaneUrl: collect.url, flushAt: 20 });
  client.identify?.({ userId: 'u1', traits: { email: 'a@example.com' } });
  client.track?.({ userId: 'u1', event: 'Order Completed', properties: { total: 12.5 } });
  client.page?.({ userId: 'u1', name: 'Home' });
  client.screen?.({ userId: 'u1', name: 'Cart' });
  client.group?.({ userId: 'u1', groupId: 'g1' });
  client.alias?.({ userId: 'u2', previousId: 'u1' });
  await client.flush(() => {});
  await expect.poll(async () => callsIn(await collect.records()).length, { timeout: 20_000 }).toBe(6);
  const calls = callsIn(await collect.records());
  expectOnce(calls, allTypes);
  expect(calls).toContainEqual(
    expect.objectContaining({ type: 'track', event: 'Order Completed', properties: { total: 12.5 } }),
  );
});
