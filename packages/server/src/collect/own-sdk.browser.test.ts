import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { expect, it } from 'vitest';
import { listeningCollect } from './collect-fixtures.ts';

const chromiumPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const trackerDir = fileURLToPath(new URL('../../../tracker/', import.meta.url));

it.skipIf(!chromiumPath)(
  'our browser SDK, loaded from this server by a page of another site, ends in the journal (skipped without Chromium)',
  async () => {
    execFileSync(process.execPath, ['build.mjs'], { cwd: trackerDir, stdio: 'pipe' });
    const sources = { WK: { allowedOrigins: ['http://localhost:22112'] } };
    await using collect = await listeningCollect(sources, 22_111, { trackerPath: `${trackerDir}dist/tracker.js` });
    const shop = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(
        `<!doctype html><title>店</title><script async src="${collect.url}/zhiyin.js" data-write-key="WK"></script>`,
      );
    });
    await new Promise<void>((resolve) => shop.listen(22_112, 'localhost', resolve));
    const browser = await chromium.launch({
      executablePath: chromiumPath as string,
      args: '--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync'.split(
        ' ',
      ),
    });
    try {
      const page = await browser.newPage();
      await page.goto(`http://localhost:${(shop.address() as AddressInfo).port}/tea?utm_source=wechat`);
      await page.waitForFunction('window.zhiyin && zhiyin.track');
      await page.evaluate(
        'zhiyin.identify("u1", { email: "a@example.com" }); zhiyin.track("Product Viewed", { product_id: "12" })',
      );
      await expect.poll(async () => (await collect.records()).reduce((sum, record) => sum + record.count, 0)).toBe(3);
      const calls = (await collect.records()).flatMap(
        (record) => (JSON.parse(record.body.toString()) as { batch: { type: string }[] }).batch,
      );
      expect(calls).toMatchObject([
        { type: 'page', properties: { path: '/tea', title: '店' }, context: { campaign: { source: 'wechat' } } },
        { type: 'identify', userId: 'u1', traits: { email: 'a@example.com' } },
        { type: 'track', event: 'Product Viewed', userId: 'u1' },
      ]);
      expect(await page.evaluate('Object.keys(localStorage).filter((key) => key.startsWith("zy_m_"))')).toEqual([]);
    } finally {
      await browser.close();
      shop.close();
    }
  },
);
