import type { RecommendRules } from '@zhiyin/contract';
import { fitRepurchaseCycles } from '@zhiyin/learn';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openLearned } from '../explore/open-learned.ts';
import { openServingModel } from '../models/serving-model.ts';
import { ask, catalogue, items, model, taste } from './ask.fixture.ts';
import { explainRules } from './explain-rules.ts';
import { seededRandom } from './random.ts';

const now = Date.parse('2026-11-22T00:00:00Z');
const day = 86_400_000;
const idsOf = (found: ReturnType<typeof ask>) => found.chosen.map(({ item }) => item);
const brandOf = (item: number) => catalogue.brands[item]!;
const categoryOf = (item: number) => catalogue.categories[item]!;
const withModel = (more: object) => openServingModel(4, { ...model.bundle, ...more }, catalogue);

describe('whatever rules are set together', () => {
  const strength = fc.double({ min: 0, max: 1, noNaN: true });
  const anyRules = fc.record({
    diversity: strength,
    diversityMethod: fc.constantFrom('mmr' as const, 'dpp' as const),
    calibration: strength,
    novelty: strength,
    popularityDiscount: strength,
    perBrandMax: fc.constantFrom(null, 2, 3),
    exploration: fc.constantFrom(0, 0.2),
    share: fc.constantFrom(0, 0.25, 0.5),
    cap: fc.constantFrom(1, 2),
  });

  it('caps hold, least shares hold in every beginning, pins stay, nothing comes twice', () => {
    fc.assert(
      fc.property(anyRules, fc.integer({ min: 0, max: items - 1 }), fc.nat(), (drawn, like, seed) => {
        const { share, cap, ...rules } = drawn;
        const pins = [{ itemId: 'i-50', place: 3, until: null }];
        const found = ask({
          taste: taste(like, (like + 7) % items),
          k: 8,
          random: seededRandom(seed),
          rules: {
            ...rules,
            categoryCaps: { 'c-1': cap },
            exposure: { attribute: 'brand', shares: share > 0 ? { 'b-9': share } : {} },
            pins,
          },
        });
        const shown = idsOf(found);
        expect(new Set(shown).size).toBe(shown.length);
        expect(shown).toHaveLength(8);
        expect(shown[2]).toBe(50);
        const ranked = shown.filter((item) => item !== 50);
        expect(ranked.filter((item) => categoryOf(item) === 'c-1').length).toBeLessThanOrEqual(cap);
        if (rules.perBrandMax !== null) {
          for (const item of ranked) {
            expect(ranked.filter((other) => brandOf(other) === brandOf(item)).length).toBeLessThanOrEqual(
              rules.perBrandMax,
            );
          }
        }
        // b-9 has i-9, i-19 … i-59, of which c-1 (i-9, i-29, i-49) may be capped: three are always left, fewer under a brand's cap.
        const owed = (places: number) => Math.min(Math.floor(share * places + 1e-9), rules.perBrandMax ?? 3, 3);
        if (rules.exploration === 0) {
          for (let p = 1; p <= ranked.length; p += 1) {
            expect(ranked.slice(0, p).filter((item) => brandOf(item) === 'b-9').length).toBeGreaterThanOrEqual(owed(p));
          }
        }
        for (const one of found.chosen) expect(one.propensity).toBeGreaterThan(0);
      }),
      { numRuns: 300, seed: 11 },
    );
  });
});

