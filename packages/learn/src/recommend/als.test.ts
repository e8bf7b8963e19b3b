import { openReferenceKernels } from '@zhiyin/kernels';
import { describe, expect, it } from 'vitest';
import { type Als, als, updateAls } from './als.ts';
import { buildInteractions, historyOf, type Interactions } from './interactions.ts';
import type { ItemContent } from './recommender.ts';
import { simulateTastes } from './simulate-tastes.fixture.ts';
import { topK } from './top-k.ts';

const kernels = openReferenceKernels();
const tools = { kernels, seed: 7 };
const { interactions, tasteOf, groupOf } = simulateTastes({ users: 60, items: 40, groups: 4, perUser: 9, seed: 3 });
const options = { factors: 6, iterations: 6, unobservedWeight: 0.2, regularisation: 0.05 } as const;
const model = als.fit({ interactions }, options, tools);

describe('alternating least squares', () => {
  it('leaves every item where its least-squares problem is solved', () => {
    const exact = als.fit({ interactions }, { ...options, solver: 'exact' }, tools);
    for (let item = 0; item < exact.items; item++) expect(gradientAtItem(exact, interactions, item)).toBeLessThan(1e-4);
  });

  it('lowers the loss with every iteration', () => {
    const losses = [1, 2, 3, 4, 6].map((iterations) =>
      lossOf(als.fit({ interactions }, { ...options, iterations, solver: 'exact' }, tools), interactions),
    );
    for (let at = 1; at < losses.length; at++) expect(losses[at]).toBeLessThanOrEqual(losses[at - 1] * (1 + 1e-6));
  });

  it('comes as far with a few conjugate gradients as with exact solutions', () => {
    const many = { ...options, iterations: 15 };
    const exact = lossOf(als.fit({ interactions }, { ...many, solver: 'exact' }, tools), interactions);
    expect(lossOf(als.fit({ interactions }, many, tools), interactions) / exact).toBeCloseTo(1, 1);
  });

  it('finds the group somebody belongs to', () => {
    const scores = new Float32Array(model.items);
    let right = 0;
    for (let user = 0; user < interactions.users; user++) {
      als.scoreInto(model, historyOf({ interactions }, user), scores);
      right += [...topK(scores, 4)].filter((item) => groupOf[item] === tasteOf[user]).length / 4;
    }
    expect(right / interactions.users).toBeGreaterThan(0.9);
  });

  it('scores a newcomer by the solution of their own problem', () => {
    const history = { item: [0, 4, 9], weight: [1, 2, 1] };
    const scores = new Float32Array(model.items);
    als.scoreInto(model, history, scores);
    const person = solveDense(personSystem(model, history), personSide(model, history));
    for (let item = 0; item < model.items; item++) {
      expect(scores[item]).toBeCloseTo(dot(rowOf(model.itemFactors, item, 6), person), 4);
    }
  });

  it('explains a score by shares that add up to it', () => {
    const history = historyOf({ interactions }, 5);
    const scores = new Float32Array(model.items);
    als.scoreInto(model, history, scores);
    const item = topK(scores, 1)[0];
    const shares = als.explain?.(model, history, item) ?? [];
    expect(shares.map((entry) => entry.item).sort()).toEqual([...(history.item as Uint32Array)].sort());
    expect(shares.reduce((sum, entry) => sum + entry.share, 0)).toBeCloseTo(scores[item], 5);
  });

  it('scores many as it scores one', () => {
    const histories = [0, 1, 2].map((user) => historyOf({ interactions }, user));
    const all = new Float32Array(3 * model.items);
    als.scoreManyInto?.(model, histories, all, kernels);
    histories.forEach((history, row) => {
      const one = new Float32Array(model.items);
      als.scoreInto(model, history, one);
      one.forEach((score, item) => {
        expect(all[row * model.items + item]).toBeCloseTo(score, 4);
      });
    });
  });

  it('ranks many as it scores them', () => {
    const histories = [0, 1, 2].map((user) => historyOf({ interactions }, user));
    const exclude = { offsets: Uint32Array.of(0, 0, 0, 1), columnOf: Uint32Array.of(5) };
    const lists = als.rankMany?.(model, histories, { k: 40, exclude }, kernels);
    histories.forEach((history, row) => {
      const scores = new Float32Array(model.items);
      als.scoreInto(model, history, scores);
      if (row === 2) scores[5] = Number.NEGATIVE_INFINITY;
      expect(lists?.column[row * 40]).toBe(topK(scores, 1)[0]);
      expect(lists?.count[row]).toBe(row === 2 ? 39 : 40);
    });
  });

  it('with people discounted solves every item’s problem weighted by person', () => {
    const exact = als.fit({ interactions }, { ...options, personExponent: 0.5, solver: 'exact' }, tools);
    const counts = Float64Array.from(
      { length: 60 },
      (_, user) => interactions.offsets[user + 1] - interactions.offsets[user],
    );
    const raw = counts.map((count) => count ** -0.5);
    const mean = counts.reduce((sum, count, user) => sum + count * raw[user], 0) / interactions.itemOf.length;
    const weightOf = (user: number) => raw[user] / mean;
    for (const item of [0, 7, 39]) expect(gradientAtItem(exact, interactions, item, weightOf)).toBeLessThan(1e-4);
    expect(gradientAtItem(exact, interactions, 0)).toBeGreaterThan(1e-3);
  });

  it('names items of the same group as similar', () => {
    const similar = als.similar?.(model, 0, 3);
    expect([...(similar?.item ?? [])].map((item) => groupOf[item])).toEqual([0, 0, 0]);
  });

  it('gives the same model for the same seed and another for another', () => {
    expect(als.fit({ interactions }, options, tools)).toEqual(model);
    expect(als.fit({ interactions }, options, { kernels, seed: 8 }).itemFactors).not.toEqual(model.itemFactors);
  });

  it('tells how far it is and stops when told to', () => {
    const seen: number[] = [];
    als.fit({ interactions }, options, { ...tools, progress: (done) => seen.push(done) });
    expect(seen.at(-1)).toBe(1);
    const stop = () => {
      throw new Error('cancelled');
    };
    expect(() => als.fit({ interactions }, options, { ...tools, progress: stop })).toThrow('cancelled');
  });
});

