import { openReferenceKernels } from '@zhiyin/kernels';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildInteractions, historyOf, type Interactions } from './interactions.ts';
import { rp3beta } from './rp3beta.ts';
import { topK } from './top-k.ts';
import { walkWeights } from './walk-weights.ts';

const tools = { kernels: openReferenceKernels(), seed: 1 };
/** Person 0 has items 0, 1; person 1 has 0, 1, 2; person 2 has 2. */
const taken = buildInteractions(3, 4, { user: [0, 0, 1, 1, 1, 2], item: [0, 1, 0, 1, 2, 2] });

describe('RP3beta', () => {
  it('gives the chances of the walk, worked out by hand', () => {
    // from 0: two people have it; person 0 has 2 items, person 1 has 3: 1/2 · 1/2 + 1/2 · 1/3 to item 1, 1/2 · 1/3 to item 2
    const model = rp3beta.fit({ interactions: taken }, { alpha: 1, beta: 0 }, tools);
    expect(scoresOf(model, [0])).toEqual([
      expect.closeTo(0, 6),
      expect.closeTo(5 / 12, 6),
      expect.closeTo(1 / 6, 6),
      0,
    ]);
  });

  it('discounts what many have by its number of people to the power of beta', () => {
    const plain = scoresOf(rp3beta.fit({ interactions: taken }, { alpha: 1, beta: 0 }, tools), [0]);
    const discounted = scoresOf(rp3beta.fit({ interactions: taken }, { alpha: 1, beta: 0.5 }, tools), [0]);
    expect(discounted[1]).toBeCloseTo(plain[1] / Math.sqrt(2), 6);
  });

  it('keeps the strongest links only', () => {
    const model = rp3beta.fit({ interactions: taken }, { alpha: 1, beta: 0, linksMax: 1 }, tools);
    expect([...model.itemOf.subarray(model.offsets[0], model.offsets[1])]).toEqual([1]);
  });

  it('explains a score by shares that add up to it, and names similar items', () => {
    const model = rp3beta.fit({ interactions: taken }, {}, tools);
    const history = historyOf({ interactions: taken }, 0);
    const shares = rp3beta.explain?.(model, history, 2) ?? [];
    expect(shares.reduce((sum, entry) => sum + entry.share, 0)).toBeCloseTo(scoresOf(model, [0, 1])[2], 6);
    expect(rp3beta.similar?.(model, 0, 2).item[0]).toBe(1);
  });

  it('survives one person, one item, nothing at all, and an item nobody has', () => {
    for (const tiny of [
      buildInteractions(1, 1, { user: [0], item: [0] }),
      buildInteractions(1, 1, { user: [], item: [] }),
      buildInteractions(2, 3, { user: [0, 1], item: [1, 1] }),
    ]) {
      const scores = scoresOf(rp3beta.fit({ interactions: tiny }, {}, tools), [0, 99]);
      expect(scores.every((score) => score === 0)).toBe(true);
    }
  });

  it('names a weight or an option that makes no sense', () => {
    const negative = { ...taken, weightOf: Float32Array.of(1, 1, -1, 1, 1, 1) };
    expect(() => rp3beta.fit({ interactions: negative }, {}, tools)).toThrow(/entry 2 is -1/);
    expect(() => rp3beta.fit({ interactions: taken }, { linksMax: 0 }, tools)).toThrow(/linksMax must be a positive/);
    expect(() => rp3beta.fit({ interactions: taken }, { beta: Number.NaN }, tools)).toThrow(/targetExponent must be/);
  });
});

describe('weights of walks over people', () => {
  const matrix = fc
    .array(fc.tuple(fc.nat(5), fc.nat(6), fc.integer({ min: 1, max: 3 })), { maxLength: 30 })
    .map((triples) =>
      buildInteractions(6, 7, {
        user: triples.map(([user]) => user),
        item: triples.map(([, item]) => item),
        value: triples.map(([, , value]) => value),
      }),
    );

  it('equal the product of three dense matrices, whichever side they are kept by', () => {
    fc.assert(
      fc.property(matrix, fc.constantFrom('source' as const, 'target' as const), (interactions, keepBy) => {
        const exponents = { sourceExponent: 0.5, personExponent: 0.7, targetExponent: 0.3 };
        const links = walkWeights(interactions, { ...exponents, linksMax: 7, keepBy, withItself: true }, tools);
        const expected = denseWalk(interactions, 0.5, 0.7, 0.3);
        for (let j = 0; j < 7; j++) {
          const row = new Float64Array(7);
          for (let at = links.offsets[j]; at < links.offsets[j + 1]; at++) row[links.itemOf[at]] = links.weightOf[at];
          for (let i = 0; i < 7; i++) expect(row[i]).toBeCloseTo(expected[j][i], 4);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('keep by target lets every item have the links that speak for it most', () => {
    const options = { sourceExponent: 1, personExponent: 1, targetExponent: 0, linksMax: 1, keepBy: 'target' } as const;
    const links = walkWeights(taken, options, tools);
    const sourcesOf = (item: number) => [...links.itemOf].filter((target) => target === item).length;
    expect([sourcesOf(0), sourcesOf(1), sourcesOf(2), sourcesOf(3)]).toEqual([1, 1, 1, 0]);
  });
});

function scoresOf(model: ReturnType<typeof rp3beta.fit>, item: number[]): number[] {
  const scores = new Float32Array(model.items);
  rp3beta.scoreInto(model, { item, weight: item.map(() => 1) }, scores);
  expect(topK(scores, 1).length).toBeLessThanOrEqual(1);
  return [...scores];
}

function denseWalk(matrix: Interactions, source: number, person: number, target: number): number[][] {
  const rating = Array.from({ length: matrix.users }, () => new Array<number>(matrix.items).fill(0));
  for (let user = 0; user < matrix.users; user++) {
    for (let at = matrix.offsets[user]; at < matrix.offsets[user + 1]; at++) {
      rating[user][matrix.itemOf[at]] = matrix.weightOf[at];
    }
  }
  const personSum = rating.map((row) => row.reduce((a, b) => a + b, 0));
  const itemSum = Array.from({ length: matrix.items }, (_, i) => rating.reduce((sum, row) => sum + row[i], 0));
  return itemSum.map((fromSum, j) =>
    itemSum.map((toSum, i) => {
      let sum = 0;
      rating.forEach((row, user) => {
        if (row[j] * row[i] > 0) {
          sum += (row[j] * row[i]) / (fromSum ** source * personSum[user] ** person * toSum ** target);
        }
      });
      return sum;
    }),
  );
}