describe('the order of a list', () => {
  it('follows the proportions of what the person did, where it is told to', () => {
    // Three quarters of the deeds are of c-2, one quarter is of c-3.
    const person = { ...taste(2, 6, 10, 3), weight: [1, 1, 1, 1] };
    const found = ask({ taste: person, k: 8, rules: { calibration: 1 } });
    const kinds = idsOf(found).map(categoryOf);
    expect(kinds.filter((kind) => kind === 'c-2')).toHaveLength(6);
    expect(kinds.filter((kind) => kind === 'c-3')).toHaveLength(2);
  });

  it('keeps what diversity did where proportions count too', () => {
    const both = ask({ taste: taste(8, 12, 16), k: 4, rules: { diversity: 1, calibration: 0.01 } });
    expect(new Set(idsOf(both).map(categoryOf)).size).toBe(4);
  });

  it('spreads with a determinantal point process, too', () => {
    const found = ask({ taste: taste(8, 12, 16), k: 4, rules: { diversity: 0.9, diversityMethod: 'dpp' } });
    expect(new Set(idsOf(found).map(categoryOf)).size).toBe(4);
  });

  it('raises what is new to the person', () => {
    const share = (novelty: number) =>
      idsOf(ask({ taste: taste(10), k: 6, rules: { novelty } })).filter(
        (item) => categoryOf(item) === 'c-2' || brandOf(item) === 'b-0',
      ).length;
    expect(share(1)).toBeLessThan(share(0));
  });

  it('raises margin and what lies long, pushes down what is nearly gone', () => {
    const version = 1_000;
    const cells = (id: number, attributes: object, stock: number | null) => ({
      itemId: `i-${id}`,
      name: `item ${id}`,
      description: '',
      category: `c-${id % 4}`,
      brand: `b-${id % 10}`,
      priceMinor: 1_000,
      currency: 'CNY',
      url: '',
      imageUrl: '',
      stock,
      attributes: attributes as never,
      deleted: false,
      version: version + id,
    });
    catalogue.apply([cells(40, { cost: 9 }, 2), cells(41, { cost: 2 }, 300), cells(42, {}, null)]);
    const rules = (more: Partial<RecommendRules>) => ({ taste: taste(39), k: 3, rules: more });
    const sales = new Float32Array(items).fill(1);
    const sold = withModel({ salesPerDay: sales });
    const factors = (question: Parameters<typeof ask>[0]) => {
      const { moved } = explainRules(ask(question).question);
      return moved.map(({ rule }) => rule);
    };
    expect(idsOf(ask(rules({})))).toEqual([40, 41, 42]);
    // One step after i-39 counts 1, two steps 1/2 (in the upper half of scores: 1 and 0.75); margins are 10 % and 80 %.
    const margin = rules({ margin: { strength: 1, attribute: 'cost', holds: 'cost' } });
    expect(idsOf(ask(margin))).toEqual([41, 40, 42]);
    expect(factors(margin)).toEqual(['margin']);
    const stock = { ...rules({ stock: { strength: 1, scarceDays: 7, ampleDays: 90 } }), model: sold };
    expect(idsOf(ask(stock))[0]).toBe(41);
    expect(idsOf(ask(stock))).not.toContain(40);
  });
});

describe('what was bought again and again', () => {
  // Everybody buys i-11 every 29 to 31 days, and i-12 once.
  const log = Array.from({ length: 40 }, (_, person) =>
    Array.from({ length: 6 }, (_, time) => ({ person, item: 11, day: time * (29 + (person % 3)) })).concat([
      { person, item: 12, day: 1 },
    ]),
  ).flat();
  const cycles = fitRepurchaseCycles(
    { profile: log.map((one) => one.person), item: log.map((one) => one.item), day: log.map((one) => one.day) },
    { items, groupOf: Array.from({ length: items }, (_, item) => item) },
  );
  const withCycles = withModel({ cycles });
  const asked = (daysAgo: number, item = 11) =>
    ask({
      taste: { ...taste(30), bought: new Map([[item, now - daysAgo * day]]) },
      model: withCycles,
      rules: { repurchase: { learned: true, dueBoost: 0.5 } },
    });

  it('is hidden until its cycle is due, then raised with its reason', () => {
    expect(idsOf(asked(10))).not.toContain(11);
    expect(asked(10).question.exclusions.map(({ rule }) => rule)).toContain('bought_too_soon');
    const due = asked(30);
    expect(idsOf(due)).toContain(11);
    expect(due.reasons[idsOf(due).indexOf(11)]).toEqual([{ did: 'due', item: 11, share: 1 }]);
    expect(due.question.due.get(11)!.medianDays).toBeCloseTo(30, 0);
  });

  it('stays away for good where people buy it once', () => {
    expect(idsOf(asked(400, 12))).not.toContain(12);
  });
});

