import { describe, expect, it } from 'vitest';
import { computeAuc } from '../classify/classification-metrics.ts';
import { normalDraw, seededRandom } from '../numerics/random.ts';
import { expectedPath, explainAnomaly, fitIsolationForest, scoreAnomaly } from './isolation-forest.ts';

const random = seededRandom(5);
const rows = 1050;
const odd = Uint8Array.from({ length: rows }, (_, i) => (i < 50 ? 1 : 0));
const values = Float64Array.from({ length: rows * 3 }, (_, i) => {
  const isOdd = i < 150 && i % 3 === 1; // only the second column is unusual
  return normalDraw(random) + (isOdd ? 7 : 0);
});
const points = { rows, dimensions: 3, values };

describe('the isolation forest', () => {
  it('expects the paths of the paper', () => {
    expect(expectedPath(256)).toBeCloseTo(10.2447709201, 8);
    expect(expectedPath(10)).toBeCloseTo(3.7488804845, 8);
  });

  it('scores what lies apart above the rest, the same for the same seed', () => {
    const forest = fitIsolationForest(points, { seed: 1 });
    const scores = scoreAnomaly(forest, points);
    expect(computeAuc(scores, odd).auc).toBeGreaterThan(0.97);
    expect(fitIsolationForest(points, { seed: 1 })).toEqual(forest);
    expect(scores.every((score) => score > 0 && score < 1)).toBe(true);
  });

  it('says which column made a row odd', () => {
    const forest = fitIsolationForest(points, { seed: 1 });
    const shares = explainAnomaly(forest, points, points);
    const mean = (column: number) =>
      Array.from({ length: 50 }, (_, row) => shares[row * 3 + column] ?? 0).reduce((a, b) => a + b) / 50;
    expect(mean(1)).toBeGreaterThan(0.6);
    const first = [0, 1, 2].reduce((sum, column) => sum + (shares[column] ?? 0), 0);
    expect(first).toBeCloseTo(1, 9);
  });

  it('stands one row and constant columns', () => {
    const same = { rows: 10, dimensions: 2, values: new Float64Array(20).fill(3) };
    const scores = scoreAnomaly(fitIsolationForest(same, { seed: 1 }), same);
    expect(new Set(scores).size).toBe(1);
    const one = { rows: 1, dimensions: 1, values: Float64Array.of(5) };
    expect(Number.isFinite(scoreAnomaly(fitIsolationForest(one, { seed: 1 }), one)[0])).toBe(true);
  });
});
