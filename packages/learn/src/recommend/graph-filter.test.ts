import { openReferenceKernels } from '@zhiyin/kernels';
import { describe, expect, it } from 'vitest';
import { symmetricEigen } from '../numerics/symmetric-eigen.ts';
import { type GraphFilter, gfCfOptions, graphFilter, sharpenedOptions } from './graph-filter.ts';
import { buildInteractions, historyOf, type Interactions } from './interactions.ts';
import { simulateTastes } from './simulate-tastes.fixture.ts';
import { topK } from './top-k.ts';

const tools = { kernels: openReferenceKernels(), seed: 2 };
const { interactions, tasteOf, groupOf } = simulateTastes({ users: 80, items: 36, groups: 3, perUser: 8, seed: 5 });
const small = { factors: 4, spaceFactor: 9 };
const model = graphFilter.fit({ interactions }, { ...gfCfOptions, ...small }, tools);

describe('graph filters', () => {
  it('score by the formula of GF-CF, worked out with dense matrices', () => {
    expectScores(model, (history) => denseGfCf(interactions, history, 4, () => 0.3));
  });

  it('score by the formula of a sharpened filter', () => {
    const sharpened = graphFilter.fit({ interactions }, { ...sharpenedOptions, ...small }, tools);
    const gain = (value: number) => 0.3 * (1 - 0.6 * value) - 0.6 * value * value;
    expectScores(sharpened, (history) => denseGfCf(interactions, history, 4, gain));
  });

  it('are the pass over the graph alone where no factors are asked for', () => {
    const pass = graphFilter.fit({ interactions }, { ...gfCfOptions, factors: 0 }, tools);
    expectScores(pass, (history) => denseGfCf(interactions, history, 0, () => 0));
  });

  it('find the group somebody belongs to', () => {
    let right = 0;
    for (let user = 0; user < interactions.users; user++) {
      const best = topK(scoresOf(model, historyOf({ interactions }, user)), 4);
      right += [...best].filter((item) => groupOf[item] === tasteOf[user]).length / 4;
    }
    expect(right / interactions.users).toBeGreaterThan(0.9);
    expect([...(graphFilter.similar?.(model, 0, 3).item ?? [])].map((item) => groupOf[item])).toEqual([0, 0, 0]);
  });

  it('add up: two histories together score as the sum of both, and twice the weight counts twice', () => {
    const one = scoresOf(model, { item: [0, 3], weight: [1, 1] });
    const other = scoresOf(model, { item: [7], weight: [2] });
    const both = scoresOf(model, { item: [0, 3, 7], weight: [1, 1, 2] });
    both.forEach((score, item) => {
      expect(score).toBeCloseTo(one[item] + other[item], 5);
    });
  });

  it('explain a score by shares that add up to it', () => {
    const history = historyOf({ interactions }, 9);
    const scores = scoresOf(model, history);
    for (const item of topK(scores, 3)) {
      const shares = graphFilter.explain?.(model, history, item) ?? [];
      expect(shares.reduce((sum, entry) => sum + entry.share, 0)).toBeCloseTo(scores[item], 5);
      expect(shares.length).toBe(history.item.length);
    }
  });

  it('score many as they score one', () => {
    for (const fitted of [model, graphFilter.fit({ interactions }, { factors: 0 }, tools)]) {
      const histories = [0, 1, 2].map((user) => historyOf({ interactions }, user));
      const all = new Float32Array(3 * fitted.items);
      graphFilter.scoreManyInto?.(fitted, histories, all, tools.kernels);
      histories.forEach((history, row) => {
        scoresOf(fitted, history).forEach((score, item) => {
          expect(all[row * fitted.items + item]).toBeCloseTo(score, 5);
        });
      });
    }
  });

  it('are the same for the same seed', () => {
    expect(graphFilter.fit({ interactions }, { ...gfCfOptions, ...small }, tools)).toEqual(model);
  });

  it('survive one person, one item, nothing at all, an item nobody has, and odd histories', () => {
    for (const tiny of [
      buildInteractions(1, 1, { user: [0], item: [0] }),
      buildInteractions(2, 2, { user: [], item: [] }),
      buildInteractions(3, 3, { user: [0, 1, 2], item: [1, 1, 1] }),
    ]) {
      const fitted = graphFilter.fit({ interactions: tiny }, {}, tools);
      const odd = { item: [0, 0, 99, -1, 1], weight: [1, Number.NaN, 1, 1, -2] };
      expect(scoresOf(fitted, odd).every(Number.isFinite)).toBe(true);
      expect(scoresOf(fitted, { item: [], weight: [] }).every((score) => score === 0)).toBe(true);
    }
  });

  it('name a weight or an option that makes no sense', () => {
    const not = { ...interactions, weightOf: interactions.weightOf.map(() => Number.NaN) };
    expect(() => graphFilter.fit({ interactions: not }, {}, tools)).toThrow(/entry 0 is NaN/);
    expect(() => graphFilter.fit({ interactions }, { factors: 1.5 }, tools)).toThrow(/factors must be 0 or a positive/);
    expect(() => graphFilter.fit({ interactions }, { lowPass: Number.NaN }, tools)).toThrow(/lowPass must be a finite/);
  });
});

type History = { readonly item: ArrayLike<number>; readonly weight: ArrayLike<number> };

function scoresOf(fitted: GraphFilter, history: History): Float32Array {
  const scores = new Float32Array(fitted.items);
  graphFilter.scoreInto(fitted, history, scores);
  return scores;
}

function expectScores(fitted: GraphFilter, expectedOf: (history: History) => Float64Array): void {
  for (const history of [historyOf({ interactions }, 0), { item: [2, 30], weight: [1, 3] }]) {
    const expected = expectedOf(history);
    scoresOf(fitted, history).forEach((score, item) => {
      expect(score).toBeCloseTo(expected[item], 4);
    });
  }
}

/** r R̃ᵀR̃ + r D^-½ V g(σ²) Vᵀ D^½ with R̃ = D_U^-½ R D_I^-½. */
function denseGfCf(
  matrix: Interactions,
  history: History,
  factors: number,
  gain: (squaredValue: number) => number,
): Float64Array {
  const { users, items } = matrix;
  const taken = Array.from({ length: users }, (_, user) => {
    const row = new Float64Array(items);
    for (let at = matrix.offsets[user]; at < matrix.offsets[user + 1]; at++) row[matrix.itemOf[at]] = 1;
    return row;
  });
  const degree = Array.from({ length: items }, (_, item) => taken.reduce((sum, row) => sum + row[item], 0));
  const product = new Float64Array(items * items);
  for (const row of taken) {
    const count = row.reduce((a, b) => a + b, 0);
    for (let i = 0; i < items; i++) {
      for (let j = 0; j < items; j++) {
        if (row[i] * row[j] > 0) product[i * items + j] += 1 / count / Math.sqrt(degree[i] * degree[j]);
      }
    }
  }
  const { values, vectors } = symmetricEigen(product, items);
  const scores = new Float64Array(items);
  for (let h = 0; h < history.item.length; h++) {
    const from = history.item[h];
    for (let to = 0; to < items; to++) {
      let low = 0;
      for (let f = 0; f < factors; f++) low += gain(values[f]) * vectors[f * items + from] * vectors[f * items + to];
      const scale = Math.sqrt(degree[to] / degree[from]);
      scores[to] += history.weight[h] * (product[from * items + to] + scale * low);
    }
  }
  return scores;
}
