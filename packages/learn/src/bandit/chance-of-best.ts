import { DomainError, ShapeError } from '../errors.ts';
import { incompleteBeta } from '../numerics/incomplete.ts';
import { normalProbability, normalQuantile } from '../numerics/normal-quantile.ts';

/** Probability of each arm to be chosen, and how far from the truth any of them may be. */
export type Propensities = {
  /** Adds up to 1. */
  readonly probability: Float64Array;
  /** Largest absolute error of any entry, estimated on the safe side. */
  readonly error: number;
};

/** Chances outside this far in the tails are left out of the integral. */
const tail = 1e-10;
const knotsPerArm = 64;

/** Independent beliefs about arms: how likely the value of arm `arm` is at most x, and where nearly all of its mass lies. */
type Beliefs = {
  readonly arms: number;
  readonly cumulative: (arm: number, x: number) => number;
  readonly range: (arm: number) => readonly [number, number];
};

/**
 * The chance that Thompson sampling chooses each of several Bernoulli arms: that its draw of Beta(a, b) is the largest.
 * Not simulated: ∫ Π_{j≠i} F_j dF_i by the trapezoid rule on points gathered where the arms' mass lies; `error` is
 * what the last halving of the intervals changed. Cost: 128 × arms² values of the incomplete beta function; once per update, not per visitor.
 */
export function betaThompsonPropensities(a: ArrayLike<number>, b: ArrayLike<number>): Propensities {
  if (a.length !== b.length) throw new ShapeError(`betaThompsonPropensities: ${a.length} a but ${b.length} b`);
  return chanceOfBest({
    arms: a.length,
    cumulative: (arm, x) => incompleteBeta(x, a[arm], b[arm]),
    range: (arm) => {
      const cumulative = (x: number) => incompleteBeta(x, a[arm], b[arm]);
      return [quantileIn01(cumulative, tail), quantileIn01(cumulative, 1 - tail)];
    },
  });
}

/** The same for independent normal beliefs, as linear models per arm give them for one visitor. */
export function normalThompsonPropensities(means: ArrayLike<number>, deviations: ArrayLike<number>): Propensities {
  if (means.length !== deviations.length) {
    throw new ShapeError(`normalThompsonPropensities: ${means.length} means but ${deviations.length} deviations`);
  }
  for (let arm = 0; arm < means.length; arm++) {
    if (!(deviations[arm] > 0)) {
      throw new DomainError(`normalThompsonPropensities: deviation ${arm} must be above 0, got ${deviations[arm]}`);
    }
  }
  const reach = -normalQuantile(tail);
  return chanceOfBest({
    arms: means.length,
    cumulative: (arm, x) => normalProbability((x - means[arm]) / deviations[arm]),
    range: (arm) => [means[arm] - reach * deviations[arm], means[arm] + reach * deviations[arm]],
  });
}

function chanceOfBest(beliefs: Beliefs): Propensities {
  if (beliefs.arms === 0) throw new DomainError('propensities: there is no arm to choose from');
  const points = gatherPoints(beliefs);
  const cumulative = Array.from({ length: beliefs.arms }, (_, arm) =>
    Float64Array.from(points, (x) => beliefs.cumulative(arm, x)),
  );
  const fine = integrate(cumulative, 1);
  const coarse = integrate(cumulative, 2);
  // Halving every interval divides the error of the rule by four: what is left of it can be taken off (Richardson).
  const better = fine.map((chance, arm) => Math.max(0, chance + (chance - coarse[arm]) / 3));
  const total = better.reduce((sum, chance) => sum + chance, 0);
  return {
    probability: better.map((chance) => chance / total),
    error: better.reduce((max, chance, arm) => Math.max(max, Math.abs(chance - fine[arm])), tail * beliefs.arms),
  };
}

/** Points of all arms' ranges, denser at their ends, above what the best arm surely reaches; and the middles between them. */
function gatherPoints(beliefs: Beliefs): Float64Array {
  const ranges = Array.from({ length: beliefs.arms }, (_, arm) => beliefs.range(arm));
  const floor = Math.max(...ranges.map(([low]) => low));
  const knots = new Set<number>();
  for (const [low, high] of ranges) {
    for (let k = 0; k <= knotsPerArm; k++) {
      knots.add(Math.max(floor, low + ((high - low) * (1 - Math.cos((Math.PI * k) / knotsPerArm))) / 2));
    }
  }
  const sorted = [...knots].sort((x, y) => x - y);
  return Float64Array.from(sorted.flatMap((x, at) => (at === 0 ? [x] : [(sorted[at - 1] + x) / 2, x])));
}

/** ∫ Π_{j≠i} F_j dF_i for every arm i by trapezoids, with every `stride`-th point. */
function integrate(cumulative: readonly Float64Array[], stride: number): Float64Array {
  const arms = cumulative.length;
  const chances = new Float64Array(arms);
  let before = productOfOthers(cumulative, 0);
  for (let arm = 0; arm < arms; arm++) chances[arm] = cumulative[arm][0] * before[arm];
  for (let point = stride; point < cumulative[0].length; point += stride) {
    const after = productOfOthers(cumulative, point);
    for (let arm = 0; arm < arms; arm++) {
      const mass = cumulative[arm][point] - cumulative[arm][point - stride];
      chances[arm] += mass * 0.5 * (before[arm] + after[arm]);
    }
    before = after;
  }
  return chances;
}

/** For every arm the product of the other arms' chances at one point, without dividing (one may be 0). */
function productOfOthers(cumulative: readonly Float64Array[], point: number): Float64Array {
  const arms = cumulative.length;
  const products = new Float64Array(arms).fill(1);
  let product = 1;
  for (let arm = 0; arm < arms; arm++) {
    products[arm] = product;
    product *= cumulative[arm][point];
  }
  product = 1;
  for (let arm = arms - 1; arm >= 0; arm--) {
    products[arm] *= product;
    product *= cumulative[arm][point];
  }
  return products;
}

function quantileIn01(cumulative: (x: number) => number, probability: number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (cumulative(middle) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
