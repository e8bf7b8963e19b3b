import { beforeAll, describe, expect, it } from 'vitest';
import { dayOf, formatDay } from './calendar.ts';
import { createMarket } from './create-market.ts';
import { gini, liveOneYear, named, productsOf, smallOptions, type Year } from './testing.ts';

let year: Year;
beforeAll(() => {
  year = liveOneYear();
  const perSecond = Math.round(year.calls.length / year.seconds);
  console.info(`market: ${year.calls.length} calls in ${year.seconds.toFixed(2)} s, ${perSecond} calls/s`);
});

describe('a year of the market', () => {
  it('is the same for the same seed and another for another seed', () => {
    const first = (seed: number) => {
      const market = createMarket({ endDay: '2026-11-22', people: 120, days: 60, seed });
      return JSON.stringify([[...market.events()], [...market.reviews()], market.adSpend(), market.catalogue()]);
    };
    expect(first(1)).toBe(first(1));
    expect(first(1)).not.toBe(first(2));
  });

  it('keeps a person as they are when more people come', () => {
    const few = createMarket({ endDay: '2026-11-22', people: 50, seed: 3 }).truth().people[20];
    const many = createMarket({ endDay: '2026-11-22', people: 500, seed: 3 }).truth().people[20];
    expect({ ...few, anonymousIds: [] }).toEqual({ ...many, anonymousIds: [] });
  });

  it('goes forward in time and ends where it was told to', () => {
    const endAt = '2026-11-22T06:00:00.000Z';
    const market = createMarket({ ...smallOptions, people: 300, days: 30, endAt });
    let last = 0;
    for (const day of market.days()) {
      for (const at of day.times) {
        expect(at).toBeGreaterThanOrEqual(last);
        last = at;
      }
    }
    expect(last).toBeLessThan(Date.parse(endAt));
    expect(last).toBeGreaterThan(Date.parse(endAt) - 86_400_000);
  });

  it('has funnel rates that a shop would believe', () => {
    const count = (event: string) => named(year.calls, event).length;
    const sessions = year.calls.filter((call) => call.type === 'page' || call.type === 'screen').length;
    expect(count('Product Added') / count('Product Viewed')).toBeGreaterThan(0.05);
    expect(count('Product Added') / count('Product Viewed')).toBeLessThan(0.16);
    expect(count('Order Completed') / count('Checkout Started')).toBeGreaterThan(0.6);
    expect(count('Order Completed') / count('Checkout Started')).toBeLessThan(0.9);
    expect(count('Order Completed') / sessions).toBeGreaterThan(0.03);
    expect(count('Order Completed') / sessions).toBeLessThan(0.14);
    expect(count('Order Refunded') / count('Order Completed')).toBeGreaterThan(0.01);
    expect(count('Order Refunded') / count('Order Completed')).toBeLessThan(0.1);
    expect(count('Email Opened') / count('Email Delivered')).toBeGreaterThan(0.1);
    expect(count('Email Opened') / count('Email Delivered')).toBeLessThan(0.35);
  });

  it('sells most on 11.11', () => {
    const byDay = new Map<string, number>();
    for (const call of named(year.calls, 'Order Completed')) {
      if (Number.isNaN(Date.parse(call.timestamp))) continue;
      const day = formatDay(dayOf(Date.parse(call.timestamp)));
      byDay.set(day, (byDay.get(day) ?? 0) + 1);
    }
    const best = [...byDay].sort((a, b) => b[1] - a[1])[0]!;
    expect(best[0]).toBe('2026-11-11');
    expect(best[1]).toBeGreaterThan((4 * named(year.calls, 'Order Completed').length) / 365);
  });

  it('has buyers who come again, and a long tail of goods', () => {
    const orders = new Map<string, number>();
    const sold = new Map(year.market.catalogue().map((item) => [item.id, 0]));
    for (const call of named(year.calls, 'Order Completed')) {
      orders.set(call.userId!, (orders.get(call.userId!) ?? 0) + 1);
      for (const { product_id, quantity } of productsOf(call)) {
        if (typeof product_id === 'string')
          sold.set(product_id, (sold.get(product_id) ?? 0) + Math.abs(Number(quantity)));
      }
    }
    const repeat = [...orders.values()].filter((count) => count > 1).length / orders.size;
    expect(repeat).toBeGreaterThan(0.25);
    expect(repeat).toBeLessThan(0.55);
    expect(gini([...sold.values()])).toBeGreaterThan(0.55);
    expect(gini([...sold.values()])).toBeLessThan(0.9);
  });

  it('loses people week by week: the retention curve falls', () => {
    const visits = new Map<string, Set<number>>();
    for (const call of year.calls) {
      if (call.type !== 'page' && call.type !== 'screen') continue;
      const week = Math.floor(dayOf(Date.parse(call.timestamp)) / 7);
      const who = visits.get(call.anonymousId!) ?? new Set();
      visits.set(call.anonymousId!, who.add(week));
    }
    const lastWeek = Math.floor(dayOf(Date.parse('2026-11-22T00:00:00Z')) / 7);
    const backIn = (from: number, to: number) => {
      let [back, all] = [0, 0];
      for (const weeks of visits.values()) {
        const first = Math.min(...weeks);
        if (first + to > lastWeek) continue;
        for (let n = from; n <= to; n++) {
          all++;
          if (weeks.has(first + n)) back++;
        }
      }
      return back / all;
    };
    const curve = [backIn(1, 2), backIn(4, 6), backIn(12, 16), backIn(26, 32)];
    expect(curve).toEqual([...curve].sort((a, b) => b - a));
    expect(curve[0]!).toBeGreaterThan(1.5 * curve[3]!);
  });

  it('spends money each day on four media channels and brings people with campaign tags', () => {
    expect(year.market.adSpend()).toHaveLength(4 * 365);
    const tagged = year.calls.filter((call) => call.context?.campaign !== undefined).length;
    expect(tagged).toBeGreaterThan(500);
    expect(year.calls.some((call) => JSON.stringify(call.properties ?? {}).includes('bd_vid='))).toBe(true);
  });

  it('refuses options that make no market, naming the option', () => {
    expect(() => createMarket({ endDay: '2026-11-22', people: 0 })).toThrow('people must be a whole number');
    expect(() => createMarket({ endDay: 'today' })).toThrow('2026-11-22');
    expect(() => createMarket({ endDay: '2026-11-22', englishShare: 2 })).toThrow('englishShare');
    expect(() => createMarket({ endDay: '2026-11-22', endAt: 'now' })).toThrow('endAt');
  });
});
