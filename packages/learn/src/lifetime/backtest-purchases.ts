import { ShapeError } from '../errors.ts';
import { predictAlive, predictPurchases } from './predict-purchases.ts';
import type { PurchaseHistories } from './purchase-histories.ts';
import type { PurchaseModel } from './purchase-model.ts';

/** How well purchases of a later period were foretold. */
export type PurchaseBacktest = {
  readonly customers: number;
  readonly predicted: number;
  readonly actual: number;
  /** Mean absolute and root mean squared error per customer, in purchases. */
  readonly mae: number;
  readonly rmse: number;
  /** 0 where either side does not vary. */
  readonly correlation: number;
  /** Chance that a customer who bought again ranks above one who did not; undefined when only one kind is there. */
  readonly aucOfPurchases?: number;
  readonly aucOfAlive?: number;
};

/**
 * @param histories as of the end of the first period. @param actual purchases of each customer in the `horizon` after it.
 * @throws ShapeError when lengths differ; otherwise as `predictPurchases`. Cost: O(n log n).
 */
export function backtestPurchases(
  model: Pick<PurchaseModel, 'kind' | 'parameters'>,
  histories: PurchaseHistories,
  actual: ArrayLike<number>,
  horizon: number,
): PurchaseBacktest {
  const n = histories.repeats.length;
  if (actual.length !== n) {
    throw new ShapeError(`backtestPurchases: actual must have one entry per customer (${n}), got ${actual.length}`);
  }
  const predicted = predictPurchases(model, histories, horizon);
  const truth = Float64Array.from(actual);
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
  const errors = predicted.map((value, i) => value - truth[i]);
  const hasBought = truth.map((count) => (count > 0 ? 1 : 0));
  return {
    customers: n,
    predicted: sum(predicted),
    actual: sum(truth),
    mae: sum(errors.map(Math.abs)) / n,
    rmse: Math.sqrt(sum(errors.map((error) => error * error)) / n),
    correlation: correlate(predicted, truth),
    aucOfPurchases: rankingChance(predicted, hasBought),
    aucOfAlive: rankingChance(predictAlive(model, histories), hasBought),
  };
}

function correlate(one: Float64Array, other: Float64Array): number {
  const n = one.length;
  const mean = (values: Float64Array) => values.reduce((total, value) => total + value / n, 0);
  const [meanOne, meanOther] = [mean(one), mean(other)];
  let [together, spreadOne, spreadOther] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    together += (one[i] - meanOne) * (other[i] - meanOther);
    spreadOne += (one[i] - meanOne) ** 2;
    spreadOther += (other[i] - meanOther) ** 2;
  }
  return spreadOne > 0 && spreadOther > 0 ? together / Math.sqrt(spreadOne * spreadOther) : 0;
}

/** Area under the ROC curve by ranks, ties at their middle. */
function rankingChance(scores: Float64Array, isPositive: Float64Array): number | undefined {
  const order = Uint32Array.from(scores.keys()).sort((one, other) => scores[one] - scores[other]);
  let [positives, rankSum] = [0, 0];
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && scores[order[to]] === scores[order[from]]) to++;
    const rank = (from + to + 1) / 2;
    for (let at = from; at < to; at++) {
      if (isPositive[order[at]] === 0) continue;
      positives++;
      rankSum += rank;
    }
    from = to;
  }
  const negatives = order.length - positives;
  if (positives === 0 || negatives === 0) return undefined;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
