import type { SmoothFunction } from '../numerics/minimise.ts';
import { putUnitHypergeometric, type UnitHypergeometric } from '../numerics/unit-hypergeometric.ts';
import type { LikelihoodTable } from './likelihood-table.ts';
import type { LikelihoodFamily } from './purchase-family.ts';
import { logRising, logRisingSlope } from './rising-factorial.ts';

/**
 * Pareto/NBD: as BG/NBD, but customers may leave at any moment and not only after a purchase.
 *
 * Assumes purchases while active are Poisson with rates from Gamma(r, alpha), lifetimes exponential with rates from
 * Gamma(s, beta), both independent.
 *
 * The likelihood holds A₀ = ∫ (α+τ)^−(r+x) (β+τ)^−(s+1) dτ from recency to age, a difference of two ₂F₁. Euler's transformation
 * brings both of Schmittlein's branches (α >= β, α < β) to base(t) · K(t) with
 *
 *   base(t) = (α+t)^−(r+x) (β+t)^−s,   K(t) = ₂F₁(1, r+x; r+s+x+1; (α−β)/(α+t))                   for α >= β
 *                                      K(t) = (α+t)/(β+t) ₂F₁(1, s+1; r+s+x+1; (β−α)/(β+t))        for α < β
 *
 * where K never overflows; base is kept as a logarithm and relative to base(0), and with share = s / (r+s+x)
 *
 *   L = Γ(r+x) α^r β^s / Γ(r) · base(recency) · [share · K(recency) + base(age)/base(recency) · (1 − share · K(age))].
 *
 * Source: Schmittlein, Morrison, Colombo (1987), Management Science 33(1), 1-24; Fader & Hardie (2005), "A note on deriving the
 * Pareto/NBD model and related expressions".
 */
export const paretoNbd: LikelihoodFamily = {
  parameterNames: ['r', 'alpha', 's', 'beta'],
  start: (rate) => [0.5, 0.5 / rate, 0.5, 1],
  loss: buildLoss,
  alive,
  expected: (parameters, repeats, recency, age, horizon) => {
    const [r, alpha, s, beta] = parameters;
    const rate = (r + repeats) / (alpha + age);
    return alive(parameters, repeats, recency, age) * rate * activeTime(s, beta + age, horizon);
  },
  expectedOfNewcomer: ([r, alpha, s, beta], time) => (r / alpha) * activeTime(s, beta, time),
};

function alive(parameters: readonly number[], repeats: number, recency: number, age: number): number {
  const [r, alpha, s, beta] = parameters;
  const share = s / (r + s + repeats);
  const kept = Math.exp(
    (r + repeats) * Math.log((alpha + recency) / (alpha + age)) + s * Math.log((beta + recency) / (beta + age)),
  );
  const kernels = new Float64Array(10);
  putKernel(kernels, 0, parameters, repeats, recency);
  putKernel(kernels, 5, parameters, repeats, age);
  const whole = share * kernels[0];
  const stays = kept * Math.max(0, 1 - share * kernels[5]);
  return Math.min(1, kept / (whole + stays));
}

/** How much of the horizon a customer stays active when lifetimes are Pareto: ∫ (β / (β+τ))^s dτ, also at s = 1. */
function activeTime(s: number, beta: number, horizon: number): number {
  const log = Math.log1p(horizon / beta);
  return Math.abs(s - 1) < 1e-12 ? beta * log : (-Math.expm1(-(s - 1) * log) / (s - 1)) * beta;
}

