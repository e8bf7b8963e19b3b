import { DomainError, ShapeError } from '../errors.ts';
import { invertPositiveDefinite } from '../numerics/invert-positive-definite.ts';
import { drawIndex, drawNormal, type Random } from './draw.ts';

/**
 * What is believed about rewards that are linear in a context: reward ≈ x · θ, θ ~ Normal(A⁻¹ b, noise² A⁻¹).
 * One per arm ("disjoint"), or one for all arms when the context describes the arm too.
 */
export type LinearBelief = {
  readonly kind: 'linear-belief';
  readonly version: 1;
  readonly dimensions: number;
  /** A⁻¹, dimensions × dimensions, symmetric; A = ridge · I + Σ x xᵀ. */
  readonly inverse: Float64Array;
  /** b = Σ reward · x. */
  readonly response: Float64Array;
};

/** @param ridge strength of the belief that θ is 0 before anything was seen; above 0. */
export function createLinearBelief(dimensions: number, ridge = 1): LinearBelief {
  if (!Number.isInteger(dimensions) || dimensions < 1) {
    throw new DomainError(`createLinearBelief: dimensions must be a positive integer, got ${dimensions}`);
  }
  if (!(ridge > 0)) throw new DomainError(`createLinearBelief: ridge must be above 0, got ${ridge}`);
  const inverse = new Float64Array(dimensions * dimensions);
  for (let i = 0; i < dimensions; i++) inverse[i * dimensions + i] = 1 / ridge;
  return { kind: 'linear-belief', version: 1, dimensions, inverse, response: new Float64Array(dimensions) };
}

/**
 * One reward seen, in place: A⁻¹ ← A⁻¹ − (A⁻¹x)(A⁻¹x)ᵀ / (1 + xᵀA⁻¹x), after Sherman and Morrison. Cost: O(dimensions²).
 */
export function updateLinearBelief(belief: LinearBelief, context: ArrayLike<number>, reward: number): void {
  if (!Number.isFinite(reward)) throw new DomainError(`updateLinearBelief: reward must be finite, got ${reward}`);
  const { dimensions, inverse, response } = belief;
  const turned = timesInverse(belief, context);
  const scale = 1 / (1 + dot(context, turned));
  for (let i = 0; i < dimensions; i++) {
    for (let j = 0; j <= i; j++) {
      const value = inverse[i * dimensions + j] - turned[i] * turned[j] * scale;
      inverse[i * dimensions + j] = value;
      inverse[j * dimensions + i] = value;
    }
    response[i] += reward * context[i];
  }
}

/**
 * The belief after any number of rewards at once, from their sums: the same as one `updateLinearBelief` each.
 * @param gram Σ x xᵀ, dimensions × dimensions, row by row. @param response Σ reward · x.
 * @throws ShapeError when lengths do not fit; DomainError when the sums are of no such rewards. Cost: O(dimensions³).
 */
export function sumLinearBelief(gram: ArrayLike<number>, response: ArrayLike<number>, ridge = 1): LinearBelief {
  const dimensions = response.length;
  if (gram.length !== dimensions * dimensions) {
    throw new ShapeError(`sumLinearBelief: ${dimensions} responses but ${gram.length} products`);
  }
  const belief = createLinearBelief(dimensions, ridge);
  const precision = Float64Array.from(gram);
  for (let i = 0; i < dimensions; i++) precision[i * dimensions + i] += ridge;
  const inverse = invertPositiveDefinite(precision, dimensions);
  if (!inverse) throw new DomainError('sumLinearBelief: the products are of no real contexts');
  belief.inverse.set(inverse);
  belief.response.set(Float64Array.from(response));
  return belief;
}

/** Expected reward and its uncertainty √(xᵀA⁻¹x), in units of the noise of one reward. */
export function predictReward(
  belief: LinearBelief,
  context: ArrayLike<number>,
): { readonly mean: number; readonly deviation: number } {
  const turned = timesInverse(belief, context);
  return { mean: dot(turned, belief.response), deviation: Math.sqrt(Math.max(0, dot(turned, context))) };
}

/**
 * LinUCB: x · θ + α √(xᵀA⁻¹x) per arm; the largest is taken. It always takes the same arm for the same context, so its propensity
 * is 1: mix it with exploration (`fillSlots`) where other policies shall be judged by its log.
 * Source: Li, Chu, Langford, Schapire (2010), WWW.
 */
