import { DomainError } from '../errors.ts';
import { logGamma } from './gamma.ts';

const termsMax = 2_000_000;
/** From here on the series in 1 − z is the short one. */
const nearOne = 0.9;
/** How far c − a − b must be from a whole number for the two halves of the series in 1 − z not to cancel. */
const wholeNumberGap = 1e-3;

/**
 * Gauss's hypergeometric function ₂F₁(a, b; c; z) for real arguments and z < 1.
 *
 * The defining series where it is short; Pfaff's transformation for z below −0.5; Euler's where it makes terms fall faster;
 * the series in 1 − z near 1. Relative error about 1e-12 for moderate parameters.
 *
 * @throws DomainError when z >= 1 (except where a or b is 0), c is 0 or a negative whole number, an argument is not finite, the
 * answer is beyond double range (use `logHypergeometric`), or the series has not converged in two million terms.
 * Source: Abramowitz & Stegun 15.1.1, 15.3.3-15.3.6.
 */
export function hypergeometric(a: number, b: number, c: number, z: number): number {
  const value = evaluate(a, b, c, z);
  if (!Number.isFinite(value)) {
    throw new DomainError(
      `hypergeometric: no finite value at a ${a}, b ${b}, c ${c}, z ${z}; logHypergeometric may have one`,
    );
  }
  return value;
}

/**
 * ln ₂F₁(a, b; c; z) for a, b, c > 0 and 0 <= z < 1, where every term is positive: right where the value itself overflows.
 * @throws DomainError outside that range.
 */
export function logHypergeometric(a: number, b: number, c: number, z: number): number {
  if (!(a > 0 && b > 0 && c > 0 && z >= 0 && z < 1)) {
    throw new DomainError(`logHypergeometric: needs a, b, c > 0 and 0 <= z < 1, got a ${a}, b ${b}, c ${c}, z ${z}`);
  }
  // Euler: the exponent goes in front and, when c is above a and b, what is left of the series is small and positive.
  const exponent = c - a - b;
  if (exponent < 0 && c > a && c > b) return exponent * Math.log1p(-z) + logSeries(c - a, c - b, c, z);
  return logSeries(a, b, c, z);
}

function evaluate(a: number, b: number, c: number, z: number): number {
  if (!(Number.isFinite(a) && Number.isFinite(b) && Number.isFinite(c) && Number.isFinite(z))) {
    throw new DomainError(`hypergeometric: arguments must be finite, got a ${a}, b ${b}, c ${c}, z ${z}`);
  }
  if (c <= 0 && Number.isInteger(c)) {
    throw new DomainError(`hypergeometric: c must not be 0 or a negative whole number, got ${c}`);
  }
  if (z === 0 || a === 0 || b === 0) return 1;
  if (z >= 1) throw new DomainError(`hypergeometric: z must be below 1, got ${z}`);
  if (z < -0.5) return (1 - z) ** -a * evaluate(a, c - b, c, z / (z - 1));
  const exponent = c - a - b;
  const endsByItself = (a < 0 && Number.isInteger(a)) || (b < 0 && Number.isInteger(b));
  if (z > nearOne && !endsByItself && Math.abs(exponent - Math.round(exponent)) > wholeNumberGap) {
    return aroundOne(a, b, c, z);
  }
  if (z > 0 && exponent < 0 && !endsByItself) return (1 - z) ** exponent * series(c - a, c - b, c, z);
  return series(a, b, c, z);
}

/** Abramowitz & Stegun 15.3.6. */
function aroundOne(a: number, b: number, c: number, z: number): number {
  const exponent = c - a - b;
  const near = gammaQuotient(c, exponent, c - a, c - b) * series(a, b, 1 - exponent, 1 - z);
  const far = gammaQuotient(c, -exponent, a, b) * (1 - z) ** exponent * series(c - a, c - b, 1 + exponent, 1 - z);
  return near + far;
}

/** Γ(p) Γ(q) / (Γ(u) Γ(v)); 0 where a gamma function below the line has a pole. */
function gammaQuotient(p: number, q: number, u: number, v: number): number {
  const top = [signedLogGamma(p), signedLogGamma(q)];
  const bottom = [signedLogGamma(u), signedLogGamma(v)];
  const log = top[0].log + top[1].log - bottom[0].log - bottom[1].log;
  return top[0].sign * top[1].sign * bottom[0].sign * bottom[1].sign * Math.exp(log);
}

/** ln |Γ(x)| and the sign of Γ(x), by reflection below 0. */
function signedLogGamma(x: number): { log: number; sign: number } {
  if (x > 0) return { log: logGamma(x), sign: 1 };
  const sine = Math.sin(Math.PI * (x - 2 * Math.floor(x / 2)));
  if (sine === 0 || Number.isInteger(x)) return { log: Number.POSITIVE_INFINITY, sign: 1 };
  return { log: Math.log(Math.PI / Math.abs(sine)) - logGamma(1 - x), sign: Math.sign(sine) };
}

function series(a: number, b: number, c: number, z: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 0; n < termsMax; n++) {
    const ratio = (((a + n) * (b + n)) / ((c + n) * (n + 1))) * z;
    term *= ratio;
    sum += term;
    if (term === 0) return sum;
    // The tail is at most a geometric one once the ratio is below 1 for good.
    const limit = Math.max(Math.abs(ratio), Math.abs(z));
    if (limit < 1 && (Math.abs(term) * limit) / (1 - limit) <= 1e-16 * Math.abs(sum)) return sum;
  }
  throw new DomainError(`hypergeometric: the series at a ${a}, b ${b}, c ${c}, z ${z} did not converge`);
}

/** The series of positive terms with its scale kept apart. */
function logSeries(a: number, b: number, c: number, z: number): number {
  if (z === 0) return 0;
  let term = 1;
  let sum = 1;
  let scale = 0;
  for (let n = 0; n < termsMax; n++) {
    const ratio = (((a + n) * (b + n)) / ((c + n) * (n + 1))) * z;
    term *= ratio;
    sum += term;
    const limit = Math.max(ratio, z);
    if (limit < 1 && (term * limit) / (1 - limit) <= 1e-16 * sum) return scale + Math.log(sum);
    if (sum > 1e250) {
      term *= 1e-250;
      sum *= 1e-250;
      scale += 250 * Math.LN10;
    }
  }
  throw new DomainError(`logHypergeometric: the series at a ${a}, b ${b}, c ${c}, z ${z} did not converge`);
}