function buildLoss(table: LikelihoodTable): SmoothFunction {
  const { customers, counts, countWeight, pairCount, pairTime, rowWeight, rowCount, recencyPair, agePair } = table;
  const pairs = pairTime.length;
  const base = new Float64Array(pairs);
  const kernels = new Float64Array(pairs * 5); // value and slopes in r, alpha, s, beta
  const baseWeight = new Float64Array(pairs);
  const kernelWeight = new Float64Array(pairs);
  const share = new Float64Array(counts.length);
  const shareWeight = new Float64Array(counts.length);
  return (point, gradient) => {
    const parameters = point.map(Math.exp);
    const [r, alpha, s, beta] = parameters;
    for (let pair = 0; pair < pairs; pair++) {
      const [repeats, time] = [counts[pairCount[pair]], pairTime[pair]];
      base[pair] = -(r + repeats) * Math.log1p(time / alpha) - s * Math.log1p(time / beta);
      putKernel(kernels, pair * 5, parameters, repeats, time);
    }
    for (let count = 0; count < counts.length; count++) share[count] = s / (r + s + counts[count]);
    baseWeight.fill(0);
    kernelWeight.fill(0);
    shareWeight.fill(0);

    let total = 0;
    for (let row = 0; row < rowWeight.length; row++) {
      const [age, recency, count, weight] = [agePair[row], recencyPair[row], rowCount[row], rowWeight[row]];
      const kept = Math.exp(base[age] - base[recency]);
      const stays = kept * Math.max(0, 1 - share[count] * kernels[age * 5]);
      const mixed = share[count] * kernels[recency * 5] + stays;
      total += weight * (base[recency] + Math.log(mixed));
      const scale = weight / mixed;
      baseWeight[recency] += weight - scale * stays;
      baseWeight[age] += scale * stays;
      kernelWeight[recency] += scale * share[count];
      kernelWeight[age] -= scale * share[count] * kept;
      shareWeight[count] += scale * (kernels[recency * 5] - kept * kernels[age * 5]);
    }

    let [slopeR, slopeAlpha, slopeS, slopeBeta] = [0, 0, 0, 0];
    for (let pair = 0; pair < pairs; pair++) {
      const [repeats, time] = [counts[pairCount[pair]], pairTime[pair]];
      const [ofBase, ofKernel, at] = [baseWeight[pair], kernelWeight[pair], pair * 5];
      slopeR += ofKernel * kernels[at + 1] - ofBase * Math.log1p(time / alpha);
      slopeAlpha += ofKernel * kernels[at + 2] + (ofBase * (r + repeats) * (time / alpha)) / (alpha + time);
      slopeS += ofKernel * kernels[at + 3] - ofBase * Math.log1p(time / beta);
      slopeBeta += ofKernel * kernels[at + 4] + (ofBase * s * (time / beta)) / (beta + time);
    }
    for (let count = 0; count < counts.length; count++) {
      const [repeats, weight] = [counts[count], countWeight[count]];
      total += weight * (logRising(r, repeats) - repeats * point[1]);
      slopeAlpha -= (weight * repeats) / alpha;
      slopeR += weight * logRisingSlope(r, repeats) - (shareWeight[count] * share[count]) / (r + s + repeats);
      slopeS += (shareWeight[count] * (1 - share[count])) / (r + s + repeats);
    }
    gradient[0] = (-slopeR * r) / customers;
    gradient[1] = (-slopeAlpha * alpha) / customers;
    gradient[2] = (-slopeS * s) / customers;
    gradient[3] = (-slopeBeta * beta) / customers;
    return -total / customers;
  };
}

/** K(t) and its slopes in r, alpha, s, beta into `into[at … at + 4]`. */
function putKernel(
  into: Float64Array,
  at: number,
  [r, alpha, s, beta]: Iterable<number>,
  repeats: number,
  time: number,
): void {
  const isAlphaLarger = alpha >= beta;
  const larger = Math.max(alpha, beta) + time;
  const smaller = Math.min(alpha, beta) + time;
  const p = isAlphaLarger ? r + repeats : s + 1;
  putUnitHypergeometric(unit, p, r + s + repeats + 1, Math.abs(alpha - beta) / larger, smaller / larger);
  const factor = isAlphaLarger ? 1 : smaller / larger;
  const toLarger = (unit.inZ * (smaller / larger)) / larger;
  const toSmaller = -unit.inZ / larger;
  into[at] = factor * unit.value;
  into[at + 1] = factor * (isAlphaLarger ? unit.inP + unit.inQ : unit.inQ);
  into[at + 2] = isAlphaLarger ? toLarger : factor * toSmaller + unit.value / larger;
  into[at + 3] = factor * (isAlphaLarger ? unit.inQ : unit.inP + unit.inQ);
  into[at + 4] = isAlphaLarger ? toSmaller : factor * (toLarger - unit.value / larger);
}

const unit: UnitHypergeometric = { value: 0, inP: 0, inQ: 0, inZ: 0 };
