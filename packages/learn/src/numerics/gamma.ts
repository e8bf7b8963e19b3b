const halfLogTwoPi = 0.5 * Math.log(2 * Math.PI);
/** Above this argument Stirling's series with the terms below is exact to double precision. */
const stirlingFrom = 12;

/**
 * ln Γ(x) for x > 0: the argument is shifted up to where Stirling's series is exact, the shift taken off as one logarithm.
 * Absolute error about 1e-15 × max(1, result). NaN for x <= 0 or NaN, Infinity at 0 and Infinity.
 * Source: Abramowitz & Stegun 6.1.15 and 6.1.41.
 */
export function logGamma(x: number): number {
  if (x === 0 || x === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
  if (!(x > 0)) return Number.NaN;
  let shift = 1;
  let at = x;
  while (at < stirlingFrom) {
    shift *= at;
    at += 1;
  }
  const inverse = 1 / at;
  const square = inverse * inverse;
  const tail =
    inverse *
    (1 / 12 -
      square *
        (1 / 360 -
          square * (1 / 1260 - square * (1 / 1680 - square * (1 / 1188 - square * (691 / 360360 - square / 156))))));
  return (at - 0.5) * Math.log(at) - at + halfLogTwoPi + tail - Math.log(shift);
}

/**
 * ψ(x) = d ln Γ(x) / dx for x > 0, by shift and asymptotic series. Absolute error about 1e-15 × max(1, |result|).
 * NaN for x <= 0. Source: Abramowitz & Stegun 6.3.5 and 6.3.18.
 */
export function digamma(x: number): number {
  if (!(x > 0)) return Number.NaN;
  let reciprocalSum = 0;
  let at = x;
  while (at < stirlingFrom) {
    reciprocalSum += 1 / at;
    at += 1;
  }
  const square = 1 / (at * at);
  const tail =
    square *
    (1 / 12 -
      square *
        (1 / 120 -
          square * (1 / 252 - square * (1 / 240 - square * (1 / 132 - square * (691 / 32760 - square / 12))))));
  return Math.log(at) - 0.5 / at - tail - reciprocalSum;
}

/** ln B(a, b) = ln Γ(a) + ln Γ(b) − ln Γ(a + b), for a, b > 0. */
export function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}
