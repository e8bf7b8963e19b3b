import { DomainError } from '../errors.ts';
import { invertPositiveDefinite } from '../numerics/invert-positive-definite.ts';
import { type DesignEncoding, type DesignMatrix, encodeTable, fitEncoding } from './design-matrix.ts';
import { checkLabels, checkTable, type FeatureTable } from './feature-table.ts';

/** log-odds = intercept + Σ coefficient · column. */
export type LogisticModel = {
  readonly kind: 'logistic';
  readonly version: 1;
  readonly encoding: DesignEncoding;
  readonly intercept: number;
  readonly coefficients: Float64Array;
  /** Of the coefficients, from the curvature of the penalised likelihood. */
  readonly standardErrors: Float64Array;
  readonly ridge: number;
  readonly iterations: number;
  readonly converged: boolean;
};

export type LogisticOptions = {
  /** λ in Σ log-likelihood − λ/2 · Σ coefficient²; the intercept is not penalised. */
  readonly ridge?: number;
  /** Weight per row; 1 when absent. */
  readonly weights?: Float64Array;
};

const iterationsMax = 50;

/**
 * Logistic regression by Newton's method (iteratively reweighted least squares), exact to the last digits; with a ridge so that
 * separable data has an answer too.
 * @throws DomainError when one class is missing or the ridge is negative. Cost: O(iterations · rows · columns²).
 */
export function fitLogistic(table: FeatureTable, labels: Uint8Array, options: LogisticOptions = {}): LogisticModel {
  checkTable(table, 'fitLogistic');
  checkLabels(labels, table.rows, 'fitLogistic');
  const { ridge = 1, weights } = options;
  if (!(ridge >= 0)) throw new DomainError(`fitLogistic: ridge must be 0 or more, got ${ridge}`);
  const encoding = fitEncoding(table);
  const design = encodeTable(table, encoding);
  const size = design.columns + 1; // the intercept comes last
  const beta = new Float64Array(size);
  let objective = penalisedLikelihood(design, labels, weights, beta, ridge);
  let inverse: Float64Array | undefined;
  let converged = false;
  let iterations = 0;
  while (iterations < iterationsMax && !converged) {
    iterations++;
    const { gradient, information } = gradientAndInformation(design, labels, weights, beta, ridge);
    inverse = invertPositiveDefinite(information, size) ?? inverse;
    if (!inverse) break;
    const step = multiply(inverse, gradient);
    let scale = 1;
    let next = beta;
    let better = objective;
    for (let halvings = 0; halvings < 30; halvings++, scale /= 2) {
      next = beta.map((value, i) => value + scale * step[i]);
      better = penalisedLikelihood(design, labels, weights, next, ridge);
      if (better >= objective - 1e-12 * Math.abs(objective)) break;
    }
    const change = step.reduce((most, value) => Math.max(most, Math.abs(value * scale)), 0);
    beta.set(next);
    converged = change < 1e-10 * (1 + beta.reduce((most, value) => Math.max(most, Math.abs(value)), 0));
    objective = better;
  }
  return {
    kind: 'logistic',
    version: 1,
    encoding,
    intercept: beta[size - 1],
    coefficients: beta.slice(0, size - 1),
    standardErrors: Float64Array.from({ length: size - 1 }, (_, i) =>
      inverse ? Math.sqrt(inverse[i * size + i]) : Number.NaN,
    ),
    ridge,
    iterations,
    converged,
  };
}

/** Log-odds per row. */
export function scoreLogistic(model: LogisticModel, table: FeatureTable): Float64Array {
  const design = encodeTable(table, model.encoding);
  const scores = new Float64Array(table.rows);
  for (let row = 0; row < table.rows; row++) {
    scores[row] = model.intercept + dotRow(design, row, model.coefficients);
  }
  return scores;
}

/**
 * What each feature adds to the log-odds of each row, against the average row of training (where the encoded columns of
 * `background` have their means): contributions and `base` add up to the score exactly.
 * @returns rows × features, row-major, in the order of the table's columns at fit.
 */
