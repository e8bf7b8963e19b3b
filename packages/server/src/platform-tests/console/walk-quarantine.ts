import { expect, it } from 'vitest';
import { findNameless } from './check-page.ts';
import { countRetail, hasRetail } from './count-retail.ts';
import { choose, eventually, open, part, shown, type Walk } from './walk.ts';

/** What was held back is looked at, mended by a rule and tried again, and every record stays accounted for. */
export function walkQuarantine(walk: Walk): void {
  it.skipIf(!hasRetail)(
    'mends the rows of one invoice by giving them a customer, after showing what it will do',
    async () => {
      const { page } = walk;
      const { quarantined, nobody } = countRetail();
      const [invoice, lines] = [...nobody].find(([, count]) => count >= 3 && count <= 9)!;
      await open(walk, 'data/quarantine');
      await choose(page, page.getByRole('combobox', { name: '全部原因' }), '不知道是谁', '不知道是谁');
      await page.getByText(`${shown(quarantined)} 条记录等待修复或放弃。`).waitFor();
      await page.getByRole('searchbox', { name: '记录中的文字' }).fill(invoice);
      await page.keyboard.press('Enter');
      await page.getByText(`${lines} 条记录等待修复或放弃。`).waitFor();
      expect(new URL(page.url()).searchParams.get('text')).toContain(invoice);

      await part(page, '被隔离的记录').getByRole('row').nth(1).getByRole('button').first().click();
      const record = page.getByRole('dialog', { name: '不知道是谁' });
      await record.getByRole('heading', { name: '原始记录' }).waitFor();
      await record.getByText(`"${invoice}"`).waitFor();
      expect(await findNameless(page)).toEqual([]);
      await page.keyboard.press('Escape');

      await page.getByRole('button', { name: `修复 ${lines} 条` }).click();
      const mend = page.getByRole('dialog', { name: '修复并重试' });
      const step = mend.getByRole('group', { name: '步骤 1' });
      await choose(page, step.getByRole('combobox', { name: '操作' }), '设置');
      await step.getByRole('textbox', { name: '字段' }).fill('CustomerID');
      await step.getByRole('textbox', { name: '值' }).fill('walk-in-7');
      await mend.getByText(`前 ${lines} 条中有 ${lines} 条可以离开隔离区。`).waitFor();
      await mend
        .getByText(/修复后：.*walk-in-7/)
        .first()
        .waitFor();
      expect(await findNameless(page)).toEqual([]);
      await mend.getByRole('button', { name: `修复并重试 ${lines} 条` }).click();
      await mend.waitFor({ state: 'hidden' });
      await page.getByText('没有符合筛选条件的记录。').first().waitFor();

      await open(walk, 'data/health');
      const balance = part(page, '每条记录都有去向吗？');
      await balance.getByText('一条不差。').waitFor();
      const numberOf = async (name: string) =>
        Number(
          (
            await balance
              .getByRole('term')
              .filter({ hasText: name })
              .locator('xpath=following-sibling::dd[1]')
              .innerText()
          ).replaceAll(',', ''),
        );
      // The row of the Chinese file that says "yesterday" is held back too.
      await eventually(() => numberOf('隔离')).toBe(quarantined - lines + 1);
      expect(await numberOf('等待')).toBe(0);
      await page.keyboard.press('/');
      await page.keyboard.type('walk-in-7');
      await page.keyboard.press('Enter');
      await page.getByRole('link', { name: /walk-in-7/ }).click();
      await page.getByText(/累计下单 1 次/).waitFor();
    },
  );
}