export function upperRewards(
  arms: readonly { readonly belief: LinearBelief; readonly context: ArrayLike<number> }[],
  alpha: number,
): Float64Array {
  if (!(alpha >= 0)) throw new DomainError(`upperRewards: alpha must be 0 or more, got ${alpha}`);
  return Float64Array.from(arms, ({ belief, context }) => {
    const { mean, deviation } = predictReward(belief, context);
    return mean + alpha * deviation;
  });
}

export type SampledChoice = {
  readonly arm: number;
  /** Exactly the chance with which `arm` was drawn. */
  readonly propensity: number;
  readonly probability: Float64Array;
};

/**
 * Thompson sampling with one belief shared by all arms: their draws depend on each other, so there is no simple integral. Instead
 * the policy *is* the sample: θ is drawn `draws` times, the shares of wins, mixed with `floor`, are the probabilities, and the arm
 * is drawn from them. The propensity logged is therefore exact, whatever `draws`; against endless draws each probability has a
 * standard error of √(p (1 − p) / draws). Source: Agrawal and Goyal (2013), ICML.
 * @param contexts arms × dimensions, row-major.
 * @param floor total probability spread evenly over all arms, above 0: no arm is ever impossible.
 */
export function chooseBySampling(
  belief: LinearBelief,
  contexts: ArrayLike<number>,
  { noise, draws, floor }: { readonly noise: number; readonly draws: number; readonly floor: number },
  random: Random,
): SampledChoice {
  const { dimensions } = belief;
  const arms = contexts.length / dimensions;
  if (!Number.isInteger(arms) || arms < 1) {
    throw new ShapeError(`chooseBySampling: ${contexts.length} numbers are not rows of ${dimensions}`);
  }
  if (!(floor > 0 && floor <= 1)) throw new DomainError(`chooseBySampling: floor must be in (0, 1], got ${floor}`);
  const root = choleskyRoot(belief);
  const centre = timesInverse(belief, belief.response);
  const wins = new Float64Array(arms);
  const theta = new Float64Array(dimensions);
  const normals = new Float64Array(dimensions);
  for (let draw = 0; draw < draws; draw++) {
    for (let i = 0; i < dimensions; i++) normals[i] = noise * drawNormal(random);
    for (let i = 0; i < dimensions; i++) {
      theta[i] = centre[i];
      for (let j = 0; j <= i; j++) theta[i] += root[i * dimensions + j] * normals[j];
    }
    wins[bestRow(contexts, theta, arms)]++;
  }
  const probability = wins.map((won) => ((1 - floor) * won) / draws + floor / arms);
  const arm = drawIndex(probability, random);
  return { arm, propensity: probability[arm], probability };
}

function bestRow(contexts: ArrayLike<number>, theta: Float64Array, arms: number): number {
  let [best, bestValue] = [0, Number.NEGATIVE_INFINITY];
  for (let arm = 0; arm < arms; arm++) {
    let value = 0;
    for (let i = 0; i < theta.length; i++) value += contexts[arm * theta.length + i] * theta[i];
    if (value > bestValue) [best, bestValue] = [arm, value];
  }
  return best;
}

function timesInverse({ dimensions, inverse }: LinearBelief, vector: ArrayLike<number>): Float64Array {
  if (vector.length !== dimensions) {
    throw new ShapeError(`linear belief: expected ${dimensions} numbers of context, got ${vector.length}`);
  }
  const product = new Float64Array(dimensions);
  for (let i = 0; i < dimensions; i++) {
    for (let j = 0; j < dimensions; j++) product[i] += inverse[i * dimensions + j] * vector[j];
  }
  return product;
}

/** Lower triangle L with L Lᵀ = A⁻¹. */
function choleskyRoot({ dimensions, inverse }: LinearBelief): Float64Array {
  const root = new Float64Array(dimensions * dimensions);
  for (let i = 0; i < dimensions; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = inverse[i * dimensions + j];
      for (let k = 0; k < j; k++) rest -= root[i * dimensions + k] * root[j * dimensions + k];
      root[i * dimensions + j] = i === j ? Math.sqrt(Math.max(0, rest)) : rest / (root[j * dimensions + j] || 1);
    }
  }
  return root;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
