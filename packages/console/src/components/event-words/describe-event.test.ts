import type { Locale } from '@zhiyin/contract';
import { createInstance, type TFunction } from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import { formatCount } from '../../format/format-count.ts';
import { formatMoney } from '../../format/format-money.ts';
import { describeEvent } from './describe-event.ts';

const texts = import.meta.glob<Record<string, unknown>>('../../locales/*/events.json', {
  eager: true,
  import: 'default',
});
const words = new Map<Locale, TFunction>();
beforeAll(async () => {
  for (const locale of ['en', 'zh-CN'] as const) {
    const i18n = createInstance();
    words.set(
      locale,
      await i18n.init({
        lng: locale,
        defaultNS: 'events',
        resources: { [locale]: { events: texts[`../../locales/${locale}/events.json`]! } },
        interpolation: { escapeValue: false },
      }),
    );
  }
});
const say = (locale: Locale, name: string, properties: Record<string, unknown>, type = 'track') =>
  describeEvent({ type, name, properties }, words.get(locale)!, {
    count: (value) => formatCount(value, locale),
    money: (minor, currency) => formatMoney(minor, currency ?? 'USD', locale),
  });

const order = {
  revenue: 520,
  currency: 'CNY',
  products: [
    { name: 'Tea', quantity: 1 },
    { name: 'Cup', quantity: 2 },
  ],
};

describe('an event in words', () => {
  it('says how many and for how much', () => {
    expect(say('en', 'order_completed', order)).toEqual({
      sentence: 'Ordered 3 items, ¥520.00',
      about: 'Tea · Cup',
      tone: 'good',
    });
    expect(say('zh-CN', 'order_completed', order).sentence).toBe('\u4e0b\u5355 3 \u4ef6\uff0c¥520.00');
    expect(say('en', 'order_completed', { ...order, products: [{ quantity: 1 }] }).sentence).toBe(
      'Ordered 1 item, ¥520.00',
    );
  });

  it('shows pieces and item ids of an order that came from a file', () => {
    const imported = {
      revenue: 34.5,
      currency: 'GBP',
      quantity: 9,
      item_ids: ['85123A', '71053', '85123A', '', 22752],
    };
    expect(say('en', 'order_completed', imported)).toMatchObject({
      sentence: 'Ordered 9 items, £34.50',
      about: '85123A · 71053 · 22752',
    });
    const many = { item_ids: ['A', 'B', 'C', 'D', 'E'], quantity: 1 };
    expect(say('en', 'order_refunded', { ...many, quantity: -1 }).about).toBe('A · B · C · D');
    expect(say('en', 'order_completed', { item_ids: [null, {}], products: 'x' }).about).toBe('');
  });

  it('says less when it knows less', () => {
    expect(say('en', 'order_completed', { total: 12, currency: 'USD' }).sentence).toBe('Ordered for $12.00');
    expect(say('en', 'order_completed', { total: 12 }).sentence).toBe('Placed an order');
    expect(say('en', 'product_viewed', { name: 'Tea', price: 3, currency: 'USD' }).sentence).toBe('Looked at Tea');
    expect(say('zh-CN', 'product_viewed', {}).sentence).toBe('查看商品');
    expect(say('zh-CN', 'product_reviewed', { product_id: 'XW-36' }).sentence).toBe('评价 XW-36');
    expect(say('zh-CN', 'product_viewed', { name: '宽松T恤' }).sentence).toBe('查看宽松 T 恤');
  });

  it('knows pages and identities by their type', () => {
    expect(say('en', 'page', { title: 'Home', path: '/' }, 'page')).toMatchObject({
      sentence: 'Visited “Home”',
      about: '/',
    });
    expect(say('zh-CN', '', {}, 'identify').sentence).toBe('表明了身份');
  });

  it('shows a brand’s own event by its name', () => {
    expect(say('en', 'Tea Class Booked', { city: 'Hangzhou' })).toEqual({
      sentence: 'Tea Class Booked',
      about: '',
      tone: 'plain',
    });
  });

  it('is not led astray by odd properties', () => {
    const odd = { revenue: 'a lot', currency: '<b>', products: [null, 'x', { quantity: Number.NaN }] };
    expect(say('en', 'order_completed', odd).sentence).toBe('Placed an order');
    expect(say('en', '__proto__', { constructor: 1 }).sentence).toBe('__proto__');
  });
});
