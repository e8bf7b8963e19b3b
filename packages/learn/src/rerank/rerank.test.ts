import { describe, expect, it } from 'vitest';
import { seededRandom } from '../lifetime/simulate-histories.fixture.ts';
import { rankCandidates } from './ranked-list.ts';
import { fitRepurchaseCycles } from './repurchase-cycles.ts';
import { rerank } from './rerank.ts';
import {
  boostBySignal,
  boostItems,
  calibrateGroups,
  capPerGroup,
  ensureShares,
  lessPopular,
  pinItems,
  removeItems,
  ruleBought,
  spreadAlike,
  takeFirst,
} from './rerank-steps.ts';
import { groupSimilarity } from './similarity.ts';

const list = rankCandidates([10, 11, 12, 13, 14], [0.9, 0.8, 0.7, 0.6, 0.5]);
const categoryOf = Uint32Array.from({ length: 20 }, (_, item) => (item < 13 ? 0 : 1));
const itemsAfter = (steps: Parameters<typeof rerank>[1]) => [...rerank(list, steps).list.item];

describe('reranking', () => {
  it('says of every item taken out which step did it, why and from which place', () => {
    const { list: left, reports } = rerank(list, [
      removeItems('stock', (item) => (item === 11 ? { code: 'out_of_stock' } : undefined)),
      capPerGroup('category_cap', { groupOf: categoryOf, cap: 1 }),
    ]);
    expect([...left.item]).toEqual([10, 13]);
    expect(reports).toMatchObject([
      {
        step: 'stock',
        candidatesBefore: 5,
        candidatesAfter: 4,
        removed: [{ item: 11, from: 1, because: { code: 'out_of_stock' } }],
      },
      {
        step: 'category_cap',
        removed: [
          { item: 12, because: { code: 'category_cap', values: { group: 0, cap: 1 } } },
          { item: 14, because: { code: 'category_cap', values: { group: 1, cap: 1 } } },
        ],
        moved: [],
      },
    ]);
  });

  it('says which item rose and which only made room', () => {
    const { reports } = rerank(list, [boostItems(new Map([[13, 2]]))]);
    expect(reports[0].moved).toEqual([
      { item: 13, from: 3, to: 0, because: { code: 'boost', values: { factor: 2 } } },
      { item: 10, from: 0, to: 1, because: { code: 'made_room' } },
      { item: 11, from: 1, to: 2, because: { code: 'made_room' } },
      { item: 12, from: 2, to: 3, because: { code: 'made_room' } },
    ]);
  });

  it('refuses to change scores after an order was made, and names both steps', () => {
    const steps = [
      spreadAlike({
        method: 'mmr',
        count: 3,
        relevanceWeight: 0.5,
        similarity: (items) => groupSimilarity([...items]),
      }),
      lessPopular(new Float64Array(20), 0.5),
    ];
    expect(() => rerank(list, steps)).toThrow(/popularity changes scores and must come before diversity/);
  });

  it('accounts for every candidate: before + added - removed = after, in every step', () => {
    const random = seededRandom(4);
    for (let round = 0; round < 30; round++) {
      const n = 3 + Math.floor(random() * 30);
      const items = Array.from({ length: n }, (_, i) => i);
      const many = rankCandidates(
        items,
        items.map(() => random()),
      );
      const groupOf = Uint32Array.from(items, () => Math.floor(random() * 4));
      const { list: last, reports } = rerank(many, [
        removeItems('stock', (item) => (item % 7 === 0 ? { code: 'out_of_stock' } : undefined)),
        lessPopular(
          Float64Array.from(items, () => random() * 100),
          0.3,
        ),
        boostBySignal(
          'margin',
          Float64Array.from(items, () => random() * 2 - 1),
          0.5,
        ),
        spreadAlike({
          method: 'dpp',
          count: 10,
          relevanceWeight: 0.7,
          similarity: (left) => groupSimilarity(Uint32Array.from(left, (i) => groupOf[i])),
        }),
        calibrateGroups({ count: 10, groupOf, target: [0.25, 0.25, 0.25, 0.25], strength: 0.3 }),
        ensureShares({ slots: 10, groupOf, minimumShares: new Map([[2, 0.2]]) }),
        capPerGroup('category_cap', { groupOf, cap: 3 }),
        pinItems([{ item: 1, position: 2 }], () => true),
      ]);
      for (const report of reports) {
        expect(report.candidatesBefore + report.added.length - report.removed.length).toBe(report.candidatesAfter);
      }
      expect(new Set(last.item).size).toBe(last.item.length);
      expect(last.item[Math.min(2, last.item.length - 1)]).toBe(1);
    }
  });

  it('changes nothing without steps', () => {
    expect(rerank(list, [])).toEqual({ list, reports: [] });
  });
});

