import { DomainError } from '../errors.ts';
import { incompleteGamma } from './incomplete.ts';

/** Φ(z): the chance that a standard normal variable is at most z. Absolute error about 1e-15. */
export function normalProbability(z: number): number {
  const half = 0.5 * incompleteGamma(0.5, (z * z) / 2);
  return z < 0 ? 0.5 - half : 0.5 + half;
}

/**
 * The z with Φ(z) = probability: bisection of Φ to the last bit, a few microseconds and no table to trust.
 * @throws DomainError unless 0 < probability < 1.
 */
export function normalQuantile(probability: number): number {
  if (!(probability > 0 && probability < 1)) {
    throw new DomainError(`normalQuantile: probability must be between 0 and 1, got ${probability}`);
  }
  let low = -40;
  let high = 40;
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2;
    if (normalProbability(middle) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
