import { DomainError } from '../errors.ts';
import { seededRandom } from '../numerics/random.ts';
import { assignClusters, fitKMeans } from './fit-k-means.ts';
import { checkPoints, type Points } from './points.ts';

/** A sum of normal clouds with full covariance: groups that are long, tilted or of unlike size, each point with shares in several. */
export type MixtureModel = {
  readonly kind: 'gaussian-mixture';
  readonly version: 1;
  readonly k: number;
  readonly dimensions: number;
  readonly weights: Float64Array;
  /** k × dimensions. */
  readonly means: Float64Array;
  /** k × dimensions × dimensions, lower Cholesky factors of the covariances. */
  readonly factors: Float64Array;
  readonly logLikelihood: number;
  /** −2 log-likelihood + parameters · ln(rows): lower is better; for choosing k. */
  readonly bic: number;
  readonly iterations: number;
  readonly converged: boolean;
};

export type MixtureOptions = {
  readonly k: number;
  readonly seed: number;
  readonly iterationsMax?: number;
  /** Added to every variance, so that no cloud falls onto one point. */
  readonly varianceMin?: number;
};

/**
 * Expectation maximisation from k-means. The log-likelihood never falls. Source: Dempster, Laird, Rubin (1977).
 * Cost: O(iterations · rows · k · d²).
 */
export function fitMixture(points: Points, options: MixtureOptions): MixtureModel {
  checkPoints(points, 'fitMixture');
  const { k, seed, iterationsMax = 200, varianceMin = 1e-6 } = options;
  const { rows, dimensions: d } = points;
  if (rows <= d) throw new DomainError(`fitMixture: needs more rows than columns, got ${rows} × ${d}`);
  const shares = startShares(points, k, seed);
  let model = maximise(points, shares, k, varianceMin);
  let logLikelihood = Number.NEGATIVE_INFINITY;
  let iterations = 0;
  let converged = false;
  while (iterations < iterationsMax && !converged) {
    iterations++;
    const next = expect(points, model, k, shares);
    converged = next - logLikelihood < 1e-8 * Math.abs(next);
    logLikelihood = next;
    if (!converged) model = maximise(points, shares, k, varianceMin);
  }
  const parameters = k - 1 + k * d + (k * d * (d + 1)) / 2;
  return {
    kind: 'gaussian-mixture',
    version: 1,
    k,
    dimensions: d,
    ...model,
    logLikelihood,
    bic: -2 * logLikelihood + parameters * Math.log(rows),
    iterations,
    converged,
  };
}

/** Share of each cloud in each point, rows × k; every row sums to 1. */
export function computeShares(model: MixtureModel, points: Points): Float64Array {
  const shares = new Float64Array(points.rows * model.k);
  expect(points, model, model.k, shares);
  return shares;
}

type Clouds = Pick<MixtureModel, 'weights' | 'means' | 'factors'>;

function startShares(points: Points, k: number, seed: number): Float64Array {
  const clusters = assignClusters(fitKMeans(points, { k, seed, restarts: 5 }), points);
  const random = seededRandom(seed);
  const shares = new Float64Array(points.rows * k);
  clusters.forEach((cluster, row) => {
    // A little of everything, so that no cloud starts without any point.
    for (let j = 0; j < k; j++)
      shares[row * k + j] = (j === cluster ? 1 : 0) * 0.98 + (0.02 / k) * (0.9 + 0.2 * random());
    let sum = 0;
    for (let j = 0; j < k; j++) sum += shares[row * k + j];
    for (let j = 0; j < k; j++) shares[row * k + j] /= sum;
  });
  return shares;
}

/** @returns log-likelihood; `shares` is overwritten. */
function expect(points: Points, clouds: Clouds, k: number, shares: Float64Array): number {
  const { rows, dimensions: d, values } = points;
  const logs = new Float64Array(k);
  const solved = new Float64Array(d);
  let total = 0;
  for (let row = 0; row < rows; row++) {
    let most = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < k; j++) {
      let squares = 0;
      let logDeterminant = 0;
      for (let a = 0; a < d; a++) {
        let sum = values[row * d + a] - clouds.means[j * d + a];
        const at = (j * d + a) * d;
        for (let b = 0; b < a; b++) sum -= clouds.factors[at + b] * solved[b];
        solved[a] = sum / clouds.factors[at + a];
        squares += solved[a] ** 2;
        logDeterminant += Math.log(clouds.factors[at + a]);
      }
      logs[j] = Math.log(clouds.weights[j]) - logDeterminant - 0.5 * (squares + d * Math.log(2 * Math.PI));
      most = Math.max(most, logs[j]);
    }
    let sum = 0;
    for (let j = 0; j < k; j++) sum += Math.exp(logs[j] - most);
    const log = most + Math.log(sum);
    for (let j = 0; j < k; j++) shares[row * k + j] = Math.exp(logs[j] - log);
    total += log;
  }
  return total;
}

function maximise(points: Points, shares: Float64Array, k: number, varianceMin: number): Clouds {
  const { rows, dimensions: d, values } = points;
  const weights = new Float64Array(k);
  const means = new Float64Array(k * d);
  const covariances = new Float64Array(k * d * d);
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < k; j++) {
      weights[j] += shares[row * k + j];
      for (let a = 0; a < d; a++) means[j * d + a] += shares[row * k + j] * values[row * d + a];
    }
  }
  for (let i = 0; i < means.length; i++) means[i] /= Math.max(weights[Math.floor(i / d)], Number.MIN_VALUE);
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < k; j++) {
      const share = shares[row * k + j];
      if (share < 1e-12) continue;
      for (let a = 0; a < d; a++) {
        const left = share * (values[row * d + a] - means[j * d + a]);
        for (let b = 0; b <= a; b++)
          covariances[(j * d + a) * d + b] += left * (values[row * d + b] - means[j * d + b]);
      }
    }
  }
  for (let j = 0; j < k; j++) factorise(covariances, j * d * d, d, Math.max(weights[j], Number.MIN_VALUE), varianceMin);
  return { weights: weights.map((weight) => Math.max(weight / rows, Number.MIN_VALUE)), means, factors: covariances };
}

/** Covariance sums → lower Cholesky factor, in place. */
function factorise(matrix: Float64Array, start: number, d: number, weight: number, varianceMin: number): void {
  for (let a = 0; a < d; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = matrix[start + a * d + b] / weight + (a === b ? varianceMin : 0);
      for (let c = 0; c < b; c++) sum -= matrix[start + a * d + c] * matrix[start + b * d + c];
      matrix[start + a * d + b] = a === b ? Math.sqrt(Math.max(sum, varianceMin)) : sum / matrix[start + b * d + b];
    }
  }
}
