import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildInteractions, buildTimedInteractions, historyOf, type Interactions } from './interactions.ts';
import { itemNeighbours } from './item-neighbours.ts';
import { type NeighbourOptions, nearestRows } from './neighbour-lists.ts';
import { popularity } from './popularity.ts';
import { similarityMatrix } from './rating-prediction.ts';
import type { FitTools, History, Recommender, RecommendModel } from './recommender.ts';
import { neighbourShares, userNeighbours } from './user-neighbours.ts';

/** These models compute without kernels. */
const tools = { seed: 1 } as FitTools;
const taken = buildInteractions(4, 4, { user: [0, 0, 1, 1, 2, 2, 3], item: [0, 1, 0, 1, 0, 2, 3] });

function scoresOf<Model extends RecommendModel, Options>(
  recommender: Recommender<Model, Options>,
  model: Model,
  history: History,
): Float32Array {
  const scores = new Float32Array(model.items);
  recommender.scoreInto(model, history, scores);
  return scores;
}

describe('item neighbourhoods', () => {
  it('find for an item those that the same people took', () => {
    const model = itemNeighbours.fit({ interactions: taken }, { neighbours: 3 }, tools);
    const scores = scoresOf(itemNeighbours, model, { item: [1], weight: [1] });
    expect(scores.indexOf(Math.max(...scores))).toBe(0);
    // cosine of item 0 (3 people) and item 1 (2 people), both of whom took item 0
    expect(scores[0]).toBeCloseTo(2 / Math.sqrt(6), 6);
  });

  it('pull similarities that rest on little evidence towards zero', () => {
    const one = { item: [1], weight: [1] };
    const shrunk = itemNeighbours.fit({ interactions: taken }, { neighbours: 3, shrinkage: 10 }, tools);
    expect(scoresOf(itemNeighbours, shrunk, one)[0]).toBeCloseTo(2 / (Math.sqrt(6) + 10), 6);
  });

  it('name what each thing taken added, and the parts add up to the score', () => {
    const model = itemNeighbours.fit({ interactions: taken }, { neighbours: 3 }, tools);
    const history = { item: [0, 1], weight: [1, 2] };
    const parts = itemNeighbours.explain?.(model, history, 2) ?? [];
    const sum = parts.reduce((total, { share }) => total + share, 0);
    expect(sum).toBeCloseTo(scoresOf(itemNeighbours, model, history)[2], 6);
    expect(parts[0]).toEqual({ item: 0, share: expect.closeTo(1 / Math.sqrt(3), 6) });
  });

  it('survive one user, one item, and nothing at all', () => {
    for (const tiny of [
      buildInteractions(1, 1, { user: [0], item: [0] }),
      buildInteractions(1, 1, { user: [], item: [] }),
    ]) {
      const model = itemNeighbours.fit({ interactions: tiny }, { neighbours: 5 }, tools);
      expect([...scoresOf(itemNeighbours, model, { item: [0], weight: [1] })]).toEqual([0]);
    }
  });

  it('ignore items the model has never heard of', () => {
    const model = itemNeighbours.fit({ interactions: taken }, { neighbours: 3 }, tools);
    const scores = scoresOf(itemNeighbours, model, { item: [1, 99], weight: [1, 1] });
    expect(scores).toEqual(scoresOf(itemNeighbours, model, { item: [1], weight: [1] }));
  });
});

describe('user neighbourhoods', () => {
  it('recommend what similar people took', () => {
    const model = userNeighbours.fit({ interactions: taken }, { neighbours: 2 }, tools);
    const scores = scoresOf(userNeighbours, model, historyOf({ interactions: taken }, 0));
    expect(scores[3]).toBe(0);
    expect(scores[2]).toBeCloseTo(0.5, 6); // cosine of {0, 1} and {0, 2}
  });

  it('serve a person who was not there when the model was fitted', () => {
    const model = userNeighbours.fit({ interactions: taken }, { neighbours: 2 }, tools);
    const scores = scoresOf(userNeighbours, model, { item: [2], weight: [1] });
    expect(scores[0]).toBeCloseTo(1 / Math.sqrt(2), 6);
  });

  it('do not count people who have nothing to add, such as the person again', () => {
    const model = userNeighbours.fit({ interactions: taken }, { neighbours: 1 }, tools);
    // Users 0 and 1 are the same; the one neighbour kept is user 2, who took something else too.
    expect(neighbourShares(model, historyOf({ interactions: taken }, 0), 2)).toEqual([
      { row: 2, share: expect.closeTo(0.5, 6) },
    ]);
  });

  it('explain a score by the things that make neighbours similar, adding up to it', () => {
    const model = userNeighbours.fit({ interactions: taken }, { neighbours: 3 }, tools);
    const history = { item: [0, 1], weight: [1, 1] };
    const parts = userNeighbours.explain?.(model, history, 2) ?? [];
    expect(parts).toEqual([{ item: 0, share: expect.closeTo(scoresOf(userNeighbours, model, history)[2], 6) }]);
  });

  it('give zeros, never NaN, to a person without history', () => {
    for (const similarity of ['cosine', 'asymmetric-cosine', 'pearson'] as const) {
      const model = userNeighbours.fit({ interactions: taken }, { neighbours: 2, similarity }, tools);
      expect([...scoresOf(userNeighbours, model, { item: [], weight: [] })]).toEqual([0, 0, 0, 0]);
    }
  });
});

