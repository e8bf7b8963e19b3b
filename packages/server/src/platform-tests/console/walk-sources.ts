import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { findNameless } from './check-page.ts';
import { readClipboard } from './page-scripts.ts';
import { open, type Walk } from './walk.ts';

/** A site is connected with the snippet that the console gives, and its events are seen coming in. */
export function walkSources(walk: Walk): void {
  it('shows the first event of a site that uses the copied snippet', async () => {
    const { page, window } = walk;
    await open(walk, 'data/sources');
    await page.getByRole('button', { name: '新建数据源' }).first().click();
    const dialog = page.getByRole('dialog', { name: '新建数据源' });
    await dialog.getByRole('radio', { name: '网站' }).check();
    await dialog.getByLabel('名称').fill('官网商城');
    await dialog.getByRole('button', { name: '创建并查看接入代码' }).click();
    const drawer = page.getByRole('dialog', { name: '官网商城' });
    await drawer.getByText('正在等待第一个事件').waitFor();
    expect(await findNameless(page)).toEqual([]);
    await drawer.getByRole('tabpanel').getByRole('button', { name: '复制' }).click();
    const snippet = await page.evaluate<string>(readClipboard);
    expect(snippet).toContain('<script');

    const live = await window.newPage();
    await live.goto(page.url().replace(/sources.*/, 'live'));
    await live.getByRole('status').getByText('实时').waitFor();
    const shop = createServer((request, response) => {
      response.statusCode = request.url === '/favicon.ico' ? 204 : 200;
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(`<!doctype html><html lang="zh"><head><title>茶</title>${snippet}</head><body></body></html>`);
    });
    await new Promise<void>((resolve) => void shop.listen(0, 'localhost', resolve));
    try {
      const visitor = await window.newPage();
      await visitor.goto(`http://localhost:${(shop.address() as AddressInfo).port}/?utm_source=wechat`);
      await visitor.waitForFunction('window.zhiyin && zhiyin.track');
      await visitor.evaluate('zhiyin.track("Product Viewed", { product_id: "tea-1", price: 128, currency: "CNY" })');
      const events = live.getByRole('list', { name: '实时事件' });
      await events.getByRole('button', { name: /product_viewed.*官网商城/i }).click();
      await live.getByRole('dialog').getByText('tea-1').first().waitFor();
      await visitor.close();
    } finally {
      shop.close();
    }
    await live.close();

    await drawer.getByText(/最近收到 \d+ 条记录/).waitFor();
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'hidden' });
    await page
      .getByRole('row', { name: /官网商城/ })
      .getByText('正在接收')
      .waitFor();
  });
}