describe('keeping factors up to date', () => {
  it('solves touched rows and newcomers, and leaves the others', () => {
    const later = grown(interactions, { user: [60, 60, 3], item: [0, 40, 40] });
    const updated = updateAls(model, { interactions: later, touchedUsers: [3], touchedItems: [40] }, kernels);
    expect([updated.users, updated.items]).toEqual([61, 41]);
    expect(gradientAtItem(updated, later, 40)).toBeLessThan(1e-4);
    expect(updated.itemFactors.subarray(0, 40 * 6)).toEqual(model.itemFactors);
    expect(updated.userFactors.subarray(4 * 6, 60 * 6)).toEqual(model.userFactors.subarray(4 * 6));
    expect(updated.userFactors.subarray(3 * 6, 4 * 6)).not.toEqual(model.userFactors.subarray(3 * 6, 4 * 6));
  });

  it('refuses interactions that lack people of the model', () => {
    const fewer = buildInteractions(2, 40, { user: [0], item: [0] });
    expect(() => updateAls(model, { interactions: fewer, touchedUsers: [], touchedItems: [] }, kernels)).toThrow(
      /knows 60 people and 40 items, got 2 × 40/,
    );
  });
});

describe('factors from content', () => {
  it('recommends an item nobody has had to those who like its kind', () => {
    const withNew = grown(interactions, { user: [], item: [] }, 61, 44); // items 40 to 43: one new one per group
    const content = oneFeaturePerGroup(44);
    const fitted = als.fit({ interactions: withNew, content }, { ...options, useContent: true }, tools);
    const scores = new Float32Array(44);
    let right = 0;
    for (let user = 0; user < 60; user++) {
      als.scoreInto(fitted, historyOf({ interactions: withNew }, user), scores);
      right += topK(scores.subarray(40, 44), 1)[0] === tasteOf[user] ? 1 : 0;
    }
    expect(right / 60).toBeGreaterThan(0.9);
  });

  it('refuses content of another number of items', () => {
    const fit = () =>
      als.fit({ interactions, content: oneFeaturePerGroup(3) }, { ...options, useContent: true }, tools);
    expect(fit).toThrow(/content has 3 items, the interactions have 40/);
  });
});

describe('what goes wrong', () => {
  it('scores nothing but numbers with one person, one item, nothing at all, and odd histories', () => {
    const nothing = buildInteractions(2, 3, { user: [], item: [] });
    for (const tiny of [buildInteractions(1, 1, { user: [0], item: [0] }), nothing]) {
      const small = als.fit({ interactions: tiny }, { factors: 4, iterations: 3 }, tools);
      const scores = new Float32Array(tiny.items);
      for (const history of [
        { item: [], weight: [] },
        { item: [0, 0], weight: [1, 1] },
        { item: [0, 99, -1], weight: [Number.NaN, 1, 1] },
        { item: [0], weight: [-3] },
      ]) {
        als.scoreInto(small, history, scores);
        expect(scores.every(Number.isFinite)).toBe(true);
      }
    }
  });

  it('names a weight or an option that makes no sense', () => {
    const negative = buildInteractions(1, 2, { user: [0, 0], item: [0, 1], value: [1, -2] });
    expect(() => als.fit({ interactions: negative }, {}, tools)).toThrow(/entry 1 is -2/);
    const not = { ...negative, weightOf: Float32Array.of(1, Number.NaN) };
    expect(() => als.fit({ interactions: not }, {}, tools)).toThrow(/entry 1 is NaN/);
    expect(() => als.fit({ interactions }, { factors: 0 }, tools)).toThrow(/factors must be a positive integer, got 0/);
    expect(() => als.fit({ interactions }, { regularisation: 0 }, tools)).toThrow(/regularisation must be above 0/);
  });
});

