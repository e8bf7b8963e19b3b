import { recommendAnswerSchema } from '@zhiyin/contract';
import { describe, expect, it } from 'vitest';
import { ask, catalogue, taste } from './ask.fixture.ts';
import { assignArm } from './assign-arm.ts';
import { formatAnswer } from './format-answer.ts';
import { seededRandom } from './random.ts';

const idsOf = (found: ReturnType<typeof ask>) => found.chosen.map(({ item }) => item);

describe('an answer', () => {
  it('is what the model scores highest, with what speaks for it', () => {
    const found = ask({ taste: taste(10) });
    expect(idsOf(found)).toEqual([11, 12, 13, 14, 15]);
    expect(found.reasons[0]).toEqual([{ did: 'viewed', item: 10, share: 1 }]);
    expect(found.chosen[0]).toMatchObject({ score: 1, method: 'personal', propensity: 1 });
    expect(found.fallback).toBe(false);
  });

  it('shares the reasons of an item among what a person did, in proportion', () => {
    // i-12 is one step after i-11 (1) and two after i-10 (1/2).
    const found = ask({ taste: taste(10, 11) });
    const place = idsOf(found).indexOf(12);
    expect(found.reasons[place]!.map(({ item, share }) => [item, Math.round(share * 1e6) / 1e6])).toEqual([
      [11, 0.666667],
      [10, 0.333333],
    ]);
  });

  it('falls back along the chain and says so', () => {
    const found = ask({});
    expect(idsOf(found)).toEqual([0, 1, 2, 3, 4]);
    expect(found).toMatchObject({ methods: ['popular'], fallback: true });
  });

  it('is filled up from the whole catalogue before it is short', () => {
    expect(ask({ k: 65 }).chosen).toHaveLength(65);
  });

  it('keeps to the contract as text', () => {
    const found = ask({ taste: taste(10) });
    const text = formatAnswer(
      {
        decisionId: '7f1c9a52-6a63-4a4b-8a5f-1f3ad3f4f001',
        surface: 'home',
        items: found.chosen,
        reasons: found.reasons,
        personalised: true,
        notes: [],
        model: 'item-knn',
        modelVersion: '3',
        propensity: 1,
        methods: found.methods,
        fallback: false,
        experiment: null,
        decidedAt: new Date(0),
      },
      catalogue,
      undefined,
    );
    const answer = recommendAnswerSchema.strict().parse(JSON.parse(text.toString()));
    expect(answer.items[0]!.reason).toMatchObject({ zh: '因为您看过「item 10」', en: 'Because you viewed “item 10”' });
  });
});

describe('rules', () => {
  it('leave out what was bought, until its cycle is over', () => {
    const bought = { ...taste(10), bought: new Map([[11, Date.parse('2026-11-01T00:00:00Z')]]) };
    expect(idsOf(ask({ taste: bought }))).not.toContain(11);
    expect(idsOf(ask({ taste: bought, rules: { repurchaseDays: 30 } }))).not.toContain(11);
    expect(idsOf(ask({ taste: bought, rules: { repurchaseDays: 20 } }))[0]).toBe(11);
    expect(idsOf(ask({ taste: bought, rules: { repurchaseByCategory: { 'c-3': 10 } } }))[0]).toBe(11);
  });

  it('keep an answer within the price of the cart', () => {
    const rules = { priceToCart: { atLeast: null, atMost: 1 } };
    const found = ask({ about: [30], settings: { chain: ['together'] }, rules });
    expect(found.chosen.every(({ item }) => catalogue.prices[item]! <= catalogue.prices[30]!)).toBe(true);
    expect(idsOf(ask({ about: [30], settings: { chain: ['together'] } }))).toEqual([31, 32, 33, 34, 35]);
  });

  it('boost and hide, until their end', () => {
    const until = (day: string) => ({ until: `${day}T00:00:00Z` });
    const boosts = [
      { itemId: 'i-15', factor: 9, ...until('2026-12-01') },
      { itemId: 'i-11', factor: 0, until: null },
      { itemId: 'i-12', factor: 0, ...until('2026-11-01') },
    ];
    expect(idsOf(ask({ taste: taste(10), rules: { boosts } }))).toEqual([15, 12, 13, 14, 16]);
  });

  it('cap categories and spread them', () => {
    const capped = ask({ taste: taste(10), rules: { perCategoryMax: 1 }, k: 8 });
    expect(new Set(idsOf(capped).map((item) => item % 4)).size).toBe(capped.chosen.length);
    expect(capped.chosen).toHaveLength(4);
    // Twenty of what speaks for the taste, three of a kind at most: the rest is filled up from elsewhere.
    expect(ask({ taste: taste(10), rules: { perBrandMax: 3 }, k: 25 }).chosen).toHaveLength(25);
    const spread = ask({ taste: taste(8, 12, 16), rules: { diversity: 0.8 }, k: 4 });
    expect(new Set(idsOf(spread).map((item) => item % 4)).size).toBe(4);
  });
});

describe('exploration', () => {
  it('takes its share of the places, never the head, and knows its chances', () => {
    let explored = 0;
    const rounds = 2_000;
    const random = seededRandom(5);
    const shown = new Map<number, number>();
    let expected = 0;
    for (let round = 0; round < rounds; round += 1) {
      const { chosen } = ask({ taste: taste(10), k: 4, rules: { exploration: 0.1 }, random });
      expect(chosen.slice(0, 2).map(({ item }) => item)).toEqual([11, 12]);
      explored += chosen.filter((one) => one.explored).length;
      const last = chosen[2]!;
      shown.set(last.item, (shown.get(last.item) ?? 0) + 1);
      if (last.item === 13) expected = last.propensity;
    }
    expect(explored / rounds / 4).toBeCloseTo(0.1, 1);
    // The chance it says is the chance it has.
    expect((shown.get(13) ?? 0) / rounds).toBeCloseTo(expected, 1);
  });
});

describe('an experiment', () => {
  it('gives a person the same arm each time, and arms their shares', () => {
    const experiment = {
      name: 'test',
      arms: [
        { name: 'a', share: 0.3 },
        { name: 'b', share: 0.7, diversity: 1 },
      ],
    };
    const { surface } = ask({ settings: { experiment } }).question;
    const arms = Array.from({ length: 5_000 }, (_, person) => assignArm(surface, String(person)).arm.name);
    expect(arms).toEqual(Array.from({ length: 5_000 }, (_, person) => assignArm(surface, String(person)).arm.name));
    expect(arms.filter((arm) => arm === 'a').length / 5_000).toBeCloseTo(0.3, 1);
    expect(assignArm(surface, undefined).experiment).toBeNull();
  });
});
