import { invertPositiveDefinite } from '../numerics/invert-positive-definite.ts';
import type { SmoothFunction } from '../numerics/minimise.ts';
import { normalQuantile } from '../numerics/normal-quantile.ts';

export type ParameterInterval = { readonly low: number; readonly high: number };

const step = 1e-4;

/**
 * Wald intervals from the curvature of the log-likelihood in the logarithms of the parameters, so that they stay positive and
 * skewed as they should be.
 * @param loss minus the mean log-likelihood, as minimised. @param at its minimum. @param customers how many it is the mean of.
 * @param level such as 0.95. @returns undefined when the curvature is not positive definite: the data do not pin the parameters.
 */
export function computeParameterIntervals(
  loss: SmoothFunction,
  at: Float64Array,
  customers: number,
  level: number,
): ParameterInterval[] | undefined {
  const n = at.length;
  const information = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    const [up, down] = [new Float64Array(n), new Float64Array(n)];
    loss(shifted(at, j, step), up);
    loss(shifted(at, j, -step), down);
    for (let i = 0; i < n; i++) {
      const curvature = (customers * (up[i] - down[i])) / (2 * step);
      information[i * n + j] += curvature / 2;
      information[j * n + i] += curvature / 2;
    }
  }
  const covariance = information.every(Number.isFinite) ? invertPositiveDefinite(information, n) : undefined;
  if (!covariance) return undefined;
  const quantile = normalQuantile((1 + level) / 2);
  return Array.from(at, (log, i) => {
    const reach = quantile * Math.sqrt(covariance[i * n + i]);
    return { low: Math.exp(log - reach), high: Math.exp(log + reach) };
  });
}

function shifted(point: Float64Array, at: number, by: number): Float64Array {
  const next = point.slice();
  next[at] += by;
  return next;
}