function lossOf(fitted: Als, matrix: Interactions): number {
  const { factors, users, items, unobservedWeight, regularisation } = fitted;
  const counts = new Float64Array(items);
  let loss = 0;
  for (let user = 0; user < users; user++) {
    const person = rowOf(fitted.userFactors, user, factors);
    const has = new Set(matrix.itemOf.subarray(matrix.offsets[user], matrix.offsets[user + 1]));
    for (let item = 0; item < items; item++) {
      const score = dot(person, rowOf(fitted.itemFactors, item, factors));
      loss += unobservedWeight * score ** 2 + (has.has(item) ? (1 - score) ** 2 : 0);
      if (has.has(item)) counts[item]++;
    }
    loss += regularisation * (has.size + unobservedWeight * items) * dot(person, person);
  }
  for (let item = 0; item < items; item++) {
    const row = rowOf(fitted.itemFactors, item, factors);
    loss += regularisation * (counts[item] + unobservedWeight * users) * dot(row, row);
  }
  return loss;
}

/** Length of the gradient of the loss in one item's factors. */
function gradientAtItem(fitted: Als, matrix: Interactions, item: number, weightOf = (_user: number) => 1): number {
  const { factors, users, unobservedWeight, regularisation } = fitted;
  const own = rowOf(fitted.itemFactors, item, factors);
  const gradient = new Float64Array(factors);
  let count = 0;
  for (let user = 0; user < users; user++) {
    const person = rowOf(fitted.userFactors, user, factors);
    const seen = matrix.itemOf.subarray(matrix.offsets[user], matrix.offsets[user + 1]).includes(item);
    const score = dot(person, own);
    for (let f = 0; f < factors; f++) {
      gradient[f] += weightOf(user) * (unobservedWeight * score + (seen ? score - 1 : 0)) * person[f];
    }
    count += seen ? 1 : 0;
  }
  for (let f = 0; f < factors; f++) gradient[f] += regularisation * (count + unobservedWeight * users) * own[f];
  return Math.hypot(...gradient);
}

type Dense = { item: number[]; weight: number[] };

function personSystem(
  { factors, items, itemFactors, unobservedWeight, regularisation }: Als,
  history: Dense,
): number[][] {
  const weights = Array.from({ length: items }, () => unobservedWeight);
  history.item.forEach((item, at) => {
    weights[item] += history.weight[at];
  });
  const strength = regularisation * (history.weight.reduce((a, b) => a + b, 0) + unobservedWeight * items);
  return Array.from({ length: factors }, (_, f) =>
    Array.from({ length: factors }, (_, g) =>
      weights.reduce(
        (sum, weight, item) => sum + weight * itemFactors[item * factors + f] * itemFactors[item * factors + g],
        f === g ? strength : 0,
      ),
    ),
  );
}

function personSide({ factors, itemFactors }: Als, history: Dense): number[] {
  return Array.from({ length: factors }, (_, f) =>
    history.item.reduce((sum, item, at) => sum + history.weight[at] * itemFactors[item * factors + f], 0),
  );
}

/** Gauss and Jordan without pivoting: the systems here are positive definite. */
function solveDense(system: number[][], side: number[]): number[] {
  const rows = system.map((row, at) => [...row, side[at]]);
  rows.forEach((pivot, at) => {
    const scale = pivot[at];
    pivot.forEach((value, column) => {
      pivot[column] = value / scale;
    });
    rows.forEach((row, other) => {
      if (other === at) return;
      const share = row[at];
      row.forEach((value, column) => {
        row[column] = value - share * pivot[column];
      });
    });
  });
  return rows.map((row) => row[side.length]);
}

function rowOf(matrix: Float32Array, row: number, width: number): Float32Array {
  return matrix.subarray(row * width, (row + 1) * width);
}

function dot(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let sum = 0;
  for (let f = 0; f < one.length; f++) sum += one[f] * other[f];
  return sum;
}

function grown(matrix: Interactions, more: { user: number[]; item: number[] }, users = 61, items = 41): Interactions {
  const userOf = Array.from({ length: matrix.users }, (_, user) =>
    Array.from({ length: matrix.offsets[user + 1] - matrix.offsets[user] }, () => user),
  ).flat();
  return buildInteractions(users, items, {
    user: [...userOf, ...more.user],
    item: [...matrix.itemOf, ...more.item],
  });
}

function oneFeaturePerGroup(items: number): ItemContent {
  return {
    items,
    features: 4,
    offsets: Uint32Array.from({ length: items + 1 }, (_, i) => i),
    featureOf: Uint32Array.from({ length: items }, (_, i) => i % 4),
    weightOf: new Float32Array(items).fill(1),
    names: ['kind:0', 'kind:1', 'kind:2', 'kind:3'],
  };
}