describe('rules for what was bought', () => {
  const daysSince = new Map([
    [10, 5],
    [12, 40],
  ]);

  it('never shows it again, or only after a pause', () => {
    expect(itemsAfter([ruleBought({ daysSince, rule: { kind: 'never' } })])).toEqual([11, 13, 14]);
    expect(itemsAfter([ruleBought({ daysSince, rule: { kind: 'pause', days: 30 } })])).toEqual([11, 12, 13, 14]);
  });

  it('holds back what lasts still and lifts what has run out', () => {
    const cycles = monthlyCycles();
    const rule = { kind: 'when-due', cycles, dueBoost: 1 } as const;
    const { list: left, reports } = rerank(list, [
      ruleBought({
        daysSince: new Map([
          [10, 5],
          [12, 30],
        ]),
        rule,
      }),
    ]);
    expect([...left.item]).toEqual([12, 11, 13, 14]); // 0.7 · 2 is the most
    expect(reports[0].removed[0].because).toMatchObject({ code: 'bought_too_soon', values: { daysSince: 5 } });
    expect(reports[0].moved[0].because).toMatchObject({ code: 'due_again', values: { daysSince: 30 } });
  });

  it('takes out for good what people buy once', () => {
    const cycles = monthlyCycles();
    const rule = { kind: 'when-due', cycles, dueBoost: 1 } as const;
    expect(itemsAfter([ruleBought({ daysSince: new Map([[14, 400]]), rule })])).toEqual([10, 11, 12, 13]);
  });

  /** Items 10 to 13 come back after about 30 days, item 14 never. */
  function monthlyCycles() {
    const rows = [10, 11, 12, 13].flatMap((item) =>
      Array.from({ length: 40 }, (_, profile) => [
        { profile, item, day: 0 },
        { profile, item, day: 24 + (profile % 13) },
      ]).flat(),
    );
    const once = Array.from({ length: 40 }, (_, profile) => ({ profile, item: 14, day: 3 }));
    const all = [...rows, ...once];
    return fitRepurchaseCycles(
      { profile: all.map((r) => r.profile), item: all.map((r) => r.item), day: all.map((r) => r.day) },
      { items: 20, groupOf: Uint32Array.from({ length: 20 }, (_, item) => (item === 14 ? 1 : 0)) },
    );
  }
});

describe('pins', () => {
  it('stand where they were put, also when they were no candidates', () => {
    const pins = [
      { item: 14, position: 0 },
      { item: 19, position: 2 },
    ];
    expect(itemsAfter([pinItems(pins, () => true)])).toEqual([14, 10, 19, 11, 12, 13]);
  });

  it('do not bring in what must not be shown', () => {
    expect(itemsAfter([pinItems([{ item: 19, position: 0 }], (item) => item !== 19)])).toEqual([10, 11, 12, 13, 14]);
  });

  it('cannot share a place', () => {
    const pins = [
      { item: 14, position: 0 },
      { item: 13, position: 0 },
    ];
    expect(() => itemsAfter([pinItems(pins, () => true)])).toThrow(/same position/);
  });
});

it('candidates need finite scores and may not come twice', () => {
  expect(() => rankCandidates([1, 2], [1, Number.NaN])).toThrow(/item 2 must be a finite number/);
  expect(() => rankCandidates([1, 1], [1, 2])).toThrow(/item 1 comes twice/);
  expect([...takeFirst(list, 2).item]).toEqual([10, 11]);
});
