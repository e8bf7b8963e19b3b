import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatSnippet } from './format-snippet.ts';
import type { TrackerOptions } from './options.ts';

const chromiumPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const root = fileURLToPath(new URL('..', import.meta.url));

type Call = {
  type: string;
  messageId: string;
  event?: string;
  properties?: { path?: string; url?: string };
  context: object;
};

/** Serves a page with the snippet and keeps what the SDK sends, from another origin as in real life. */
async function recordingServer() {
  const calls: Call[] = [];
  const requests: { method: string; contentType: string | undefined }[] = [];
  const state = { status: 200, options: {} as Partial<TrackerOptions>, head: '' };
  const answer = createServer((request, response) => {
    if (request.url === '/zhiyin.js') {
      response.setHeader('content-type', 'text/javascript');
      return void response.end(readFileSync(`${root}/dist/tracker.js`));
    }
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      requests.push({ method: request.method ?? '', contentType: request.headers['content-type'] });
      if (state.status === 200) calls.push(...(JSON.parse(body) as { batch: Call[] }).batch);
      response.writeHead(state.status, { 'access-control-allow-origin': '*' }).end('{"success":true}');
    });
  });
  const site = createServer((_request, response) => {
    const snippet = formatSnippet(`http://localhost:${port(answer)}/zhiyin.js`, { writeKey: 'key', ...state.options });
    const early = '<script>zhiyin.track("Early", {before: "the script"})</script>';
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(`<!doctype html><title>店</title>${state.head}${snippet}${early}<h1>Shop</h1>`);
  });
  for (const server of [answer, site]) await new Promise<void>((resolve) => server.listen(0, resolve));
  return {
    calls,
    requests,
    state,
    siteUrl: `http://localhost:${port(site)}`,
    names: () => calls.map((call) => call.event ?? `${call.type} ${call.properties?.path}`),
    close: () => [answer, site].map((server) => server.close()),
  };
}

const port = (server: ReturnType<typeof createServer>) => (server.address() as AddressInfo).port;

describe.skipIf(!chromiumPath)('the SDK in Chromium (skipped when it is not installed)', () => {
  let browser: Browser;
  beforeAll(async () => {
    execFileSync(process.execPath, ['build.mjs'], { cwd: root, stdio: 'inherit' });
    browser = await chromium.launch({
      executablePath: chromiumPath as string,
      args: '--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync'.split(
        ' ',
      ),
    });
  });
  afterAll(() => browser?.close());

  async function visit(
    run: (
      given: Awaited<ReturnType<typeof recordingServer>> & { context: Awaited<ReturnType<Browser['newContext']>> },
    ) => Promise<void>,
  ) {
    const server = await recordingServer();
    const context = await browser.newContext();
    try {
      await run({ ...server, context });
    } finally {
      await context.close();
      server.close();
    }
  }

  it('plays back calls made before it was there, and sends page views and calls without a preflight', () =>
    visit(async ({ context, siteUrl, names, requests, calls }) => {
      const page = await context.newPage();
      const errors: Error[] = [];
      page.on('pageerror', (error) => errors.push(error));
      await page.goto(`${siteUrl}/tea?utm_source=wechat&gclid=g1`);
      await page.evaluate('zhiyin.track("Product Viewed", { product_id: "12" })');
      await page.evaluate('history.pushState({}, "", "/cart")');
      await page.evaluate('location.hash = "#/pay"');
      await expect
        .poll(() => names().sort())
        .toEqual(['Early', 'Product Viewed', 'page /cart', 'page /cart', 'page /tea']);
      expect(calls[0]?.context).toMatchObject({ campaign: { source: 'wechat' }, clickIds: { gclid: 'g1' } });
      expect(requests.every(({ method, contentType }) => method === 'POST' && contentType === 'text/plain')).toBe(true);
      expect(errors).toEqual([]);
    }));

  it('keeps what cannot be sent over a reload and sends each once', () =>
    visit(async ({ context, siteUrl, names, state, calls }) => {
      state.options = { pages: 'manual' };
      state.status = 503;
      const page = await context.newPage();
      await page.goto(siteUrl);
      await page.evaluate('zhiyin.track("While down")');
      await expect
        .poll(() => page.evaluate('Object.keys(localStorage).filter((key) => key.startsWith("zy_m_")).length'))
        .toBe(2);
      await page.waitForTimeout(1_000);
      state.status = 200;
      await page.reload();
      await expect.poll(() => [...names()].sort(), { timeout: 10_000 }).toEqual(['Early', 'Early', 'While down']);
      expect(new Set(calls.map((call) => call.messageId)).size).toBe(3);
    }));

  it('sends what is waiting when the page is left, and two tabs do not lose or invent anything', () =>
    visit(async ({ context, siteUrl, state, calls }) => {
      state.options = { pages: 'manual' };
      const [first, second] = [await context.newPage(), await context.newPage()];
      await Promise.all([first.goto(siteUrl), second.goto(siteUrl)]);
      await Promise.all(
        [first, second].map((page, tab) =>
          page.evaluate(`for (let i = 0; i < 20; i++) zhiyin.track("tab ${tab} " + i)`),
        ),
      );
      await first.goto('about:blank');
      await expect.poll(() => new Set(calls.map((call) => call.messageId)).size, { timeout: 10_000 }).toBe(42);
      await expect
        .poll(() => second.evaluate('Object.keys(localStorage).filter((key) => key.startsWith("zy_m_")).length'), {
          timeout: 10_000,
        })
        .toBe(0);
      expect(new Set(calls.map((call) => call.messageId)).size).toBe(42);
    }));

  it('stores and sends nothing before consent, nor with Global Privacy Control', () =>
    visit(async ({ context, siteUrl, state, calls }) => {
      const page = await context.newPage();
      state.options = { consent: 'required' };
      await page.goto(siteUrl);
      await page.waitForTimeout(1_200);
      expect(await page.evaluate('localStorage.length')).toBe(0);
      state.options = {};
      state.head = '<script>Object.defineProperty(navigator, "globalPrivacyControl", { value: true })</script>';
      await page.goto(siteUrl);
      await page.waitForTimeout(1_200);
      expect(await page.evaluate('localStorage.length')).toBe(0);
      expect(calls).toEqual([]);
      await page.evaluate('zhiyin.consent(true)');
      await expect.poll(() => calls.map((call) => call.type).sort()).toEqual(['page', 'track']);
    }));
});
