import { describe, expect, it } from 'vitest';
import { normalDraw, seededRandom } from '../numerics/random.ts';
import { computeShares, fitMixture } from './fit-mixture.ts';
import type { Points } from './points.ts';

/** Two crossing cigars: the same middle, tilted apart. */
function cigars(each: number): Points {
  const random = seededRandom(3);
  const values = Array.from({ length: 2 * each }, (_, i) => {
    const long = 5 * normalDraw(random);
    const thin = 0.3 * normalDraw(random);
    return i < each ? [long, long + thin] : [long, thin - long];
  }).flat();
  return { rows: 2 * each, dimensions: 2, values: Float64Array.from(values) };
}

describe('a mixture of normal clouds', () => {
  it('with one cloud is the mean and the covariance, in closed form', () => {
    const points = { rows: 4, dimensions: 2, values: Float64Array.from([0, 0, 2, 0, 0, 4, 2, 4]) };
    const model = fitMixture(points, { k: 1, seed: 1, varianceMin: 0 });
    expect([...model.means]).toEqual([1, 2]);
    expect([...model.factors]).toEqual([1, 0, 0, 2]);
    // Σ log N = -n (log 2π + log det L) − ½ Σ Mahalanobis², each of them 2.
    expect(model.logLikelihood).toBeCloseTo(-4 * (Math.log(2 * Math.PI) + Math.log(2)) - 4, 9);
  });

  it('tells apart groups that cross each other, where no centre could', () => {
    const points = cigars(400);
    const model = fitMixture(points, { k: 2, seed: 2 });
    const shares = computeShares(model, points);
    const first = (shares[1] ?? 0) > 0.5 ? 1 : 0;
    let right = 0;
    for (let row = 0; row < 800; row++) {
      expect((shares[2 * row] ?? 0) + (shares[2 * row + 1] ?? 0)).toBeCloseTo(1, 9);
      if ((shares[2 * row + first] ?? 0) > 0.5 === row < 400) right++;
    }
    expect(right / 800).toBeGreaterThan(0.9);
    expect(fitMixture(points, { k: 1, seed: 2 }).bic).toBeGreaterThan(model.bic);
  });

  it('stands identical points', () => {
    const model = fitMixture({ rows: 6, dimensions: 1, values: new Float64Array(6).fill(2) }, { k: 2, seed: 1 });
    expect(Number.isFinite(model.logLikelihood)).toBe(true);
  });
});