export function explainLogistic(
  model: LogisticModel,
  table: FeatureTable,
  background: FeatureTable,
): { readonly base: number; readonly contributions: Float64Array; readonly features: number } {
  const means = columnMeans(encodeTable(background, model.encoding));
  const design = encodeTable(table, model.encoding);
  const features = model.encoding.shapes.length;
  const contributions = new Float64Array(table.rows * features);
  for (let row = 0; row < table.rows; row++) {
    for (let at = 0; at < design.columns; at++) {
      const feature = model.encoding.columns[at].feature;
      contributions[row * features + feature] +=
        model.coefficients[at] * (design.values[row * design.columns + at] - means[at]);
    }
  }
  const base = model.intercept + means.reduce((sum, mean, at) => sum + mean * model.coefficients[at], 0);
  return { base, contributions, features };
}

/** 1 / (1 + e^-x), without overflow. */
export function logistic(logOdds: number): number {
  if (logOdds >= 0) return 1 / (1 + Math.exp(-logOdds));
  const odds = Math.exp(logOdds);
  return odds / (1 + odds);
}

/** log(1 + e^x), without overflow. */
export function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}

function penalisedLikelihood(
  design: DesignMatrix,
  labels: Uint8Array,
  weights: Float64Array | undefined,
  beta: Float64Array,
  ridge: number,
): number {
  const intercept = beta[design.columns];
  let sum = 0;
  for (let row = 0; row < design.rows; row++) {
    const score = intercept + dotRow(design, row, beta);
    sum += (weights?.[row] ?? 1) * (labels[row] * score - softplus(score));
  }
  let squares = 0;
  for (let at = 0; at < design.columns; at++) squares += beta[at] ** 2;
  return sum - (ridge / 2) * squares;
}

function gradientAndInformation(
  design: DesignMatrix,
  labels: Uint8Array,
  weights: Float64Array | undefined,
  beta: Float64Array,
  ridge: number,
): { gradient: Float64Array; information: Float64Array } {
  const size = design.columns + 1;
  const gradient = new Float64Array(size);
  const information = new Float64Array(size * size);
  const row = new Float64Array(size);
  row[size - 1] = 1;
  // Most encoded columns of a row are 0: only the others are walked.
  const filled = new Int32Array(size);
  for (let i = 0; i < design.rows; i++) {
    const start = i * design.columns;
    let count = 0;
    let score = beta[size - 1];
    for (let at = 0; at < design.columns; at++) {
      const value = design.values[start + at];
      if (value === 0) continue;
      row[at] = value;
      filled[count++] = at;
      score += value * beta[at];
    }
    filled[count++] = size - 1;
    const probability = logistic(score);
    const weight = weights?.[i] ?? 1;
    const residual = weight * (labels[i] - probability);
    const curvature = weight * probability * (1 - probability);
    for (let a = 0; a < count; a++) {
      const left = filled[a];
      gradient[left] += residual * row[left];
      const scaled = curvature * row[left];
      for (let b = 0; b <= a; b++) information[left * size + filled[b]] += scaled * row[filled[b]];
    }
  }
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < a; b++) information[b * size + a] = information[a * size + b];
    if (a === size - 1) continue;
    gradient[a] -= ridge * beta[a];
    information[a * size + a] += ridge;
  }
  return { gradient, information };
}

function dotRow(design: DesignMatrix, row: number, coefficients: Float64Array): number {
  const start = row * design.columns;
  let sum = 0;
  for (let at = 0; at < design.columns; at++) sum += design.values[start + at] * coefficients[at];
  return sum;
}

function columnMeans(design: DesignMatrix): Float64Array {
  const means = new Float64Array(design.columns);
  for (let row = 0; row < design.rows; row++) {
    for (let at = 0; at < design.columns; at++) means[at] += design.values[row * design.columns + at];
  }
  return means.map((sum) => sum / Math.max(1, design.rows));
}

function multiply(matrix: Float64Array, vector: Float64Array): Float64Array {
  const n = vector.length;
  return vector.map((_, i) => {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += matrix[i * n + j] * vector[j];
    return sum;
  });
}
