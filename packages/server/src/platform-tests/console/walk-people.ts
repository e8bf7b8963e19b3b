import { expect, it } from 'vitest';
import { collect } from '../api-client.ts';
import { findForeignHeadings, findNameless } from './check-page.ts';
import { eventually, open, part, type Walk } from './walk.ts';

/** A person is found, read, taken apart and put together again. */
export function walkPeople(walk: Walk): void {
  it('finds a person by an identifier from anywhere and shows what she did', async () => {
    const { page, platform } = walk;
    await open(walk, 'data/sources?source=1');
    const key = await page
      .getByRole('dialog')
      .getByText(/^[\w-]{20,}$/)
      .first()
      .innerText();
    const at = new Date(Date.now() - 60_000).toISOString();
    const batch = [
      { type: 'page', anonymousId: 'browser-1', name: '首页', timestamp: at },
      {
        type: 'track',
        anonymousId: 'browser-1',
        event: 'Product Viewed',
        properties: { product_id: 'T-1', note: '想要礼盒' },
        timestamp: at,
      },
      {
        type: 'identify',
        userId: 'VIP-9',
        anonymousId: 'browser-1',
        traits: { name: '周小满', email: 'zhou@example.com' },
        timestamp: at,
      },
      {
        type: 'track',
        userId: 'VIP-9',
        event: 'Order Completed',
        timestamp: at,
        properties: {
          order_id: 'B-1',
          currency: 'GBP',
          products: [{ product_id: 'T-1', name: '明前龙井', price: 128, quantity: 2 }],
        },
      },
    ].map((call, place) => ({ ...call, messageId: `walk-people-${place}` }));
    expect((await collect(() => platform.url, key, 'batch', { batch })).status).toBe(200);

    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.keyboard.press('/');
    const search = page.getByRole('combobox', { name: '查找用户' });
    await search.and(page.locator(':focus')).waitFor();
    // Cleaning takes a moment; asking again is what a person would do.
    const found = page.getByText(/1 单 · £256\.00/);
    await eventually(async () => {
      await search.fill('');
      await search.fill('VIP-9');
      return found.waitFor({ timeout: 1_000 }).then(
        () => true,
        () => false,
      );
    }).toBe(true);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');

    await page.getByRole('heading', { name: /周小满/, level: 1 }).waitFor();
    await page.getByText(/累计下单 1 次，消费 £256\.00/).waitFor();
    const timeline = part(page, '时间线');
    await eventually(() => timeline.getByRole('button', { expanded: false }).count()).toBeGreaterThanOrEqual(3);
    await timeline
      .getByRole('button', { name: /明前龙井|下单/ })
      .first()
      .click();
    await timeline.getByText('"order_id": "B-1"').waitFor();
    await part(page, '标识').getByText('zhou@example.com').waitFor();
    expect(await findNameless(page)).toEqual([]);
    expect(await findForeignHeadings(page, 'zh-CN', ['山间茶事'])).toEqual([]);
  });

  it('takes a merge back, moves the history with it, and undoes that', async () => {
    const { page } = walk;
    const merges = part(page, '已合并');
    const row = merges.getByRole('listitem').filter({ hasText: 'browser-1' });
    const events = () => part(page, '时间线').getByRole('listitem').count();
    const before = await events();
    await row.getByRole('button', { name: '撤回' }).click();
    await page.getByText('已撤回，现在是两位用户。').first().waitFor();
    await eventually(events).toBeLessThan(before);
    await page.getByRole('button', { name: '撤销' }).click();
    await page.getByText('已重新合并。').first().waitFor();
    await eventually(events).toBe(before);
  });
}
