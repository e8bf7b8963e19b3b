import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Kernels, openKernels, openReferenceKernels } from '@zhiyin/kernels';
import { afterAll, describe, expect, it } from 'vitest';
import { invertPositiveDefinite } from '../numerics/invert-positive-definite.ts';
import { type Ease, ease, fitEase } from './ease.ts';
import { updateEase } from './ease-update.ts';
import { buildInteractions, historyOf, type Interactions } from './interactions.ts';
import type { ItemContent } from './recommender.ts';
import { simulateTastes } from './simulate-tastes.fixture.ts';
import { topK } from './top-k.ts';

const kernels = openReferenceKernels();
const tools = { kernels, seed: 1 };
const { interactions, groupOf } = simulateTastes({ users: 90, items: 40, groups: 4, perUser: 9, seed: 3 });
const options = { lambda: 5, keepInverse: true } as const;
const model = fitEase({ interactions }, options, tools);

describe('weights of items in closed form', () => {
  it('are those of the formula: minus the inverse over its diagonal, nothing on the diagonal', () => {
    const gram = gramOf(interactions);
    for (let item = 0; item < 40; item++) gram[item * 41] += 5;
    const inverse = invertPositiveDefinite(gram, 40);
    const weights = denseWeights(model);
    for (let i = 0; i < 40; i++) {
      for (let j = 0; j < 40; j++) {
        const expected = i === j ? 0 : -(inverse?.[i * 40 + j] ?? 0) / (inverse?.[j * 41] ?? 0);
        expect(weights[i * 40 + j]).toBeCloseTo(expected, 5);
      }
    }
  });

  it('solve, for each item, a ridge regression on all others', () => {
    // Normal equations: Σ_j (XᵀX)_ij B_jt + lambda B_it = (XᵀX)_it for all i ≠ t.
    const gram = gramOf(interactions);
    const weights = denseWeights(model);
    for (const target of [0, 7, 39]) {
      for (let i = 0; i < 40; i++) {
        if (i === target) continue;
        let left = 5 * weights[i * 40 + target];
        for (let j = 0; j < 40; j++) left += gram[i * 40 + j] * weights[j * 40 + target];
        expect(left).toBeCloseTo(gram[i * 40 + target], 3);
      }
    }
  });

  it('rank the items of a person’s taste first, and explain scores by shares that add up to them', () => {
    const history = historyOf({ interactions }, 4);
    const scores = new Float32Array(40);
    ease.scoreInto(model, history, scores);
    for (const item of topK(scores, 3)) {
      const shares = ease.explain?.(model, history, item) ?? [];
      expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(scores[item], 5);
    }
  });

  it('name items of the same group as similar, by a correlation that is the same both ways', () => {
    const similar = ease.similar?.(model, 0, 3);
    expect([...(similar?.item ?? [])].map((item) => groupOf[item])).toEqual([0, 0, 0]);
    const [first] = similar?.item ?? [];
    const back = ease.similar?.(model, first, 40);
    const at = back?.item.indexOf(0) ?? -1;
    expect(back?.score[at]).toBeCloseTo(similar?.score[0] ?? 0, 5);
  });

  it('with exponents are those between discounted columns, scaled back', () => {
    const discounted = fitEase({ interactions }, { lambda: 5, personExponent: 0.7, itemExponent: 0.25 }, tools);
    const [people, items] = [countsOf(interactions, 'people'), countsOf(interactions, 'items')];
    const weightOf = interactions.weightOf.map(
      (_, at) => people[userOf(interactions, at)] ** -0.35 * items[interactions.itemOf[at]] ** -0.25,
    );
    const left = weightOf.reduce((sum, weight) => sum + weight ** 2, 0) / weightOf.length;
    const within = denseWeights(fitEase({ interactions: { ...interactions, weightOf } }, { lambda: 5 * left }, tools));
    denseWeights(discounted).forEach((weight, at) => {
      const [from, to] = [Math.floor(at / 40), at % 40];
      expect(weight).toBeCloseTo((within[at] * items[from] ** -0.25) / (items[to] ** -0.25 || 1), 4);
    });
    expect(() => updateEase(discounted, {}, tools)).toThrow('no inverse');
  });

  it('say nothing of items nobody had', () => {
    const some = buildInteractions(3, 4, { user: [0, 0, 1, 1, 2], item: [0, 1, 0, 1, 3] });
    const scores = new Float32Array(4);
    ease.scoreInto(fitEase({ interactions: some }, {}, tools), { item: [0], weight: [1] }, scores);
    expect(scores[2]).toBe(Number.NEGATIVE_INFINITY);
    expect(scores[1]).toBeGreaterThan(0);
  });

  it('give items nobody had a place by their content', () => {
    const some = buildInteractions(4, 4, { user: [0, 0, 1, 1, 2, 3], item: [0, 1, 0, 1, 3, 3] });
    const content: ItemContent = {
      items: 4,
      features: 2,
      offsets: Uint32Array.of(0, 1, 2, 3, 4),
      featureOf: Uint32Array.of(0, 1, 0, 1),
      weightOf: Float32Array.of(1, 1, 1, 1),
      names: ['category:tea', 'category:cups'],
    };
    const fitted = fitEase({ interactions: some, content }, { lambda: 1, contentWeight: 2 }, tools);
    const scores = new Float32Array(4);
    ease.scoreInto(fitted, { item: [0], weight: [1] }, scores);
    expect(scores[2]).toBeGreaterThan(scores[3]);
    expect(scores[2]).toBeGreaterThan(0);
    expect(() => fitEase({ interactions, content }, { contentWeight: 1 }, tools)).toThrow(
      'fitEase: content describes 4 items, interactions have 40',
    );
  });

  it('lean less on popular items under dropout, as the formula says', () => {
    const p = 0.4;
    const fitted = fitEase({ interactions }, { lambda: 5, dropout: p }, tools);
    const gram = gramOf(interactions);
    for (let item = 0; item < 40; item++) gram[item * 41] += 5 + (p / (1 - p)) * gram[item * 41];
    const inverse = invertPositiveDefinite(gram, 40);
    expect(denseWeights(fitted)[3]).toBeCloseTo(-(inverse?.[3] ?? 0) / (inverse?.[3 * 41] ?? 0), 5);
  });

  it('keep the strongest where not all are kept', () => {
    const few = denseWeights(fitEase({ interactions }, { lambda: 5, linksMax: 6 }, tools));
    const all = denseWeights(model);
    for (const target of [0, 11]) {
      const strengths = Float32Array.from({ length: 40 }, (_, i) => Math.abs(all[i * 40 + target]));
      const kept = [...few.keys()].filter((at) => at % 40 === target && few[at] !== 0).map((at) => (at - target) / 40);
      expect(kept.sort()).toEqual([...topK(strengths, 6)].sort());
    }
  });

  it('survive one item, and nothing at all', () => {
    const scores = new Float32Array(1);
    const one = fitEase({ interactions: buildInteractions(1, 1, { user: [0], item: [0] }) }, {}, tools);
    ease.scoreInto(one, { item: [0], weight: [1] }, scores);
    expect(scores[0]).toBe(0);
    const none = fitEase({ interactions: buildInteractions(0, 0, { user: [], item: [] }) }, {}, tools);
    expect(none.items).toBe(0);
  });

  it('refuse options that mean nothing, and more items than fit', () => {
    expect(() => fitEase({ interactions }, { lambda: 0 }, tools)).toThrow('fitEase: lambda must be positive, got 0');
    expect(() => fitEase({ interactions }, { dropout: 1 }, tools)).toThrow('fitEase: dropout must be in [0, 1), got 1');
    const many = buildInteractions(1, 40_000, { user: [0], item: [0] });
    expect(() => fitEase({ interactions: many }, {}, tools)).toThrow(/40000 items are too many .* at most 30000/);
  });
});

