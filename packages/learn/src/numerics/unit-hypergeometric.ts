/** Value of ₂F₁(1, p; q; z) and its slopes in p, q and z. */
export type UnitHypergeometric = { value: number; inP: number; inQ: number; inZ: number };

/** Up to here the series has at most some three hundred terms; above, quadrature takes as long whatever z is. */
const seriesUpTo = 0.9;

/**
 * ₂F₁(1, p; q; z) for p > 0, q > 1, 0 <= z < 1, with its slopes, into `into`: the form that the gamma-mixed exponentials of
 * lifetime models lead to. Never overflows as long as q − 1 − p >= 0, at any size of p. `rest` is 1 − z, given apart because
 * near 1 it can't be had from z.
 * Relative error about 1e-12. Source: Abramowitz & Stegun 15.1.1 and 15.3.1.
 */
export function putUnitHypergeometric(into: UnitHypergeometric, p: number, q: number, z: number, rest: number): void {
  if (z <= seriesUpTo) putSeries(into, p, q, z);
  else putQuadrature(into, p, q, z, rest);
}

/** Σ (p)_n / (q)_n zⁿ; the slope of each term in p is the term times Σ 1/(p+k), in q times −Σ 1/(q+k), in z times n/z. */
function putSeries(into: UnitHypergeometric, p: number, q: number, z: number): void {
  let [term, value, inP, inQ, inZ] = [1, 1, 0, 0, 0];
  let [reciprocalsP, reciprocalsQ] = [0, 0];
  for (let n = 1; ; n++) {
    const [below, above] = [p + n - 1, q + n - 1];
    const ratio = below / above;
    inZ += term * ratio * n; // the n-th term over z: right also at z = 0
    term *= ratio * z;
    reciprocalsP += 1 / below;
    reciprocalsQ += 1 / above;
    value += term;
    inP += term * reciprocalsP;
    inQ -= term * reciprocalsQ;
    const limit = Math.max(z, ratio * z);
    if (limit < 1 && term * n * limit <= 1e-16 * value * (1 - limit)) break;
  }
  into.value = value;
  into.inP = inP;
  into.inQ = inQ;
  into.inZ = inZ;
}

/** y = exp(u − e^−u) at equal steps of u: crowded near 0, thinning out like a logarithm; `widths` are dy. */
const step = 1 / 28;
const firstU = -3.7;
const nodes = Float64Array.from({ length: 272 }, (_, i) => Math.exp(firstU + i * step - Math.exp(-firstU - i * step)));
const widths = nodes.map((y, i) => step * y * (1 + Math.exp(-firstU - i * step)));

/**
 * Euler's integral after v = −ln(1 − t): (q−1) ∫₀^∞ e^(−(q−1)v) (1 − z + z e^−v)^−p dv, and under the integral the slopes.
 * It falls slowest at its start, and where it rises instead it turns by v = ln(1/(1 − z)): the nodes are stretched to the longer
 * of the two.
 */
function putQuadrature(into: UnitHypergeometric, p: number, q: number, z: number, rest: number): void {
  let [value, inP, inQ, inZ] = [0, 0, 0, 0];
  const fall = q - 1;
  const stretch = 1 / Math.max(fall - p + p * rest, 1 / (1 - Math.log(rest)));
  for (let i = 0; i < nodes.length; i++) {
    const v = nodes[i] * stretch;
    const decay = Math.exp(-v);
    const mixed = rest + z * decay;
    const log = Math.log(mixed);
    const part = widths[i] * Math.exp(-fall * v - p * log);
    value += part;
    inP -= part * log;
    inQ -= part * v;
    inZ += (part / mixed) * (1 - decay);
  }
  const scale = fall * stretch;
  into.value = scale * value;
  into.inP = scale * inP;
  into.inQ = scale * inQ + stretch * value; // the factor q − 1 has a slope, too
  into.inZ = scale * p * inZ;
}
