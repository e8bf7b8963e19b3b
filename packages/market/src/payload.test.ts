import { catalogueItemSchema, collectLimits, reviewInputSchema } from '@zhiyin/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { noDirt } from './simulate/add-dirt.ts';
import type { Call } from './simulate/calls.ts';
import { correlation, liveOneYear, type Year } from './testing.ts';

let year: Year;
beforeAll(() => {
  year = liveOneYear();
});

/** Every name that calls may carry. A new one is looked at before it is added: it must not tell the truth. */
const allowedNames = new Set(
  `type messageId timestamp anonymousId userId event name properties traits context
   product_id category brand price currency list position query list_id quantity products order_id value total revenue shipping discount coupon
   review_id rating campaign_id campaign_name path url title search referrer
   email phone openid gender birthday language address city country createdAt consent_email consent_sms
   device id locale app version userAgent campaign source medium`.split(/\s+/),
);

function* namesIn(value: unknown): Generator<string> {
  if (Array.isArray(value)) for (const each of value) yield* namesIn(each);
  else if (value && typeof value === 'object') {
    for (const [name, each] of Object.entries(value)) {
      yield name;
      yield* namesIn(each);
    }
  }
}

describe('what is sent', () => {
  it('is valid by Segment’s rules, but for the dirt', () => {
    let broken = 0;
    for (const call of year.calls) {
      expect(JSON.stringify(call).length).toBeLessThan(collectLimits.eventBytesMax / 4);
      expect(call.messageId.length).toBeLessThan(100);
      if (!isValid(call)) broken++;
    }
    expect(broken).toBeGreaterThan(0);
    expect(broken / year.calls.length).toBeLessThan(0.005);
  });

  it('is dirty in half a percent to one percent of calls, in every way there is', () => {
    const sum = noDirt();
    let calls = 0;
    for (const day of year.market.days()) {
      calls += day.calls.length;
      for (const [kind, count] of Object.entries(day.truth.dirt)) sum[kind as keyof typeof sum] += count;
    }
    expect(Object.values(sum).every((count) => count > 0)).toBe(true);
    const share = Object.values(sum).reduce((total, count) => total + count, 0) / calls;
    expect(share).toBeGreaterThan(0.005);
    expect(share).toBeLessThan(0.01);
  });

  it('repeats message ids only in duplicates', () => {
    const byId = new Map<string, string>();
    let repeats = 0;
    for (const call of year.calls) {
      const text = JSON.stringify(call);
      const before = byId.get(call.messageId);
      if (before !== undefined) {
        expect(text).toBe(before);
        repeats++;
      }
      byId.set(call.messageId, text);
    }
    expect(repeats / year.calls.length).toBeCloseTo(0.003, 2);
  });

  it('carries no name that could tell the truth', () => {
    const names = new Set(year.calls.flatMap((call) => [...namesIn(call)]));
    expect([...names].filter((name) => !allowedNames.has(name))).toEqual([]);
  });

  it('hides taste, price sensitivity and quality from any single field', () => {
    const truth = year.market.truth();
    const people = new Map(truth.people.map((person) => [person.userId, person]));
    const ids = truth.people.map((person) => [Number(person.userId.slice(1)), person.priceSensitivity] as const);
    expect(Math.abs(correlation(ids))).toBeLessThan(0.08);
    const prices = year.calls.flatMap((call) => {
      const person = people.get(call.userId ?? '');
      const price = call.properties?.price;
      return person && call.event === 'Product Viewed' && typeof price === 'number'
        ? [[Math.log(price), person.priceSensitivity] as const]
        : [];
    });
    expect(Math.abs(correlation(prices))).toBeLessThan(0.4);
    const items = new Map(truth.items.map((item) => [item.id, item]));
    const quality = year.market.catalogue().map((item) => [Math.log(item.price), items.get(item.id)!.quality] as const);
    expect(Math.abs(correlation(quality))).toBeLessThan(0.4);
  });

  it('uses addresses that reach nobody', () => {
    for (const call of year.calls) {
      if (call.type !== 'identify') continue;
      const { email, phone } = call.traits ?? {};
      if (email !== undefined) expect(email).toMatch(/@example\.com$/);
      if (phone !== undefined) expect(phone).toMatch(/^\+86154\d{8}$/);
    }
  });

  it('goes from anonymous to known, on several devices, some of them shared', () => {
    const usersOf = new Map<string, Set<string>>();
    const devicesOf = new Map<string, Set<string>>();
    let anonymous = 0;
    for (const { anonymousId, userId } of year.calls) {
      if (anonymousId && !userId) anonymous++;
      if (!anonymousId || !userId) continue;
      usersOf.set(anonymousId, (usersOf.get(anonymousId) ?? new Set()).add(userId));
      devicesOf.set(userId, (devicesOf.get(userId) ?? new Set()).add(anonymousId));
    }
    expect(anonymous / year.calls.length).toBeGreaterThan(0.15);
    expect([...devicesOf.values()].filter((devices) => devices.size > 1).length).toBeGreaterThan(50);
    expect([...usersOf.values()].filter((users) => users.size > 1).length).toBeGreaterThan(3);
  });

  it('fits the contract for goods and reviews', () => {
    const items = year.market.catalogue();
    expect(items).toHaveLength(432);
    expect(new Set(items.map((item) => `${item.category} ${item.name}`)).size).toBe(432);
    for (const item of items) expect(catalogueItemSchema.safeParse(item).error).toBeUndefined();
    for (const review of year.market.reviews()) expect(reviewInputSchema.safeParse(review).error).toBeUndefined();
  });
});

function isValid(call: Call): boolean {
  if (!call.userId && !call.anonymousId) return false;
  if (Number.isNaN(Date.parse(call.timestamp))) return false;
  if (call.type === 'track' && !call.event) return false;
  return call.type !== 'identify' || call.traits !== undefined;
}
