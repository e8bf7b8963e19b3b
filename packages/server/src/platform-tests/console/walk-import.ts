import { expect, it } from 'vitest';
import { findForeignHeadings, findNameless } from './check-page.ts';
import { countRetail, hasRetail, retailFile } from './count-retail.ts';
import { encodeGbk } from './encode-gbk.ts';
import { brand, choose, eventually, open, part, shown, shownMoney, type Walk } from './walk.ts';

/** Files come in through the console: recognised, changed, seen before and after. */
export function walkImport(walk: Walk): void {
  it('recognises Chinese headers in GBK and imports what they head', async () => {
    const { page } = walk;
    const text = [
      '订单号,客户编号,邮箱,下单时间,商品编号,商品名称,数量,单价',
      'A1,VIP-1,Wang@Example.com,2026/11/01 10:20,T-1,明前龙井,2,128.00',
      'A1,VIP-1,Wang@Example.com,2026/11/01 10:20,T-2,白瓷盖碗,1,66.50',
      'A2,VIP-2,zhao@example.com,2026/11/02 09:00,T-1,明前龙井,1,128.00',
      'A3,VIP-3,qian@example.com,昨天,T-1,明前龙井,1,128.00',
    ].join('\r\n');
    await open(walk, 'data/imports');
    await page
      .getByLabel('选择文件')
      .setInputFiles({ name: '商城订单.csv', mimeType: 'text/csv', buffer: encodeGbk(text) });
    await page.getByRole('heading', { name: /商城订单\.csv/ }).waitFor();
    await page.getByText('GB18030').first().waitFor();
    expect(await page.getByRole('radio', { name: /订单或订单明细/ }).isChecked()).toBe(true);
    const mapping = part(page, '各列对应什么');
    const fields = { 订单号: 'order_id', 客户编号: 'user_id', 邮箱: 'email', 商品名称: 'item_name', 单价: 'price' };
    for (const [column, field] of Object.entries(fields)) {
      await mapping.getByRole('row', { name: column }).getByText(`(${field})`).waitFor();
    }
    const preview = part(page, '前几行会变成什么');
    await preview.getByText('白瓷盖碗').waitFor();
    await preview.getByRole('row', { name: /时间无法识别/ }).waitFor();

    await page.getByRole('button', { name: '导入约 4 行' }).click();
    await page.getByText(/^4 行中保留了 3 行/).waitFor();
    await part(page, '1 行进入隔离区的原因').getByRole('link', { name: '时间无法识别' }).waitFor();
    expect(await findNameless(page)).toEqual([]);
  });

  it.skipIf(!hasRetail)(
    `imports 541,909 rows with progress and accounts for each of them${hasRetail ? '' : ' (skipped: data not present)'}`,
    async () => {
      const { page } = walk;
      const expected = countRetail();
      expect(expected).toMatchObject({ rows: 541_909, kept: 406_829, quarantined: 135_080 });
      expect(expected).toMatchObject({ revenue: 891_140_790, refunds: 61_134_209 });
      await open(walk, 'data/imports');
      await page.getByLabel('选择文件').setInputFiles(retailFile);
      await page.getByRole('heading', { name: /online_retail\.csv\.gz/ }).waitFor();
      expect(await page.getByRole('radio', { name: /订单或订单明细/ }).isChecked()).toBe(true);

      // The mapping is shown, can be changed, and can be changed back.
      const mapping = part(page, '各列对应什么');
      const field = mapping.getByRole('combobox', { name: '“Description”对应为' });
      const row = mapping.getByRole('row', { name: 'Description' });
      await row.getByText('商品名称 (item_name)').waitFor();
      await choose(page, field, '不导入', '不导入');
      await row.getByText('由您选择').waitFor();
      const preview = part(page, '前几行会变成什么');
      await eventually(() => preview.getByText('WHITE METAL LANTERN').count()).toBe(0);
      await choose(page, field, '商品名称 (item_name)', 'item_name');
      await row.getByText(/把握/).waitFor();
      await preview.getByText('WHITE METAL LANTERN').waitFor();
      await eventually(() => preview.getByText('将保留').count()).toBe(20);
      expect(await findNameless(page)).toEqual([]);
      expect(await findForeignHeadings(page, 'zh-CN', [brand])).toEqual([]);

      await page.getByRole('button', { name: /^导入约 [\d,]+ 行$/ }).click();
      await part(page, '正在导入').getByRole('progressbar', { name: '正在导入' }).waitFor();
      await page
        .getByText(`${shown(expected.rows)} 行中保留了 ${shown(expected.kept)} 行`)
        .waitFor({ timeout: 90_000 });
      const report = part(page, `${shown(expected.rows)} 行的去向`);
      await report.getByText(shown(expected.quarantined)).waitFor();
      await report.getByText(shownMoney(expected.revenue)).waitFor();
      await report.getByText(shownMoney(expected.refunds)).waitFor();
      await part(page, `${shown(expected.quarantined)} 行进入隔离区的原因`)
        .getByRole('row', { name: /不知道是谁/ })
        .getByText(shown(expected.quarantined))
        .waitFor();
    },
  );
}
