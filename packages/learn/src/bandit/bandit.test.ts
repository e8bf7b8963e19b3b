import { describe, expect, it } from 'vitest';
import { ShapeError } from '../errors.ts';
import { seededRandom } from '../lifetime/simulate-histories.fixture.ts';
import { logBeta } from '../numerics/gamma.ts';
import { normalProbability } from '../numerics/normal-quantile.ts';
import {
  type BernoulliArms,
  chooseByKlUcb,
  chooseByThompson,
  chooseByUcb1,
  createBernoulliArms,
  updateBernoulliArms,
} from './bernoulli-arms.ts';
import { betaThompsonPropensities, normalThompsonPropensities } from './chance-of-best.ts';
import { drawBeta, drawGamma, drawIndex, drawNormal, type Random } from './draw.ts';
import { fillSlots, slotChances } from './fill-slots.ts';
import {
  chooseBySampling,
  createLinearBelief,
  predictReward,
  sumLinearBelief,
  updateLinearBelief,
  upperRewards,
} from './linear-arms.ts';

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const errorOf = (values: readonly number[]) => {
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1) / values.length);
};
const timesOf = <Value>(n: number, make: (i: number) => Value) => Array.from({ length: n }, (_, i) => make(i));

describe('draws', () => {
  it('have the means and variances of their distributions', () => {
    const random = seededRandom(1);
    const cases: [() => number, number, number][] = [
      [() => drawNormal(random), 0, 1],
      [() => drawGamma(2.5, random), 2.5, 2.5],
      [() => drawGamma(0.4, random), 0.4, 0.4],
      [() => drawBeta(2, 6, random), 0.25, 12 / (64 * 9)],
    ];
    for (const [draw, mean, variance] of cases) {
      const values = timesOf(20_000, draw);
      expect(Math.abs(meanOf(values) - mean)).toBeLessThan(4 * Math.sqrt(variance / 20_000));
      expect(meanOf(values.map((value) => (value - mean) ** 2)) / variance).toBeCloseTo(1, 1);
    }
  });

  it('of an index never give one of no probability', () => {
    const random = seededRandom(2);
    expect(new Set(timesOf(500, () => drawIndex([0, 0.5, 0, 0.5, 0], random)))).toEqual(new Set([1, 3]));
    expect(() => drawIndex([0, 0], random)).toThrow(/no probability/);
  });
});

describe('regret after 10,000 rounds with ten arms from .02 to .10', () => {
  // The source gives the ends of ten arms in steps of .01; with .05 twice all three published figures come out.
  const rates = [0.02, 0.03, 0.04, 0.05, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1];

  function regretsOf(choose: (arms: BernoulliArms, random: Random) => number, runs: number): number[] {
    return timesOf(runs, (run) => {
      const random = seededRandom(100 + run);
      const arms = createBernoulliArms(10);
      let regret = 0;
      for (let round = 0; round < 10_000; round++) {
        const arm = choose(arms, random);
        regret += 0.1 - rates[arm];
        updateBernoulliArms(arms, arm, random() < rates[arm]);
      }
      return regret;
    });
  }

  it.each([
    ['Thompson sampling', chooseByThompson, 10, 109.7, 3.4],
    ['UCB1', chooseByUcb1, 4, 320.8, 2],
    ['KL-UCB', chooseByKlUcb, 3, 144.5, 6],
  ])('of %s is the published one', (_, choose, runs, published, publishedError) => {
    const regrets = regretsOf(choose, runs);
    const tolerance = 3 * Math.hypot(errorOf(regrets), publishedError);
    expect(Math.abs(meanOf(regrets) - published)).toBeLessThan(tolerance);
  });
});

