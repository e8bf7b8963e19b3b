import { createInstance, type TFunction } from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import { explainBecause } from './explain-because.ts';

const texts = import.meta.glob<Record<string, unknown>>('../../../locales/*/data.json', {
  eager: true,
  import: 'default',
});

describe('why a column was taken for a field', () => {
  let t: TFunction<'data'>;
  beforeAll(async () => {
    const i18n = createInstance();
    await i18n.init({
      lng: 'zh-CN',
      resources: { 'zh-CN': { data: texts['../../../locales/zh-CN/data.json']! } },
      interpolation: { escapeValue: false },
    });
    t = i18n.getFixedT('zh-CN', 'data') as unknown as TFunction<'data'>;
  });

  it.each([
    ['saved mapping "商城导出"', '已存的对应关系“商城导出”'],
    ['header "订单号"', '表头“订单号”'],
    ['header "邮箱" and contents (email)', '表头“邮箱”和内容（邮箱）'],
    ['header "order date" contains "date"', '表头“order date”含有“date”'],
    ['contents look like phone', '内容像手机号'],
    ['no header', '没有表头'],
    ['no field fits: kept under its own name', '没有合适的字段，按原列名保留'],
  ])('says %j in Chinese', (because, said) => {
    expect(explainBecause(because, t)).toBe(said);
  });

  it('keeps what it does not know', () => {
    expect(explainBecause('the moon', t)).toBe('the moon');
  });
});
