import { openReferenceKernels } from '@zhiyin/kernels';
import { describe, expect, it } from 'vitest';
import { type Bpr, bpr } from './bpr.ts';
import { buildInteractions, historyOf } from './interactions.ts';
import { simulateTastes } from './simulate-tastes.fixture.ts';
import { topK } from './top-k.ts';

const tools = { kernels: openReferenceKernels(), seed: 4 };
const { interactions, tasteOf, groupOf } = simulateTastes({ users: 120, items: 36, groups: 3, perUser: 8, seed: 6 });
const options = { factors: 8, epochs: 40, learningRate: 0.1 };
const model = bpr.fit({ interactions }, options, tools);

describe('Bayesian personalised ranking', () => {
  it('ranks what a person has above what they have not, nine times in ten', () => {
    let [right, pairs] = [0, 0];
    for (let user = 0; user < interactions.users; user++) {
      const history = historyOf({ interactions }, user);
      const scores = scoresOf(model, history);
      const taken = new Set(Array.from(history.item));
      for (const item of taken) {
        for (let other = 0; other < interactions.items; other++) {
          if (taken.has(other)) continue;
          pairs++;
          right += scores[item] > scores[other] ? 1 : 0;
        }
      }
    }
    expect(right / pairs).toBeGreaterThan(0.9);
  });

  it('finds the group somebody belongs to, newcomers included', () => {
    let right = 0;
    for (let user = 0; user < interactions.users; user++) {
      const best = topK(scoresOf(model, historyOf({ interactions }, user)), 3);
      right += [...best].filter((item) => groupOf[item] === tasteOf[user]).length / 3;
    }
    expect(right / interactions.users).toBeGreaterThan(0.85);
    const newcomer = topK(scoresOf(model, { item: [1, 4, 7, 10], weight: [1, 1, 1, 1] }), 3);
    expect([...newcomer].map((item) => groupOf[item])).toEqual([1, 1, 1]);
  });

  it('is the same for the same seed and history', () => {
    expect(bpr.fit({ interactions }, options, tools)).toEqual(model);
    const history = { item: [3, 9], weight: [1, 1] };
    expect(scoresOf(model, history)).toEqual(scoresOf(model, history));
  });

  it('survives one person, one item, people who have everything, and odd histories', () => {
    for (const tiny of [
      buildInteractions(1, 1, { user: [0], item: [0] }),
      buildInteractions(1, 2, { user: [0, 0], item: [0, 1] }),
      buildInteractions(2, 2, { user: [], item: [] }),
    ]) {
      const fitted = bpr.fit({ interactions: tiny }, { factors: 2, epochs: 2 }, tools);
      const odd = { item: [0, 0, 99, -1], weight: [1, Number.NaN, 1, 1] };
      expect(scoresOf(fitted, odd).every(Number.isFinite)).toBe(true);
    }
  });

  it('names an option that makes no sense', () => {
    expect(() => bpr.fit({ interactions }, { epochs: 0 }, tools)).toThrow(/epochs must be a positive integer, got 0/);
    expect(() => bpr.fit({ interactions }, { learningRate: -1 }, tools)).toThrow(/learningRate must be above 0/);
  });
});

function scoresOf(fitted: Bpr, history: { item: ArrayLike<number>; weight: ArrayLike<number> }): Float32Array {
  const scores = new Float32Array(fitted.items);
  bpr.scoreInto(fitted, history, scores);
  return scores;
}