describe('propensities of Thompson sampling', () => {
  it('of two Bernoulli arms are the closed form', () => {
    // P(Beta(a2, b2) > Beta(a1, b1)) = Σ_{i < a2} B(a1 + i, b1 + b2) / ((b2 + i) B(1 + i, b2) B(a1, b1)) (Miller 2015)
    for (const [a1, b1, a2, b2] of [
      [1, 1, 1, 1],
      [3, 40, 5, 38],
      [30, 970, 41, 959],
      [2, 2, 300, 200],
      [1, 500, 1, 3],
    ]) {
      let closed = 0;
      for (let i = 0; i < a2; i++) {
        closed += Math.exp(logBeta(a1 + i, b1 + b2) - Math.log(b2 + i) - logBeta(1 + i, b2) - logBeta(a1, b1));
      }
      const { probability, error } = betaThompsonPropensities([a1, a2], [b1, b2]);
      expect(Math.abs(probability[1] - closed)).toBeLessThan(Math.max(1e-7, 2 * error));
      expect(error).toBeLessThan(1e-3);
    }
  });

  it('of two normal arms are the closed form Φ(difference / joint deviation)', () => {
    for (const [mean, deviation] of [
      [0.3, 1],
      [2, 0.01],
      [-1, 5],
    ]) {
      const { probability, error } = normalThompsonPropensities([0, mean], [1, deviation]);
      const closed = normalProbability(mean / Math.hypot(1, deviation));
      expect(Math.abs(probability[1] - closed)).toBeLessThan(Math.max(1e-7, 2 * error));
    }
  });

  it('add up to 1, are alike for arms that are alike, and meet the shares of drawn choices', () => {
    const arms = createBernoulliArms(5);
    arms.successes.set([3, 10, 0, 8, 3]);
    arms.failures.set([60, 150, 0, 400, 60]);
    const { probability, error } = betaThompsonPropensities(
      arms.successes.map((count) => count + 1),
      arms.failures.map((count) => count + 1),
    );
    expect(probability.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 12);
    expect(probability[0]).toBeCloseTo(probability[4], 12);
    expect(error).toBeLessThan(1e-3);
    const random = seededRandom(3);
    const counts = new Float64Array(5);
    for (let i = 0; i < 20_000; i++) counts[chooseByThompson(arms, random)] += 1 / 20_000;
    counts.forEach((share, arm) => {
      expect(Math.abs(share - probability[arm])).toBeLessThan(4 * Math.sqrt(probability[arm] / 20_000) + error);
    });
  });

  it('need beliefs that are uncertain', () => {
    expect(() => normalThompsonPropensities([0, 1], [1, 0])).toThrow(/deviation 1 must be above 0/);
    expect(() => betaThompsonPropensities([], [])).toThrow(/no arm/);
  });
});

describe('linear beliefs', () => {
  it('are ridge regression: A A⁻¹ is the identity and the mean solves A θ = b', () => {
    const random = seededRandom(4);
    const belief = createLinearBelief(4, 0.5);
    const a = timesOf(4, (i) => timesOf<number>(4, (j) => (i === j ? 0.5 : 0)));
    const b = [0, 0, 0, 0];
    for (let n = 0; n < 300; n++) {
      const context = timesOf(4, () => random() - 0.5);
      const reward = random();
      updateLinearBelief(belief, context, reward);
      context.forEach((x, i) => {
        b[i] += reward * x;
        context.forEach((y, j) => {
          a[i][j] += x * y;
        });
      });
    }
    for (let i = 0; i < 4; i++) {
      const unit = timesOf<number>(4, (k) => (k === i ? 1 : 0));
      const product = timesOf(4, (j) => unit.reduce((sum, _, k) => sum + a[i][k] * belief.inverse[k * 4 + j], 0));
      for (let j = 0; j < 4; j++) expect(product[j]).toBeCloseTo(i === j ? 1 : 0, 9);
      const theta = timesOf(
        4,
        (k) =>
          predictReward(
            belief,
            timesOf<number>(4, (m) => (m === k ? 1 : 0)),
          ).mean,
      );
      expect(theta.reduce((sum, value, k) => sum + a[i][k] * value, 0)).toBeCloseTo(b[i], 9);
    }
  });

  it('are the same from sums as one reward after the other', () => {
    const random = seededRandom(8);
    const oneByOne = createLinearBelief(3);
    const gram = new Float64Array(9);
    const response = new Float64Array(3);
    for (let round = 0; round < 40; round++) {
      const context = timesOf(3, () => random());
      const reward = random() < 0.3 ? 1 : 0;
      updateLinearBelief(oneByOne, context, reward);
      context.forEach((x, i) => {
        response[i] += reward * x;
        context.forEach((y, j) => {
          gram[i * 3 + j] += x * y;
        });
      });
    }
    const summed = sumLinearBelief(gram, response);
    for (let i = 0; i < 9; i++) expect(summed.inverse[i]).toBeCloseTo(oneByOne.inverse[i], 10);
    expect(predictReward(summed, [1, 0, 1]).mean).toBeCloseTo(predictReward(oneByOne, [1, 0, 1]).mean, 10);
    expect(() => sumLinearBelief([1, 2], [1])).toThrow(ShapeError);
  });

  it('let LinUCB find out which arm suits which visitor', () => {
    const random = seededRandom(5);
    const truth = [
      [0.1, 0.6],
      [0.6, 0.1],
      [0.3, 0.3],
    ]; // reward of the arm for visitors of either kind
    const beliefs = truth.map(() => createLinearBelief(2));
    let good = 0;
    for (let round = 0; round < 3000; round++) {
      const kind = random() < 0.5 ? 0 : 1;
      const context = kind === 0 ? [1, 0] : [0, 1];
      const upper = upperRewards(
        beliefs.map((belief) => ({ belief, context })),
        0.5,
      );
      const arm = upper.indexOf(Math.max(...upper));
      updateLinearBelief(beliefs[arm], context, random() < truth[arm][kind] ? 1 : 0);
      if (round >= 1000 && arm === (kind === 0 ? 1 : 0)) good++;
    }
    expect(good / 2000).toBeGreaterThan(0.95);
  });

  it('sampled with dependent arms choose with exactly the logged propensity: inverse propensity sees every arm alike', () => {
    const random = seededRandom(6);
    const belief = createLinearBelief(2);
    for (let n = 0; n < 30; n++) updateLinearBelief(belief, [1, random()], random());
    const contexts = [1, 0, 1, 0.5, 1, 1];
    const inverse = [0, 0, 0];
    const rounds = 4000;
    for (let round = 0; round < rounds; round++) {
      const { arm, propensity } = chooseBySampling(belief, contexts, { noise: 0.5, draws: 12, floor: 0.3 }, random);
      inverse[arm] += 1 / propensity / rounds;
    }
    for (const total of inverse) expect(Math.abs(total - 1)).toBeLessThan(4 * Math.sqrt(10 / rounds)); // weights are at most 10
  });

  it('reward of a context of the wrong length is refused', () => {
    expect(() => updateLinearBelief(createLinearBelief(3), [1], 1)).toThrow(/expected 3 numbers of context, got 1/);
  });
});

