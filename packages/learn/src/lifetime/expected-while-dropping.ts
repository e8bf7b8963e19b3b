import { DomainError } from '../errors.ts';

const termsMax = 1_000_000;

/**
 * Purchases expected in `horizon` from a customer who is active now, buys at a rate drawn from Gamma(r, alpha), and leaves after
 * each purchase with a chance drawn from Beta(a, b):
 *
 *   c / (a − 1) · [1 − (1 − z)^r ₂F₁(r, b; c; z)],  c = a + b − 1,  z = horizon / (alpha + horizon)
 *
 * The published form overflows for eager customers and divides by zero at a = 1. Euler's transformation turns the product into
 * (1 − z)^(a−1) ₂F₁(c − r, a − 1; c; z), whose series after its leading 1 carries the factor a − 1: divided out by hand, nothing
 * overflows and a = 1 is a value like any other.
 *
 * Source: Fader, Hardie, Lee (2005), equations 9 and 10; Abramowitz & Stegun 15.3.3.
 */
export function expectedWhileDropping(r: number, alpha: number, a: number, b: number, horizon: number): number {
  if (horizon === 0) return 0;
  const c = a + b - 1;
  const z = horizon / (alpha + horizon);
  const logRemaining = -Math.log1p(horizon / alpha); // ln(1 − z)
  const power = (a - 1) * logRemaining;
  const leading = Math.abs(a - 1) < 1e-12 ? -logRemaining : -Math.expm1(power) / (a - 1);
  // c · Σ_{n≥1} (c − r)_n (a)_{n−1} / ((c)_n n!) zⁿ, where c / (c)_n = 1 / (c + 1)_{n−1} stays finite for every a, b > 0.
  let term = (c - r) * z;
  let sum = term;
  for (let n = 1; n < termsMax; n++) {
    const ratio = (((c - r + n) * (a + n - 1)) / ((c + n) * (n + 1))) * z;
    term *= ratio;
    sum += term;
    const limit = Math.max(Math.abs(ratio), z);
    if (limit < 1 && (Math.abs(term) * limit) / (1 - limit) <= 1e-16 * Math.abs(sum)) {
      return Math.max(0, c * leading - Math.exp(power) * sum);
    }
  }
  throw new DomainError(
    `expectedWhileDropping: horizon ${horizon} is too far for alpha ${alpha}; the series did not converge`,
  );
}
