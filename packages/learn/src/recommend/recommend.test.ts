import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateRanking } from './evaluate-ranking.ts';
import { buildInteractions, transpose } from './interactions.ts';
import { predictRating, similarityMatrix } from './rating-prediction.ts';
import { topK } from './top-k.ts';

/** Ratings (user, item, rating) = (1,101,5) (1,102,3) (2,101,4) (2,102,2) (3,101,5) (3,103,5). */
const ratings = buildInteractions(3, 3, {
  user: [0, 0, 1, 1, 2, 2],
  item: [0, 1, 0, 1, 0, 2],
  value: [5, 3, 4, 2, 5, 5],
});

describe('rating prediction from similar users', () => {
  it('gives the only neighbour’s rating where only one rated the item', () => {
    expect(predictRating(ratings, similarityMatrix(ratings, 'cosine'), 0, 2)).toBeCloseTo(5, 12);
  });

  it('weighs neighbours by their similarity', () => {
    const known = buildInteractions(4, 1, { user: [1, 2, 3], item: [0, 0, 0], value: [4, 2, 5] });
    const similarities = new Float64Array(16);
    similarities.set([1, 0.8, 0.6, 0.7]);
    expect(predictRating(known, similarities, 0, 0)).toBeCloseTo((0.8 * 4 + 0.6 * 2 + 0.7 * 5) / 2.1, 12);
  });

  it('has nothing to say where nobody similar rated the item', () => {
    const lonely = buildInteractions(2, 2, { user: [0, 1], item: [0, 1] });
    expect(predictRating(lonely, similarityMatrix(lonely, 'cosine'), 0, 1)).toBeNull();
  });

  it('computes cosine by its formula', () => {
    // (5·4 + 3·2) / (√34 · √20)
    expect(similarityMatrix(ratings, 'cosine')[1]).toBeCloseTo(26 / Math.sqrt(34 * 20), 12);
  });

  it('gives Pearson 1 to users who agree on every difference', () => {
    expect(similarityMatrix(ratings, 'pearson')[1]).toBeCloseTo(1, 12);
  });
});

describe('ranking measures', () => {
  const train = buildInteractions(2, 4, { user: [0, 1, 1], item: [0, 0, 1] });
  const test = buildInteractions(2, 4, { user: [0, 0], item: [1, 2] });

  it('agrees with a ranking worked out by hand', () => {
    const report = evaluateRanking(train, test, 2, (_, scores) => scores.set([9, 3, 1, 2]));
    // ranked without item 0: 1, 3 → one hit of two at rank 1
    expect(report).toMatchObject({ recall: 0.5, hit: 1, usersEvaluated: 1, coverage: 0.5 });
    expect(report.ndcg).toBeCloseTo(1 / (1 + 1 / Math.log2(3)), 12);
  });

  it('scores a perfect ranking 1', () => {
    expect(evaluateRanking(train, test, 2, (_, scores) => scores.set([0, 3, 2, 1]))).toMatchObject({
      recall: 1,
      ndcg: 1,
      hit: 1,
    });
  });
});

describe('sparse matrices and top k', () => {
  it('gives the matrix back when transposed twice', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(6), fc.nat(4), fc.integer({ min: 1, max: 5 })), { maxLength: 30 }),
        (triples) => {
          const matrix = buildInteractions(7, 5, {
            user: triples.map(([user]) => user),
            item: triples.map(([, item]) => item),
            value: triples.map(([, , value]) => value),
          });
          expect(transpose(transpose(matrix))).toEqual(matrix);
        },
      ),
    );
  });

  it('equals a full sort', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 60 }), fc.nat(20), (scores, k) => {
        const sorted = scores.map((_, i) => i).sort((a, b) => scores[b] - scores[a] || a - b);
        expect([...topK(scores, k)]).toEqual(sorted.slice(0, k));
      }),
    );
  });

  it('names the pair that is out of range and the value that is no number', () => {
    expect(() => buildInteractions(1, 1, { user: [0], item: [1] })).toThrow(/pair 0 \(0, 1\) is outside 1 × 1/);
    expect(() => buildInteractions(1, 1, { user: [0], item: [0], value: [Number.NaN] })).toThrow(
      /value 0 must be a finite number/,
    );
  });
});
