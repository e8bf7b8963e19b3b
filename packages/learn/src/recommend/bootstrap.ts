import { seededRandom } from '../numerics/random.ts';

export type MeanInterval = { readonly mean: number; readonly from: number; readonly to: number };

/**
 * Mean and 95 % percentile interval by drawing people with replacement. For a comparison pass each person's difference.
 * Cost: resamples · n. Source: Efron and Tibshirani (1993), chapter 13.
 */
export function bootstrapMean(values: ArrayLike<number>, seed: number, resamples = 400): MeanInterval {
  const n = values.length;
  if (n === 0) return { mean: 0, from: 0, to: 0 };
  const random = seededRandom(seed);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i];
  const means = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    let drawn = 0;
    for (let i = 0; i < n; i++) drawn += values[Math.floor(random() * n)];
    means[r] = drawn / n;
  }
  means.sort();
  return { mean: sum / n, from: means[Math.floor(0.025 * resamples)], to: means[Math.ceil(0.975 * resamples) - 1] };
}
