import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { findForeignHeadings, findNameless } from './check-page.ts';
import { countRetail, hasRetail } from './count-retail.ts';
import { brand, eventually, open, shownMoney, type Walk } from './walk.ts';

/** The year of the retailer, seen as a marketer sees it, and checked against a count of our own. */
export function walkOverview(walk: Walk): void {
  it.skipIf(!hasRetail)('shows the revenue of each month of 2011 as counted from the file', async () => {
    const { page } = walk;
    const { monthly } = countRetail();
    await open(walk, 'overview');
    const [first, last] = [page.getByRole('textbox').nth(0), page.getByRole('textbox').nth(1)];
    await first.click();
    await first.fill('2011-01-01');
    await first.press('Enter');
    await last.and(page.locator(':focus')).waitFor();
    await last.fill('2011-12-31');
    await last.press('Enter');
    await eventually(() => new URL(page.url()).search).toBe('?from=2011-01-01&to=2012-01-01');
    await page.getByText('月', { exact: true }).click();
    await eventually(() => new URL(page.url()).search).toBe('?from=2011-01-01&to=2012-01-01&granularity=month');
    const best = [...monthly].filter(([month]) => month.startsWith('2011')).toSorted((a, b) => b[1] - a[1])[0]!;
    const whole = new Intl.NumberFormat('zh-CN', { style: 'currency', currency: 'GBP', maximumFractionDigits: 0 });
    const chart = page.getByRole('region', {
      name: `：2011年${Number(best[0].slice(5))}月，${whole.format(best[1] / 100)}`,
    });
    await chart.waitFor();
    expect(await findForeignHeadings(page, 'zh-CN', [brand])).toEqual([]);
    expect(await findNameless(page)).toEqual([]);

    await chart.getByRole('button', { name: /的更多操作/ }).click();
    await page.getByRole('menuitem', { name: '查看表格' }).click();
    const table = page.getByRole('dialog').getByRole('table').last();
    for (const [month, pence] of monthly) {
      if (month.startsWith('2010')) continue;
      await table
        .getByRole('row', { name: new RegExp(`^2011年${Number(month.slice(5))}月`) })
        .getByText(shownMoney(pence), { exact: true })
        .first()
        .waitFor();
    }
    await page.getByRole('button', { name: '关闭' }).last().click();
  });

  it.skipIf(!hasRetail)('gives of every chart its table, its query and a CSV with the same rows', async () => {
    const { page } = walk;
    const menus = page.getByRole('button', { name: /的更多操作/ });
    await eventually(() => menus.count()).toBe(7);
    for (let place = 0; place < 7; place += 1) {
      const menu = menus.nth(place);
      await menu.click();
      await page.getByRole('menuitem', { name: '查看表格' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('table').last().waitFor();
      const rows = (await dialog.getByRole('row').count()) - 1;
      expect(rows).toBeGreaterThanOrEqual(0);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });

      await menu.click();
      await page.getByRole('menuitem', { name: '查看取数语句' }).click();
      await dialog
        .getByText(/SELECT/)
        .first()
        .waitFor();
      await dialog.getByText('扫描行数').waitFor();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });

      await menu.click();
      const saved = page.waitForEvent('download');
      await page.getByRole('menuitem', { name: '保存为 CSV' }).click();
      const download = await saved;
      const text = (await readFile(await download.path(), 'utf8')).replace('\ufeff', '').trimEnd();
      const [head, ...lines] = text.split('\r\n');
      expect(download.suggestedFilename()).toMatch(/\.csv$/);
      expect(head, 'headings in the language of the page').toMatch(/\p{Script=Han}/u);
      // Tables show a hundred rows at a time.
      if (lines.length > 0) expect(Math.min(lines.length, 100)).toBe(rows);
    }
  });
}
