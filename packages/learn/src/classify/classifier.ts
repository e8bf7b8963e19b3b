import { ShapeError } from '../errors.ts';
import { type BoostedTrees, scoreBoostedTrees } from './boosted-trees.ts';
import { explainTrees } from './explain-trees.ts';
import type { ColumnShape, FeatureTable } from './feature-table.ts';
import { explainLogistic, type LogisticModel, logistic, scoreLogistic } from './fit-logistic.ts';
import { explainNetwork, type NetworkModel, scoreNetwork } from './fit-network.ts';

export type ClassifierPart = LogisticModel | BoostedTrees | NetworkModel;

/** Probability = logistic(intercept + Σ weight · score of the part): one part calibrated, or several stacked. Plain data. */
export type Classifier = {
  readonly kind: 'classifier';
  readonly version: 1;
  readonly shapes: readonly ColumnShape[];
  /** Without parts it says the same to everybody: the base rate. */
  readonly parts: readonly ClassifierPart[];
  readonly weights: readonly number[];
  readonly intercept: number;
};

/** Log-odds per row. */
export function scoreClassifier(model: Classifier, table: FeatureTable): Float64Array {
  const scores = new Float64Array(table.rows).fill(model.intercept);
  model.parts.forEach((part, p) => {
    const own = scorePart(part, table);
    for (let row = 0; row < table.rows; row++) scores[row] += model.weights[p] * own[row];
  });
  return scores;
}

/** Probability of label 1 per row. */
export function predictProbability(model: Classifier, table: FeatureTable): Float64Array {
  return scoreClassifier(model, table).map(logistic);
}

export function scorePart(part: ClassifierPart, table: FeatureTable): Float64Array {
  if (part.kind === 'logistic') return scoreLogistic(part, table);
  return part.kind === 'network' ? scoreNetwork(part, table) : scoreBoostedTrees(part, table);
}

/**
 * Why each row scores as it does, in log-odds: `base` plus a row's contributions is its score. Exact for linear parts and trees
 * (TreeSHAP); networks by integrated gradients.
 * @param background rows that stand for everybody: the average that linear parts and networks are explained against.
 * @returns contributions rows × features, row-major, in the order of `model.shapes`.
 */
export function explainClassifier(
  model: Classifier,
  table: FeatureTable,
  background: FeatureTable,
): { readonly base: number; readonly contributions: Float64Array; readonly features: number } {
  const features = model.shapes.length;
  const contributions = new Float64Array(table.rows * features);
  let base = model.intercept;
  model.parts.forEach((part, p) => {
    const weight = model.weights[p];
    const own =
      part.kind === 'boosted-trees'
        ? explainTrees(part, table)
        : part.kind === 'logistic'
          ? explainLogistic(part, table, background)
          : explainNetwork(part, table, background);
    base += weight * own.base;
    for (let i = 0; i < contributions.length; i++) contributions[i] += weight * own.contributions[i];
  });
  return { base, contributions, features };
}

/** Global importance: mean absolute contribution per feature, largest first. */
export function computeImportance(
  model: Classifier,
  table: FeatureTable,
): readonly { readonly feature: string; readonly importance: number }[] {
  const { contributions, features } = explainClassifier(model, table, table);
  const sums = new Float64Array(features);
  for (let i = 0; i < contributions.length; i++) sums[i % features] += Math.abs(contributions[i]) / table.rows;
  return model.shapes
    .map((shape, f) => ({ feature: shape.name, importance: sums[f] }))
    .sort((a, b) => b.importance - a.importance || (a.feature < b.feature ? -1 : 1));
}

/**
 * Mean probability if everybody had a given value of one feature, the rest as it is (Friedman 2001).
 * Numbers are asked at quantiles, categories at each level. @throws ShapeError when there is no such feature.
 */
export function computePartialDependence(
  model: Classifier,
  table: FeatureTable,
  feature: string,
  points = 12,
): readonly { readonly at: number | string; readonly probability: number }[] {
  const column = table.columns.find((other) => other.name === feature);
  if (!column) throw new ShapeError(`computePartialDependence: there is no feature ${feature}`);
  const averageWith = (changed: FeatureTable['columns'][number]) => {
    const columns = table.columns.map((other) => (other === column ? changed : other));
    const probabilities = predictProbability(model, { rows: table.rows, columns });
    return probabilities.reduce((sum, p) => sum + p, 0) / Math.max(1, table.rows);
  };
  if (column.kind === 'category') {
    return column.levels.map((level, code) => ({
      at: level,
      probability: averageWith({ ...column, codes: new Int32Array(table.rows).fill(code) }),
    }));
  }
  const known = column.values.filter((value) => !Number.isNaN(value)).sort();
  const grid = new Set(
    Array.from(
      { length: Math.min(points, known.length) },
      (_, i) => known[Math.round((i * (known.length - 1)) / Math.max(1, Math.min(points, known.length) - 1))],
    ),
  );
  return [...grid].map((at) => ({
    at,
    probability: averageWith({ ...column, values: new Float64Array(table.rows).fill(at) }),
  }));
}
