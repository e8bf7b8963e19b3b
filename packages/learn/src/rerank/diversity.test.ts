import { describe, expect, it } from 'vitest';
import { seededRandom } from '../lifetime/simulate-histories.fixture.ts';
import { orderByDpp } from './order-by-dpp.ts';
import { orderByMmr } from './order-by-mmr.ts';
import { calibrationDivergence, orderCalibrated } from './order-calibrated.ts';
import { orderByScore, unitScores } from './ranked-list.ts';
import { contentSimilarity, vectorSimilarity } from './similarity.ts';

/** Random candidates with unit vectors; `matrix` is their full similarity matrix. */
function someCandidates(n: number, dimensions: number, random: () => number) {
  const scores = Float64Array.from({ length: n }, random);
  const vectors = Float64Array.from({ length: n * dimensions }, () => random() - 0.3);
  const similarity = vectorSimilarity(vectors, dimensions);
  const matrix = Array.from({ length: n }, (_, i) => {
    const row = new Float64Array(n);
    similarity(i, row);
    return row;
  });
  return { scores, similarity, matrix };
}

describe('maximal marginal relevance', () => {
  it('is the order of scores with a relevance weight of 1', () => {
    const random = seededRandom(1);
    for (let round = 0; round < 20; round++) {
      const { scores, similarity } = someCandidates(30, 4, random);
      expect(orderByMmr(scores, similarity, { count: 30, relevanceWeight: 1 })).toEqual(orderByScore(scores));
    }
  });

  it('fills each place with the greatest marginal relevance, as the definition says', () => {
    const random = seededRandom(2);
    for (const relevanceWeight of [0, 0.3, 0.7]) {
      const { scores, similarity, matrix } = someCandidates(12, 3, random);
      const relevance = unitScores(scores);
      const order = [...orderByMmr(scores, similarity, { count: 12, relevanceWeight })];
      order.forEach((picked, place) => {
        const placed = order.slice(0, place);
        const gain = (i: number) =>
          relevanceWeight * relevance[i] -
          (placed.length === 0 ? 0 : (1 - relevanceWeight) * Math.max(...placed.map((j) => matrix[i][j])));
        for (const other of order.slice(place)) expect(gain(picked)).toBeGreaterThanOrEqual(gain(other) - 1e-12);
      });
    }
  });

  it('keeps an exact copy of the best for later', () => {
    const similarity = vectorSimilarity([1, 0, 1, 0, 0, 1], 2);
    expect([...orderByMmr([1, 0.99, 0.5], similarity, { count: 3, relevanceWeight: 0.4 })]).toEqual([0, 2, 1]);
  });
});

describe('determinantal point process', () => {
  it('adds at each place the item that makes the determinant largest, by brute force', () => {
    const random = seededRandom(3);
    for (const relevanceWeight of [0, 0.4, 0.8]) {
      for (let round = 0; round < 8; round++) {
        const { scores, similarity, matrix } = someCandidates(8, 6, random);
        const kernel = dppKernel(scores, matrix, relevanceWeight);
        const order = [...orderByDpp(scores, similarity, { count: 5, relevanceWeight })].slice(0, 5);
        order.forEach((picked, place) => {
          const placed = order.slice(0, place);
          const left = kernel.map((_, i) => i).filter((i) => !placed.includes(i));
          const best = Math.max(...left.map((i) => determinantOf(kernel, [...placed, i])));
          expect(determinantOf(kernel, [...placed, picked]) / best).toBeCloseTo(1, 9);
        });
      }
    }
  });

  it('comes close to the best of all sets: the log-determinant of pairs and triples over 60 small problems', () => {
    const random = seededRandom(5);
    let best = 0;
    for (let round = 0; round < 60; round++) {
      const { scores, similarity, matrix } = someCandidates(7, 7, random);
      const kernel = dppKernel(scores, matrix, 0.5);
      const size = 2 + (round % 2);
      const chosen = [...orderByDpp(scores, similarity, { count: size, relevanceWeight: 0.5 })].slice(0, size);
      const optimum = Math.max(...subsets(7, size).map((set) => determinantOf(kernel, set)));
      const ratio = determinantOf(kernel, chosen) / optimum;
      expect(ratio).toBeGreaterThan(1 / ((size * (size + 1)) / 2) ** 2); // greedy is within (size!)² of the optimum (Çivril and Magdon-Ismail 2009)
      if (ratio > 1 - 1e-9) best++;
    }
    expect(best).toBeGreaterThan(30);
  });

  it('is the order of scores with a relevance weight of 1, and near 1', () => {
    const { scores, similarity } = someCandidates(20, 5, seededRandom(6));
    expect(orderByDpp(scores, similarity, { count: 20, relevanceWeight: 1 })).toEqual(orderByScore(scores));
    expect(orderByDpp(scores, similarity, { count: 5, relevanceWeight: 0.999999 })).toEqual(orderByScore(scores));
  });

  it('puts copies and what lies in the span of others behind, by score, and loses nobody', () => {
    const similarity = vectorSimilarity([1, 0, 1, 0, 0, 1, 1, 1], 2);
    const order = [...orderByDpp([1, 0.99, 0.2, 0.9], similarity, { count: 4, relevanceWeight: 0.1 })];
    expect(order).toEqual([0, 2, 1, 3]);
  });

  function dppKernel(scores: Float64Array, matrix: Float64Array[], relevanceWeight: number): number[][] {
    const steepness = relevanceWeight / (2 * (1 - relevanceWeight));
    const quality = unitScores(scores).map((relevance) => Math.exp(steepness * relevance));
    return matrix.map((row, i) => Array.from(row, (similarity, j) => quality[i] * similarity * quality[j]));
  }
});