describe('exploring slots', () => {
  const options = { candidates: 12, slots: 6, exploringSlots: 2, explorationRate: 0.2, poolSize: 4 };

  it('leave the head as ranked, never show an item twice and log chances that add up to 1', () => {
    const random = seededRandom(7);
    for (let round = 0; round < 300; round++) {
      const { shown, propensity, explored } = fillSlots(options, random);
      expect([...shown.subarray(0, 4)]).toEqual([0, 1, 2, 3]);
      expect([...propensity.subarray(0, 4)]).toEqual([1, 1, 1, 1]);
      expect(new Set(shown).size).toBe(6);
      expect(Math.max(...shown)).toBeLessThan(10);
      const taken = new Uint8Array(12).fill(1, 0, 4);
      for (const slot of [4, 5]) {
        const chances = slotChances(options, taken);
        expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 12);
        expect(propensity[slot]).toBe(chances[shown[slot]]);
        expect(explored[slot]).toBe(shown[slot] === taken.indexOf(0) ? 0 : 1);
        taken[shown[slot]] = 1;
      }
    }
  });

  it('let the value of any other policy be estimated without bias from the log', () => {
    // Clicks depend on the item in the last slot; the policy judged draws it from its own chances.
    const random = seededRandom(8);
    const clickRate = timesOf(12, (rank) => 0.05 + 0.02 * ((rank * 5) % 12));
    const weights = timesOf(12, (rank) => 1 + (rank % 3));
    const logging = { ...options, exploringSlots: 1, explorationRate: 0.5, weights };
    const others = [5, 6, 7, 8, 9];
    const target = (rank: number) => (others.includes(rank) ? 0.2 : 0);
    const truth = meanOf(others.map((rank) => clickRate[rank]));
    const estimates = timesOf(20_000, () => {
      const { shown, propensity } = fillSlots(logging, random);
      const reward = random() < clickRate[shown[5]] ? 1 : 0;
      return (target(shown[5]) / propensity[5]) * reward;
    });
    expect(Math.abs(meanOf(estimates) - truth)).toBeLessThan(4 * errorOf(estimates));
    expect(errorOf(estimates)).toBeLessThan(0.01);
  });

  it('show the ranking, with certainty, when nothing is to be tried or nothing is left to try', () => {
    const random = seededRandom(9);
    for (const changed of [{ explorationRate: 0 }, { exploringSlots: 0 }, { weights: new Float64Array(12) }]) {
      const { shown, propensity } = fillSlots({ ...options, ...changed }, random);
      expect([...shown]).toEqual([0, 1, 2, 3, 4, 5]);
      expect([...propensity]).toEqual([1, 1, 1, 1, 1, 1]);
    }
    expect([...fillSlots({ ...options, candidates: 2 }, random).shown]).toEqual([0, 1]);
    expect(fillSlots({ ...options, candidates: 0 }, random).shown.length).toBe(0);
  });

  it('refuse a budget of more than everything', () => {
    expect(() => fillSlots({ ...options, explorationRate: 1.2 }, seededRandom(1))).toThrow(
      /explorationRate must be between 0 and 1/,
    );
  });
});
