import type { LikelihoodFamily } from './purchase-family.ts';
import { logRising, logRisingSlope } from './rising-factorial.ts';

/**
 * NBD: customers buy at steady rates that vary as Gamma(r, alpha), and nobody ever leaves. A customer's own rate is pulled
 * towards the average, the more the shorter the history. The null model of all that let customers leave, and a baseline.
 * Source: Ehrenberg (1959), Applied Statistics 8(1), 26-41.
 */
export const nbd: LikelihoodFamily = {
  parameterNames: ['r', 'alpha'],
  start: (rate) => [0.5, 0.5 / rate],
  alive: () => 1,
  expected: ([r, alpha], repeats, _, age, horizon) => ((r + repeats) / (alpha + age)) * horizon,
  expectedOfNewcomer: ([r, alpha], time) => (r / alpha) * time,
  loss: (table) => {
    const { customers, counts, countWeight, pairTime, rowWeight, rowCount, agePair } = table;
    return (point, gradient) => {
      const [r, alpha] = point.map(Math.exp);
      let total = 0;
      let [slopeR, slopeAlpha] = [0, 0];
      for (let count = 0; count < counts.length; count++) {
        total += countWeight[count] * (logRising(r, counts[count]) - counts[count] * point[1]);
        slopeAlpha -= (countWeight[count] * counts[count]) / alpha;
        slopeR += countWeight[count] * logRisingSlope(r, counts[count]);
      }
      for (let row = 0; row < rowWeight.length; row++) {
        const time = pairTime[agePair[row]];
        const shape = r + counts[rowCount[row]];
        const log = Math.log1p(time / alpha);
        total -= rowWeight[row] * shape * log;
        slopeR -= rowWeight[row] * log;
        slopeAlpha += (rowWeight[row] * shape * (time / alpha)) / (alpha + time);
      }
      gradient[0] = (-slopeR * r) / customers;
      gradient[1] = (-slopeAlpha * alpha) / customers;
      return -total / customers;
    };
  },
};
