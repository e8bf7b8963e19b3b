import { DomainError } from '../errors.ts';
import { logBeta, logGamma } from './gamma.ts';

const stepsMax = 100_000;
const tiny = 1e-300;
const epsilon = 1e-16;

/**
 * Regularised lower incomplete gamma P(a, x): the chance that a Gamma(a, 1) variable is at most x.
 * Series below a + 1, continued fraction above. Relative error about 1e-13.
 * @throws DomainError unless a > 0 and x >= 0. Source: Abramowitz & Stegun 6.5.29, 6.5.31.
 */
export function incompleteGamma(a: number, x: number): number {
  if (!(a > 0 && x >= 0)) throw new DomainError(`incompleteGamma: needs a > 0 and x >= 0, got a ${a}, x ${x}`);
  if (x === 0) return 0;
  if (x === Number.POSITIVE_INFINITY) return 1;
  const factor = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n < stepsMax && term > sum * epsilon; n++) {
      term *= x / (a + n);
      sum += term;
    }
    return Math.min(1, factor * sum);
  }
  const fraction = continuedFraction((n) => (n === 0 ? [1, x + 1 - a] : [-n * (n - a), x + 2 * n + 1 - a]));
  return Math.max(0, 1 - factor * fraction);
}

/**
 * Regularised incomplete beta I_x(a, b): the chance that a Beta(a, b) variable is at most x.
 * Continued fraction on the side where it converges fast. Relative error about 1e-13.
 * @throws DomainError unless a, b > 0 and 0 <= x <= 1. Source: Abramowitz & Stegun 26.5.8.
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (!(a > 0 && b > 0 && x >= 0 && x <= 1)) {
    throw new DomainError(`incompleteBeta: needs a, b > 0 and 0 <= x <= 1, got x ${x}, a ${a}, b ${b}`);
  }
  if (x === 0 || x === 1) return x;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const factor = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b)) / a;
  return (
    factor *
    continuedFraction((n) => {
      if (n === 0) return [1, 1];
      const m = n >> 1;
      const numerator =
        n % 2 === 0
          ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
          : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
      return [numerator, 1];
    })
  );
}

/** a₀/(b₀ + a₁/(b₁ + …)) by Lentz's method as modified by Thompson and Barnett. */
function continuedFraction(termAt: (n: number) => [number, number]): number {
  const [first, base] = termAt(0);
  let ratio = base === 0 ? tiny : base;
  let above = ratio;
  let below = 0;
  for (let n = 1; n < stepsMax; n++) {
    const [numerator, denominator] = termAt(n);
    below = 1 / (denominator + numerator * below || tiny);
    above = denominator + numerator / above || tiny;
    const change = above * below;
    ratio *= change;
    if (Math.abs(change - 1) < epsilon * 4) break;
  }
  return first / ratio;
}
