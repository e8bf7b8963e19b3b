import { symmetricEigen } from '../numerics/symmetric-eigen.ts';
import { checkPoints, type Points } from './points.ts';

/** The directions in which points differ most. Plain data. */
export type PrincipalAxes = {
  readonly kind: 'principal-axes';
  readonly version: 1;
  readonly dimensions: number;
  readonly means: Float64Array;
  /** count × dimensions, each of length 1; the largest entry of each is positive, so that a picture does not flip. */
  readonly axes: Float64Array;
  /** Share of all variance along each axis. */
  readonly shares: Float64Array;
};

/** Cost: O(rows · d² + d³). */
export function fitPrincipalAxes(points: Points, count: number): PrincipalAxes {
  checkPoints(points, 'fitPrincipalAxes');
  const { rows, dimensions: d, values } = points;
  const means = new Float64Array(d);
  for (let i = 0; i < values.length; i++) means[i % d] += values[i] / rows;
  const covariance = new Float64Array(d * d);
  for (let row = 0; row < rows; row++) {
    for (let a = 0; a < d; a++) {
      const left = (values[row * d + a] - means[a]) / rows;
      for (let b = 0; b <= a; b++) covariance[a * d + b] += left * (values[row * d + b] - means[b]);
    }
  }
  let total = 0;
  for (let a = 0; a < d; a++) {
    total += covariance[a * d + a];
    for (let b = 0; b < a; b++) covariance[b * d + a] = covariance[a * d + b];
  }
  const { values: variances, vectors } = symmetricEigen(covariance, d, count);
  const kept = Math.min(count, d);
  for (let axis = 0; axis < kept; axis++) {
    const vector = vectors.subarray(axis * d, (axis + 1) * d);
    const largest = vector.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
    if (largest < 0)
      vector.forEach((value, i) => {
        vector[i] = -value;
      });
  }
  return {
    kind: 'principal-axes',
    version: 1,
    dimensions: d,
    means,
    axes: vectors,
    shares: variances.slice(0, kept).map((variance) => (total > 0 ? Math.max(0, variance) / total : 0)),
  };
}

/** Rows × count: where each point lies along the axes. */
export function projectPoints(model: PrincipalAxes, points: Points): Points {
  const { dimensions: d, axes, means } = model;
  const count = axes.length / d;
  const values = new Float64Array(points.rows * count);
  for (let row = 0; row < points.rows; row++) {
    for (let axis = 0; axis < count; axis++) {
      let sum = 0;
      for (let i = 0; i < d; i++) sum += axes[axis * d + i] * (points.values[row * d + i] - means[i]);
      values[row * count + axis] = sum;
    }
  }
  return { rows: points.rows, dimensions: count, values };
}
