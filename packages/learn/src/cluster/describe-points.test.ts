import { describe, expect, it } from 'vitest';
import { normalDraw, seededRandom } from '../numerics/random.ts';
import { clampOutliers } from './clamp-outliers.ts';
import { distinguishClusters } from './distinguish-clusters.ts';
import { fitPrincipalAxes, projectPoints } from './principal-axes.ts';

describe('what sets a cluster apart', () => {
  it("is Cohen's d against everybody else, the farthest column first", () => {
    // Columns: the same for all; 0, 2 against 4, 6; 1, 3 against 3, 5. By hand: spread √(4 / 2), differences −4 and −2.
    const values = Float64Array.from([7, 0, 1, 7, 2, 3, 7, 4, 3, 7, 6, 5]);
    const [first = []] = distinguishClusters({ rows: 4, dimensions: 3, values }, Uint32Array.from([0, 0, 1, 1]), 2);
    expect(first.map(({ column }) => column)).toEqual([1, 2]);
    expect(first[0]?.effect).toBeCloseTo(-4 / Math.SQRT2, 12);
    expect(first[1]?.effect).toBeCloseTo(-2 / Math.SQRT2, 12);
    expect(first[0]).toMatchObject({ mean: 1, others: 5 });
  });

  it('stays a number for one cluster, for empty ones and where nothing spreads', () => {
    const points = { rows: 2, dimensions: 1, values: Float64Array.of(1e15, 1e15 + 2) };
    expect(distinguishClusters(points, Uint32Array.of(0, 0), 2)).toEqual([[], []]);
    const [first = []] = distinguishClusters({ ...points, values: Float64Array.of(0, 1) }, Uint32Array.of(0, 1), 2);
    expect(first).toEqual([{ column: 0, effect: -10, mean: 0, others: 1 }]);
  });
});

describe('principal axes', () => {
  it('of a cigar are its own axes, with its variances', () => {
    const random = seededRandom(2);
    const rows = 20_000;
    const values = new Float64Array(rows * 2);
    for (let row = 0; row < rows; row++) {
      const [long, thin] = [3 * normalDraw(random), normalDraw(random)];
      values.set([5 + 0.8 * long - 0.6 * thin, 0.6 * long + 0.8 * thin], row * 2);
    }
    const points = { rows, dimensions: 2, values };
    const model = fitPrincipalAxes(points, 2);
    expect(model.axes[0]).toBeCloseTo(0.8, 2);
    expect(model.axes[1]).toBeCloseTo(0.6, 2);
    expect(model.shares[0]).toBeCloseTo(0.9, 2);
    const placed = projectPoints(model, points);
    expect(placed.values.reduce((sum, value) => sum + value, 0) / rows).toBeCloseTo(0, 9);
  });

  it('of points that are all the same have no share and no direction that is not a number', () => {
    const model = fitPrincipalAxes({ rows: 3, dimensions: 2, values: Float64Array.from([1, 2, 1, 2, 1, 2]) }, 2);
    expect([...model.shares]).toEqual([0, 0]);
    expect(model.axes.every(Number.isFinite)).toBe(true);
  });
});

describe('outliers', () => {
  it('are brought back to the outermost quantiles, the rest stays', () => {
    const values = Float64Array.from({ length: 101 }, (_, i) => (i === 100 ? 1e12 : i));
    const { points, high, clamped } = clampOutliers({ rows: 101, dimensions: 1, values }, 0.02);
    expect(high[0]).toBe(98);
    expect(points.values[100]).toBe(98);
    expect(points.values[50]).toBe(50);
    expect(clamped[0]).toBe(4);
  });

  it('leave rare values alone where nearly everybody has none', () => {
    const values = Float64Array.from({ length: 1000 }, (_, i) => (i < 4 ? i + 1 : 0));
    const { points, clamped } = clampOutliers({ rows: 1000, dimensions: 1, values });
    expect(points.values[2]).toBe(3);
    expect(clamped[0]).toBeLessThanOrEqual(2);
  });
});