describe('what is tried', () => {
  const learned = openLearned(
    {
      version: 1,
      surface: 'home',
      learnedAt: new Date(0),
      tried: 200,
      rewarded: 20,
      arms: [
        { itemId: 'i-61', share: 0.7 },
        { itemId: 'i-62', share: 0.1 },
      ],
      untriedShare: 0.2,
      // Everything is believed to depend on likeness alone.
      belief: {
        dimensions: 7,
        inverse: Array.from({ length: 49 }, (_, at) => (at % 8 === 0 ? 0.001 : 0)),
        response: [0, 500, 0, 0, 0, 0, 0],
      },
    },
    catalogue,
  );
  const rounds = 1_500;

  it.each(['epsilon', 'thompson', 'linucb'] as const)('keeps to its budget and knows its chances: %s', (method) => {
    const shown = new Map<number, { times: number; chance: number }>();
    let explored = 0;
    for (let round = 0; round < rounds; round += 1) {
      const { chosen } = ask({
        taste: taste(10),
        k: 4,
        learned,
        rules: { exploration: 0.2, explorationMethod: method },
        random: seededRandom(round),
      });
      explored += chosen.filter((one) => one.explored).length;
      for (const one of chosen) expect(one.features?.length).toBe(one.explored ? 7 : undefined);
      const { item, propensity } = chosen[2]!;
      shown.set(item, { times: (shown.get(item)?.times ?? 0) + 1, chance: propensity });
    }
    expect(explored / rounds / 4).toBeCloseTo(0.2, 1);
    for (const { times, chance } of shown.values()) {
      expect(Math.abs(times / rounds - chance)).toBeLessThan(4.5 * Math.sqrt((chance * (1 - chance)) / rounds));
    }
    const timesOf = (item: number) => shown.get(item)?.times ?? 0;
    // Of i-60 … i-64, all tried by Thompson: i-61 has seven times the share of i-62.
    if (method === 'thompson') expect(timesOf(61)).toBeGreaterThan(4 * timesOf(62));
    // i-62 is of the category and near the price of i-10: the likest of the new ones.
    if (method === 'linucb') expect(timesOf(62)).toBeGreaterThan(Math.max(timesOf(60), timesOf(61), timesOf(63)));
  });

  it('is nothing where it is off', () => {
    const rules = { exploration: 0.5, explorationMethod: 'off' as const };
    expect(ask({ taste: taste(10), rules }).chosen.every(({ propensity }) => propensity === 1)).toBe(true);
  });
});

describe('a preview', () => {
  it('says what each rule took out and moved, from where to where', () => {
    const boosts = [{ itemId: 'i-15', factor: 5, until: null }];
    const explain = (rules: Partial<RecommendRules>) =>
      explainRules(ask({ taste: taste(10), k: 5, rules: { boosts, ...rules } }).question);
    const capped = explain({ perCategoryMax: 1 });
    expect(capped.moved).toEqual([
      {
        rule: 'boost',
        items: 1,
        examples: [{ itemId: 'i-15', name: 'item 15', from: 5, to: 1, values: { factor: 5 } }],
      },
    ]);
    // i-15 and i-11 are of c-3: after the boost the former stays.
    expect(capped.removed).toEqual([{ rule: 'category_cap', items: 1, examples: ['item 11'] }]);
    const shared = explain({ exposure: { attribute: 'brand', shares: { 'b-9': 0.4 } } });
    expect(shared.moved.map(({ rule, examples }) => [rule, examples[0]!.itemId, examples[0]!.to])).toEqual([
      ['boost', 'i-15', 1],
      ['exposure', 'i-19', 3],
    ]);
  });
});