describe('keeping the weights up to date', () => {
  const [early, late] = [firstUsers(interactions, 0, 80), firstUsers(interactions, 80, 90)];

  it('is fitting anew: with people added, and with them taken away again', () => {
    const start = fitEase({ interactions: early }, options, tools);
    const grown = updateEase(start, { added: late }, tools);
    same(grown, model);
    same(updateEase(grown, { removed: late }, tools), start);
  });

  it('exchanges what somebody had for what they have', () => {
    const [before, after] = [firstUsers(interactions, 3, 4), firstUsers(interactions, 5, 6)];
    const twice = updateEase(model, { added: after, removed: before }, tools);
    same(updateEase(twice, { added: before, removed: after }, tools), model);
  });

  it('refuses what it cannot do', () => {
    const bare = fitEase({ interactions }, { lambda: 5 }, tools);
    expect(() => updateEase(bare, { added: late }, tools)).toThrow('fit it with keepInverse');
    const noisy = fitEase({ interactions }, { ...options, dropout: 0.1 }, tools);
    expect(() => updateEase(noisy, { added: late }, tools)).toThrow('dropout cannot be updated');
    const strangers = buildInteractions(60, 40, {
      user: Array.from({ length: 120 }, (_, i) => i >> 1),
      item: Array.from({ length: 120 }, (_, i) => 38 + (i & 1)),
    });
    expect(() => updateEase(model, { removed: strangers }, tools)).toThrow('must be rows the model was fitted with');
  });
});

const ml1m = path.resolve(import.meta.dirname, '../../../../../shared/data/recommend/ml1m');

