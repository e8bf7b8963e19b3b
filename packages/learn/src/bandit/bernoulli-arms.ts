import { DomainError } from '../errors.ts';
import { drawBeta, type Random } from './draw.ts';

/** Arms whose reward is yes or no: clicked, bought. */
export type BernoulliArms = {
  readonly kind: 'bernoulli-arms';
  readonly version: 1;
  /** Counts per arm; may be fractions when old ones fade. */
  readonly successes: Float64Array;
  readonly failures: Float64Array;
};

export function createBernoulliArms(arms: number): BernoulliArms {
  if (!Number.isInteger(arms) || arms < 1) {
    throw new DomainError(`createBernoulliArms: arms must be a positive integer, got ${arms}`);
  }
  return { kind: 'bernoulli-arms', version: 1, successes: new Float64Array(arms), failures: new Float64Array(arms) };
}

/** Counts one reward, in place. */
export function updateBernoulliArms(arms: BernoulliArms, arm: number, reward: boolean): void {
  if (!(arm in arms.successes)) {
    throw new DomainError(`updateBernoulliArms: there is no arm ${arm} among ${arms.successes.length}`);
  }
  (reward ? arms.successes : arms.failures)[arm]++;
}

/**
 * Thompson sampling: draws a rate per arm from Beta(1 + successes, 1 + failures) and takes the arm with the largest. Its
 * propensities: `betaThompsonPropensities`. Source: Agrawal and Goyal (2012), COLT.
 */
export function chooseByThompson({ successes, failures }: BernoulliArms, random: Random): number {
  return largest(successes.length, (arm) => drawBeta(1 + successes[arm], 1 + failures[arm], random));
}

/** UCB1: rate + √(2 ln t / n). Untried arms first. Source: Auer, Cesa-Bianchi, Fischer (2002), Machine Learning 47. */
export function chooseByUcb1({ successes, failures }: BernoulliArms): number {
  const total = sumOf(successes) + sumOf(failures);
  return largest(successes.length, (arm) => {
    const n = successes[arm] + failures[arm];
    return n === 0 ? Number.POSITIVE_INFINITY : successes[arm] / n + Math.sqrt((2 * Math.log(total)) / n);
  });
}

/**
 * KL-UCB: the largest rate q with n · KL(rate ‖ q) <= ln t. Much tighter than UCB1 where rates are small, as clicks are.
 * Source: Garivier and Cappé (2011), COLT (with c = 0, as they advise).
 */
export function chooseByKlUcb({ successes, failures }: BernoulliArms): number {
  const budget = Math.log(sumOf(successes) + sumOf(failures));
  return largest(successes.length, (arm) => {
    const n = successes[arm] + failures[arm];
    return n === 0 ? Number.POSITIVE_INFINITY : upperRate(successes[arm] / n, budget / n);
  });
}

function upperRate(rate: number, divergenceMax: number): number {
  let [low, high] = [rate, 1];
  for (let step = 0; step < 30; step++) {
    const middle = (low + high) / 2;
    if (bernoulliDivergence(rate, middle) > divergenceMax) high = middle;
    else low = middle;
  }
  return low;
}

function bernoulliDivergence(p: number, q: number): number {
  const part = (x: number, y: number) => (x === 0 ? 0 : x * Math.log(x / y));
  return part(p, q) + part(1 - p, 1 - q);
}

function sumOf(counts: Float64Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function largest(arms: number, worth: (arm: number) => number): number {
  let [best, bestValue] = [0, Number.NEGATIVE_INFINITY];
  for (let arm = 0; arm < arms; arm++) {
    const value = worth(arm);
    if (value > bestValue) [best, bestValue] = [arm, value];
  }
  return best;
}
