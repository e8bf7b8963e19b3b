import { ShapeError } from '../errors.ts';
import { normalQuantile } from '../numerics/normal-quantile.ts';

export type ClassificationReport = {
  /** Chance that a random positive scores above a random negative; ties count half. */
  readonly auc: number;
  /** 95 % interval by DeLong's variance. */
  readonly aucInterval: readonly [number, number];
  readonly logLoss: number;
  readonly brier: number;
  /** Mean gap between predicted and observed share over ten groups of equal size, weighted by size. */
  readonly calibrationError: number;
  readonly averagePrecision: number;
  /** Share of positives among the top tenth, over their share among all. */
  readonly liftTopTenth: number;
  readonly rows: number;
  readonly positives: number;
};

/** @param probabilities of label 1, in [0, 1]. */
export function evaluateClassifier(probabilities: Float64Array, labels: Uint8Array): ClassificationReport {
  if (probabilities.length !== labels.length) {
    throw new ShapeError(`evaluateClassifier: ${probabilities.length} probabilities for ${labels.length} labels`);
  }
  const order = Uint32Array.from(labels, (_, i) => i).sort((a, b) => probabilities[b] - probabilities[a] || a - b);
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const { auc, standardError } = computeAuc(probabilities, labels);
  const reach = normalQuantile(0.975) * standardError;
  let logLoss = 0;
  let squares = 0;
  for (let i = 0; i < labels.length; i++) {
    const p = Math.min(1 - 1e-15, Math.max(1e-15, probabilities[i]));
    logLoss -= labels[i] === 1 ? Math.log(p) : Math.log(1 - p);
    squares += (probabilities[i] - labels[i]) ** 2;
  }
  return {
    auc,
    aucInterval: [Math.max(0, auc - reach), Math.min(1, auc + reach)],
    logLoss: logLoss / labels.length,
    brier: squares / labels.length,
    calibrationError: computeCalibrationError(probabilities, labels, order),
    averagePrecision: computeAveragePrecision(probabilities, labels, order, positives),
    liftTopTenth: computeLift(labels, order, positives, 0.1),
    rows: labels.length,
    positives,
  };
}

/**
 * Area under the ROC curve with DeLong's standard error; NaN when one class is missing.
 * Source: DeLong, DeLong, Clarke-Pearson (1988), Biometrics 44(3); ranks by Sun and Xu (2014). Cost: O(n log n).
 */
export function computeAuc(scores: Float64Array, labels: Uint8Array): { auc: number; standardError: number } {
  const of = (label: number) => scores.filter((_, i) => labels[i] === label).sort();
  const [negative, positive] = [of(0), of(1)];
  if (negative.length === 0 || positive.length === 0) return { auc: Number.NaN, standardError: Number.NaN };
  // Share of the other class below each one, ties half.
  const above = positive.map((score) => shareBelow(negative, score));
  const below = negative.map((score) => 1 - shareBelow(positive, score));
  const auc = mean(above);
  const variance = sampleVariance(above, auc) / positive.length + sampleVariance(below, auc) / negative.length;
  return { auc, standardError: Math.sqrt(variance) };
}

/** Observed and predicted share of groups of equal size, from the lowest predictions to the highest: the calibration chart. */
export function computeCalibration(
  probabilities: Float64Array,
  labels: Uint8Array,
  groups = 10,
): readonly { readonly predicted: number; readonly observed: number; readonly rows: number }[] {
  const order = Uint32Array.from(labels, (_, i) => i).sort((a, b) => probabilities[a] - probabilities[b] || a - b);
  return Array.from({ length: groups }, (_, group) => {
    const part = order.subarray(
      Math.floor((group * order.length) / groups),
      Math.floor(((group + 1) * order.length) / groups),
    );
    let predicted = 0;
    let observed = 0;
    for (const row of part) {
      predicted += probabilities[row];
      observed += labels[row];
    }
    return { predicted: predicted / part.length, observed: observed / part.length, rows: part.length };
  }).filter((group) => group.rows > 0);
}

/** Cumulative gain: share of all positives among the top share of people, for the lift chart. */
export function computeGains(
  scores: Float64Array,
  labels: Uint8Array,
  points = 20,
): readonly { readonly people: number; readonly positives: number }[] {
  const order = Uint32Array.from(labels, (_, i) => i).sort((a, b) => scores[b] - scores[a] || a - b);
  const all = labels.reduce((sum, label) => sum + label, 0);
  const gains = [{ people: 0, positives: 0 }];
  let found = 0;
  let point = 1;
  order.forEach((row, rank) => {
    found += labels[row];
    while (point <= points && rank + 1 >= (point * order.length) / points) {
      gains.push({ people: point / points, positives: found / Math.max(1, all) });
      point++;
    }
  });
  return gains;
}

function computeCalibrationError(probabilities: Float64Array, labels: Uint8Array, descending: Uint32Array): number {
  return computeCalibration(probabilities, labels).reduce(
    (sum, group) => sum + (Math.abs(group.predicted - group.observed) * group.rows) / descending.length,
    0,
  );
}

/** Σ (recall step) · precision, equal scores taken together. */
function computeAveragePrecision(
  scores: Float64Array,
  labels: Uint8Array,
  descending: Uint32Array,
  positives: number,
): number {
  let found = 0;
  let sum = 0;
  for (let start = 0; start < descending.length; ) {
    let end = start;
    let here = 0;
    while (end < descending.length && scores[descending[end]] === scores[descending[start]])
      here += labels[descending[end++]];
    found += here;
    sum += (here / Math.max(1, positives)) * (found / end);
    start = end;
  }
  return sum;
}

function computeLift(labels: Uint8Array, descending: Uint32Array, positives: number, share: number): number {
  const top = descending.subarray(0, Math.max(1, Math.round(descending.length * share)));
  const found = top.reduce((sum, row) => sum + labels[row], 0);
  return found / top.length / (positives / descending.length);
}

function shareBelow(sorted: Float64Array, score: number): number {
  const lower = countBelow(sorted, score, false);
  const upper = countBelow(sorted, score, true);
  return (lower + upper) / 2 / sorted.length;
}

function countBelow(sorted: Float64Array, score: number, orEqual: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < score || (orEqual && sorted[middle] === score)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function sampleVariance(values: Float64Array, around: number): number {
  if (values.length < 2) return 0;
  return values.reduce((sum, value) => sum + (value - around) ** 2, 0) / (values.length - 1);
}
