import { openReferenceKernels } from '@zhiyin/kernels';
import { describe, expect, it } from 'vitest';
import { symmetricEigen } from '../numerics/symmetric-eigen.ts';
import { type TurboCf, turboCf } from './graph-filter-turbo.ts';
import { buildInteractions, historyOf } from './interactions.ts';
import { simulateTastes } from './simulate-tastes.fixture.ts';
import { topK } from './top-k.ts';

const tools = { kernels: openReferenceKernels(), seed: 1 };
const { interactions, tasteOf, groupOf } = simulateTastes({ users: 50, items: 24, groups: 3, perUser: 7, seed: 8 });

describe('polynomial graph filters', () => {
  it('link two items by the formula', () => {
    // one person has both items: R̃ᵀR̃ = 2^-2α · 1 everywhere; item degrees are 1
    const pair = buildInteractions(1, 2, { user: [0, 0], item: [0, 1] });
    const model = turboCf.fit({ interactions: pair }, { alpha: 0.6, power: 0.7 }, tools);
    expect(scoresOf(model, [0])).toEqual([expect.closeTo(2 ** -0.84, 6), expect.closeTo(2 ** -0.84, 6)]);
    // its largest eigenvalue is twice that: over it all entries are ½, and 2 · ½ − (½ · ½ + ½ · ½) = ½
    const second = turboCf.fit({ interactions: pair }, { alpha: 0.6, power: 0.7, order: 2 }, tools);
    expect(scoresOf(second, [0])[1]).toBeCloseTo(0.5, 6);
  });

  it('of the second order are 2P − P² applied one after the other, where it is positive', () => {
    const [first, second] = ([1, 2] as const).map((order) =>
      turboCf.fit({ interactions }, { order, linksMax: 24 }, tools),
    );
    const dense = Array.from({ length: 24 }, (_, item) => scoresOf(first, [item]));
    const product = new Float64Array(24 * 24);
    dense.forEach((row, i) => {
      product.set(row, i * 24);
    });
    const largest = symmetricEigen(product, 24, 0).values[0];
    const once = dense[5].map((weight) => weight / largest);
    const linked = new Set(dense[5].flatMap((weight, item) => (weight > 0 ? [item] : [])));
    scoresOf(second, [5]).forEach((score, item) => {
      const twice = once.reduce((sum, weight, by) => sum + (weight * dense[by][item]) / largest, 0);
      if (linked.has(item)) expect(score).toBeCloseTo(2 * once[item] - twice, 3);
    });
  });

  it('find the group somebody belongs to and explain themselves', () => {
    const model = turboCf.fit({ interactions }, {}, tools);
    let right = 0;
    for (let user = 0; user < interactions.users; user++) {
      const scores = new Float32Array(model.items);
      turboCf.scoreInto(model, historyOf({ interactions }, user), scores);
      right += groupOf[topK(scores, 1)[0]] === tasteOf[user] ? 1 : 0;
    }
    expect(right / interactions.users).toBeGreaterThan(0.9);
    const shares = turboCf.explain?.(model, { item: [0, 3], weight: [1, 1] }, 6) ?? [];
    expect(shares.reduce((sum, entry) => sum + entry.share, 0)).toBeCloseTo(scoresOf(model, [0, 3])[6], 6);
  });

  it('survive nothing at all and name an option that makes no sense', () => {
    const nothing = buildInteractions(1, 2, { user: [], item: [] });
    expect(scoresOf(turboCf.fit({ interactions: nothing }, { order: 2 }, tools), [0])).toEqual([0, 0]);
    expect(() => turboCf.fit({ interactions }, { power: 0 }, tools)).toThrow(/power must be above 0, got 0/);
  });
});

function scoresOf(model: TurboCf, item: number[]): number[] {
  const scores = new Float32Array(model.items);
  turboCf.scoreInto(model, { item, weight: item.map(() => 1) }, scores);
  return [...scores];
}