describe('calibration', () => {
  const scores = Float64Array.from({ length: 40 }, (_, i) => 1 - i / 100);
  const groupOf = Uint32Array.from({ length: 40 }, (_, i) => (i < 20 ? 0 : 1));

  it('shows 70 % and 30 % to whom took 70 % and 30 %', () => {
    const order = orderCalibrated(scores, { count: 10, groupOf, target: [0.7, 0.3], strength: 0.98 });
    expect(order.subarray(0, 10).filter((position) => groupOf[position] === 0).length).toBe(7);
  });

  it('is the order of scores at strength 0, and never further from the history when it is stronger', () => {
    const order = (strength: number) => orderCalibrated(scores, { count: 10, groupOf, target: [0.5, 0.5], strength });
    expect(order(0)).toEqual(orderByScore(scores));
    const divergences = [0, 0.05, 0.1, 0.2, 0.5, 1].map((strength) => {
      const counts = [0, 0];
      for (const position of order(strength).subarray(0, 10)) counts[groupOf[position]]++;
      return calibrationDivergence(counts, [0.5, 0.5]);
    });
    expect(divergences).toEqual([...divergences].sort((a, b) => b - a));
    expect(divergences.at(-1)).toBeCloseTo(0, 12);
  });

  it('fills each place with the greatest gain, as the definition says', () => {
    const random = seededRandom(8);
    const some = Float64Array.from({ length: 12 }, random);
    const groups = Uint32Array.from({ length: 12 }, () => Math.floor(random() * 3));
    const target = [0.2, 0.5, 0.3];
    const order = [...orderCalibrated(some, { count: 12, groupOf: groups, target, strength: 0.4 })];
    const relevance = unitScores(some);
    order.forEach((picked, place) => {
      const gain = (i: number) => {
        const counts = [0, 0, 0];
        for (const j of [...order.slice(0, place), i]) counts[groups[j]]++;
        return 0.6 * relevance[i] - 0.4 * calibrationDivergence(counts, target);
      };
      for (const other of order.slice(place)) expect(gain(picked)).toBeGreaterThanOrEqual(gain(other) - 1e-9);
    });
  });

  it('says what is wrong with a target', () => {
    const options = { count: 3, groupOf, strength: 0.5 };
    expect(() => orderCalibrated(scores, { ...options, target: [0.7, 0.7] })).toThrow(/add up to 1, got 1.4/);
    expect(() => orderCalibrated(scores, { ...options, target: [1] })).toThrow(
      /candidate 20 is of group 1, outside 1 groups/,
    );
  });
});

it('similarity of content is the cosine of the features, and 1 with itself', () => {
  const content = {
    items: 3,
    features: 3,
    offsets: Uint32Array.of(0, 2, 4, 4),
    featureOf: Uint32Array.of(0, 1, 1, 2),
    weightOf: Float32Array.of(3, 4, 1, 1),
    names: ['a', 'b', 'c'],
  };
  const row = new Float64Array(3);
  contentSimilarity(content, Uint32Array.of(0, 1, 2))(0, row);
  expect(row[0]).toBe(1);
  expect(row[1]).toBeCloseTo(4 / (5 * Math.SQRT2), 12);
  expect(row[2]).toBe(0);
  contentSimilarity(content, Uint32Array.of(0, 1, 2))(2, row);
  expect([...row]).toEqual([0, 0, 1]);
});

/** Determinant of the rows and columns in `set`, by Laplace expansion: slow and plain. */
function determinantOf(matrix: readonly (readonly number[])[], set: readonly number[]): number {
  const expand = (rows: readonly number[], columns: readonly number[]): number => {
    if (rows.length === 0) return 1;
    const [row, ...rest] = rows;
    return columns.reduce(
      (sum, column, at) =>
        sum +
        (at % 2 === 0 ? 1 : -1) *
          matrix[row][column] *
          expand(
            rest,
            columns.filter((other) => other !== column),
          ),
      0,
    );
  };
  return expand(set, set);
}

function subsets(n: number, size: number): number[][] {
  if (size === 0) return [[]];
  return subsets(n, size - 1).flatMap((set) =>
    Array.from({ length: n - 1 - (set.at(-1) ?? -1) }, (_, i) => [...set, (set.at(-1) ?? -1) + 1 + i]),
  );
}
