import type { SmoothFunction } from '../numerics/minimise.ts';
import { expectedWhileDropping } from './expected-while-dropping.ts';
import type { LikelihoodTable } from './likelihood-table.ts';
import type { LikelihoodFamily } from './purchase-family.ts';
import { logRising, logRisingSlope } from './rising-factorial.ts';

/**
 * BG/NBD: how often a customer buys and whether they still will.
 *
 * Assumes 1) purchases while active are Poisson, rates vary as Gamma(r, alpha); 2) after each repeat purchase a customer may
 * leave for good, chances vary as Beta(a, b); 3) rates and chances are independent. Somebody without repeats is certainly active.
 *
 * Source: Fader, Hardie, Lee (2005), Marketing Science 24(2), 275-284.
 */
export const bgNbd: LikelihoodFamily = {
  ...betaGeometric(0),
  expectedOfNewcomer: ([r, alpha, a, b], time) => expectedWhileDropping(r, alpha, a, b, time),
};

/**
 * MBG/NBD: as BG/NBD, but a customer may leave right after the first purchase too, so that those without repeats need not be
 * active. Source: Batislam, Denizel, Filiztekin (2007), International Journal of Research in Marketing 24(3), 201-209.
 */
export const mbgNbd: LikelihoodFamily = {
  ...betaGeometric(1),
  expectedOfNewcomer: ([r, alpha, a, b], time) => (b / (a + b)) * expectedWhileDropping(r, alpha, a, b + 1, time),
};

/**
 * Both models differ only in how many chances to leave a customer with x repeats has passed: x, or x + 1 when the first
 * purchase counts. With m chances passed,
 *
 *   L = Γ(r+x) α^r / Γ(r) · B(a, b+m) / B(a, b) · [(α+T)^−(r+x) + 1_{m>0} a / (b+m−1) (α+t)^−(r+x)].
 */
function betaGeometric(extraChances: 0 | 1): Omit<LikelihoodFamily, 'expectedOfNewcomer'> {
  const alive: LikelihoodFamily['alive'] = ([r, alpha, a, b], repeats, recency, age) => {
    const chances = repeats + extraChances;
    if (chances === 0) return 1;
    const logGone = Math.log(a / (b + chances - 1)) + (r + repeats) * Math.log((alpha + age) / (alpha + recency));
    return 1 / (1 + Math.exp(logGone));
  };
  return {
    parameterNames: ['r', 'alpha', 'a', 'b'],
    start: (rate) => [0.5, 0.5 / rate, 1, 3],
    loss: (table) => buildLoss(table, extraChances),
    alive,
    expected: (parameters, repeats, recency, age, horizon) => {
      const [r, alpha, a, b] = parameters;
      const whileActive = expectedWhileDropping(r + repeats, alpha + age, a, b + repeats + extraChances, horizon);
      return alive(parameters, repeats, recency, age) * whileActive;
    },
  };
}

function buildLoss(table: LikelihoodTable, extraChances: 0 | 1): SmoothFunction {
  const { customers, counts, countWeight, pairCount, pairTime, rowWeight, rowCount, recencyPair, agePair } = table;
  const logTime = new Float64Array(pairTime.length);
  const scaled = new Float64Array(pairTime.length);
  const pairWeight = new Float64Array(pairTime.length);
  const logOdds = new Float64Array(counts.length);
  const goneWeight = new Float64Array(counts.length);
  return (point, gradient) => {
    const [r, alpha, a, b] = point.map(Math.exp);
    // Times relative to alpha, (1 + t/alpha): keeps digits where alpha is large.
    for (let pair = 0; pair < pairTime.length; pair++) {
      logTime[pair] = Math.log1p(pairTime[pair] / alpha);
      scaled[pair] = (r + counts[pairCount[pair]]) * logTime[pair];
    }
    for (let count = 0; count < counts.length; count++) {
      const chances = counts[count] + extraChances;
      logOdds[count] = chances === 0 ? Number.NEGATIVE_INFINITY : Math.log(a) - Math.log(b + chances - 1);
    }
    pairWeight.fill(0);
    goneWeight.fill(0);

    // Rows: ln[still here + gone since the last purchase], and how much of a customer's weight each of the two explains.
    let total = 0;
    for (let row = 0; row < rowWeight.length; row++) {
      const [age, recency, count, weight] = [agePair[row], recencyPair[row], rowCount[row], rowWeight[row]];
      const logGone = logOdds[count] + scaled[age] - scaled[recency];
      const odds = Math.exp(-Math.abs(logGone));
      total += weight * (Math.max(0, logGone) + Math.log1p(odds) - scaled[age]);
      const gone = weight * (logGone > 0 ? 1 / (1 + odds) : odds / (1 + odds));
      pairWeight[age] += weight - gone;
      pairWeight[recency] += gone;
      goneWeight[count] += gone;
    }

    let [slopeR, slopeAlpha, slopeA, slopeB] = [0, 0, 0, 0];
    for (let pair = 0; pair < pairTime.length; pair++) {
      slopeR -= pairWeight[pair] * logTime[pair];
      const passed = pairTime[pair] / alpha / (alpha + pairTime[pair]);
      slopeAlpha += pairWeight[pair] * (r + counts[pairCount[pair]]) * passed;
    }
    for (let count = 0; count < counts.length; count++) {
      const [repeats, weight] = [counts[count], countWeight[count]];
      const chances = repeats + extraChances;
      const ratio = logRising(b, chances) - logRising(a + b, chances);
      total += weight * (logRising(r, repeats) - repeats * point[1] + ratio);
      slopeAlpha -= (weight * repeats) / alpha;
      const both = weight * logRisingSlope(a + b, chances);
      slopeR += weight * logRisingSlope(r, repeats);
      slopeA += goneWeight[count] / a - both;
      slopeB += weight * logRisingSlope(b, chances) - both;
      if (chances > 0) slopeB -= goneWeight[count] / (b + chances - 1);
    }
    gradient[0] = (-slopeR * r) / customers;
    gradient[1] = (-slopeAlpha * alpha) / customers;
    gradient[2] = (-slopeA * a) / customers;
    gradient[3] = (-slopeB * b) / customers;
    return -total / customers;
  };
}
