import { createInstance, type TFunction } from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import { explainRepair } from './explain-repair.ts';

const texts = import.meta.glob<Record<string, unknown>>('../../locales/*/data.json', {
  eager: true,
  import: 'default',
});

describe('a repair in words', () => {
  let t: TFunction<'data'>;
  beforeAll(async () => {
    const i18n = createInstance();
    await i18n.init({
      lng: 'en',
      resources: { en: { data: texts['../../locales/en/data.json']! } },
      interpolation: { escapeValue: false },
      nsSeparator: ':',
    });
    t = i18n.getFixedT('en', 'data') as unknown as TFunction<'data'>;
  });

  it.each([
    ['currency', 'Currency filled in or written as a code'],
    ['timestamp:clock', 'Time corrected by the sender’s clock'],
    ['type:price', 'Type converted (Price of one)'],
    ['user_id:float', 'Written without its decimal point (User id)'],
    ['rule:Prices with 起', 'Mended by a kept rule (Prices with 起)'],
    ['blocked:user_id', 'Placeholder identifier left out (User id)'],
  ])('says %j', (repair, said) => {
    expect(explainRepair(repair, t)).toBe(said);
  });

  it('shows one it does not know as it is', () => {
    expect(explainRepair('moon:phase', t)).toBe('moon:phase');
    expect(explainRepair('moon', t)).toBe('moon');
  });
});