describe('similarities of rows', () => {
  const rated = fc
    .array(fc.tuple(fc.nat(5), fc.nat(4), fc.integer({ min: 1, max: 5 })), { minLength: 1, maxLength: 30 })
    .map((triples) =>
      buildInteractions(6, 5, {
        user: triples.map(([user]) => user),
        item: triples.map(([, item]) => item),
        value: triples.map(([, , value]) => value),
      }),
    );

  it('by cosine equal the dense matrix of similarities', () => {
    fc.assert(
      fc.property(rated, (matrix) => {
        expectSame(matrix, { neighbours: 5 }, similarityMatrix(matrix, 'cosine'));
      }),
    );
  });

  it('by Pearson equal the dense matrix of correlations where every shared item counts whole', () => {
    fc.assert(
      fc.property(rated, (matrix) => {
        const options = { neighbours: 5, similarity: 'pearson', significance: 1 } as const;
        expectSame(matrix, options, similarityMatrix(matrix, 'pearson'));
      }),
    );
  });

  it('by Pearson count in proportion to shared items below the significance', () => {
    const pair = buildInteractions(2, 3, {
      user: [0, 0, 0, 1, 1, 1],
      item: [0, 1, 2, 0, 1, 2],
      value: [1, 2, 3, 2, 4, 6],
    });
    const whole = nearestRows(pair, { neighbours: 1, similarity: 'pearson' });
    expect(whole.similarityOf[0]).toBeCloseTo(3 / 50, 6);
  });

  it('by asymmetric cosine look at the neighbour’s length as much as asked', () => {
    const pair = buildInteractions(2, 4, { user: [0, 1, 1, 1, 1], item: [0, 0, 1, 2, 3] });
    const of = (asymmetry: number) =>
      nearestRows(pair, { neighbours: 1, similarity: 'asymmetric-cosine', asymmetry }).similarityOf;
    expect([...of(0)]).toEqual([0.25, 1]); // 1 / |b|²
    expect([...of(1)]).toEqual([1, 0.25]); // 1 / |a|²
    expect(of(0.5)[0]).toBeCloseTo(0.5, 6);
  });

  it('say which option is wrong', () => {
    expect(() => nearestRows(taken, { neighbours: 0 })).toThrow(/neighbours must be a positive integer, got 0/);
    expect(() => nearestRows(taken, { neighbours: 1, shrinkage: -1 })).toThrow(/shrinkage must be 0 or more, got -1/);
    expect(() => nearestRows(taken, { neighbours: 1, asymmetry: 2 })).toThrow(/asymmetry must be between 0 and 1/);
  });

  function expectSame(matrix: Interactions, options: NeighbourOptions, dense: Float64Array): void {
    const lists = nearestRows(matrix, options);
    for (let row = 0; row < matrix.users; row++) {
      const wanted = Array.from({ length: matrix.users }, (_, other) => dense[row * matrix.users + other])
        .filter((value, other) => other !== row && value > 1e-6)
        .sort((a, b) => b - a);
      const got = lists.similarityOf
        .subarray(lists.offsets[row], lists.offsets[row + 1])
        .filter((value) => value > 1e-6);
      expect(got.length).toBe(wanted.length);
      wanted.forEach((value, i) => {
        expect(got[i]).toBeCloseTo(value, 5);
      });
    }
  }
});

describe('popularity', () => {
  it('counts people per item, and everybody gets the same', () => {
    const model = popularity.fit({ interactions: taken }, {}, tools);
    expect([...scoresOf(popularity, model, { item: [3], weight: [1] })]).toEqual([3, 2, 1, 1]);
  });

  it('halves what lies a half-life back', () => {
    const data = buildTimedInteractions(3, 2, { user: [0, 1, 2], item: [0, 0, 1], at: [0, 100, 200] });
    const model = popularity.fit(data, { halfLifeSeconds: 100 }, tools);
    expect([...model.score]).toEqual([0.75, 1]);
    const later = popularity.fit(data, { halfLifeSeconds: 100, now: 300 }, tools);
    expect([...later.score]).toEqual([0.375, 0.5]);
  });

  it('is all zeros where nobody took anything', () => {
    const nothing = buildInteractions(2, 2, { user: [], item: [] });
    expect([...popularity.fit({ interactions: nothing }, {}, tools).score]).toEqual([0, 0]);
    expect(() => popularity.fit({ interactions: nothing }, { halfLifeSeconds: 0 }, tools)).toThrow(/above 0, got 0/);
  });
});