describe.skipIf(!existsSync(ml1m))('on MovieLens-1M (skipped: data not present)', () => {
  const wasm = openKernels({ threads: 2 });
  afterAll(() => wasm.close());

  it('ranks as published figures of the method do: recall@20 .2759, ndcg@20 .2660', () => {
    const [train, test] = ['train', 'test'].map((part) => readAdjacency(path.join(ml1m, `${part}.txt.gz`)));
    const fitted = fitEase({ interactions: train }, { lambda: 500, linksMax: train.items }, { kernels: wasm });
    const { recall, ndcg } = judge(wasm, fitted, train, test);
    expect(Math.abs(recall - 0.2759)).toBeLessThan(0.001);
    expect(Math.abs(ndcg - 0.266)).toBeLessThan(0.001);
  }, 60_000);
});

function gramOf({ users, items, offsets, itemOf, weightOf }: Interactions): Float64Array {
  const gram = new Float64Array(items * items);
  for (let user = 0; user < users; user++) {
    for (let a = offsets[user]; a < offsets[user + 1]; a++) {
      for (let b = offsets[user]; b < offsets[user + 1]; b++) {
        gram[itemOf[a] * items + itemOf[b]] += weightOf[a] * weightOf[b];
      }
    }
  }
  return gram;
}

function countsOf(matrix: Interactions, of: 'people' | 'items'): Float64Array {
  const counts = new Float64Array(of === 'people' ? matrix.users : matrix.items);
  matrix.itemOf.forEach((item, at) => {
    counts[of === 'people' ? userOf(matrix, at) : item]++;
  });
  return counts;
}

function userOf({ offsets }: Interactions, entry: number): number {
  return offsets.findIndex((offset) => offset > entry) - 1;
}

function denseWeights({ items, offsets, itemOf, weightOf }: Ease): Float32Array {
  const dense = new Float32Array(items * items);
  for (let row = 0; row < items; row++) {
    for (let at = offsets[row]; at < offsets[row + 1]; at++) dense[row * items + itemOf[at]] = weightOf[at];
  }
  return dense;
}

function firstUsers({ items, offsets, itemOf, weightOf }: Interactions, from: number, to: number): Interactions {
  const [start, end] = [offsets[from], offsets[to]];
  return {
    users: to - from,
    items,
    offsets: offsets.slice(from, to + 1).map((offset) => offset - start),
    itemOf: itemOf.slice(start, end),
    weightOf: weightOf.slice(start, end),
  };
}

function same(one: Ease, other: Ease): void {
  const [a, b] = [denseWeights(one), denseWeights(other)];
  expect(Math.max(...a.map((weight, at) => Math.abs(weight - b[at])))).toBeLessThan(2e-4);
  one.support.forEach((support, item) => {
    expect(support).toBeCloseTo(other.support[item], 3);
  });
}

/** One line per person: the person, then the items. */
function readAdjacency(file: string): Interactions {
  const triples = { user: [] as number[], item: [] as number[] };
  for (const line of gunzipSync(readFileSync(file)).toString().trim().split('\n')) {
    const [user, ...items] = line.trim().split(/\s+/).map(Number);
    for (const item of items) {
      triples.user.push(user);
      triples.item.push(item);
    }
  }
  return buildInteractions(6040, 3260, triples);
}

/** Full ranking of what people do not have yet; recall and NDCG at 20 over people with anything held out. */
function judge(wasm: Kernels, fitted: Ease, train: Interactions, test: Interactions) {
  const { users, items, offsets, itemOf: columnOf, weightOf } = train;
  const matrix = { rows: users, columns: items, offsets, columnOf, weightOf };
  return wasm.scope(() => {
    const scores = wasm.float32(users * items);
    wasm.sparseTimesDense({ matrix, width: items, dense: denseWeights(fitted), c: scores });
    for (let user = 0; user < users; user++) {
      for (let at = offsets[user]; at < offsets[user + 1]; at++) {
        scores[user * items + columnOf[at]] = Number.NEGATIVE_INFINITY;
      }
    }
    const lists = wasm.topKRows({ rows: users, columns: items, scores, k: 20 });
    const sums = { recall: 0, ndcg: 0, people: 0 };
    for (let user = 0; user < users; user++) {
      const held = new Set(test.itemOf.subarray(test.offsets[user], test.offsets[user + 1]));
      if (held.size === 0) continue;
      const list = [...lists.column.subarray(user * 20, user * 20 + lists.count[user])];
      const gains = list.map((item, rank) => (held.has(item) ? 1 / Math.log2(rank + 2) : 0));
      const best = Array.from({ length: Math.min(20, held.size) }, (_, rank) => 1 / Math.log2(rank + 2));
      sums.recall += gains.filter((gain) => gain > 0).length / held.size;
      sums.ndcg += total(gains) / total(best);
      sums.people++;
    }
    return { recall: sums.recall / sums.people, ndcg: sums.ndcg / sums.people };
  });
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
