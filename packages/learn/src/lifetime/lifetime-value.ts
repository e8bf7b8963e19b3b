import { DomainError, ShapeError } from '../errors.ts';
import { checkTime } from './predict-purchases.ts';
import { checkHistories, mergeHistories, type PurchaseHistories } from './purchase-histories.ts';
import { getPurchaseFamily, listParameters, type PurchaseModel } from './purchase-model.ts';

export type LifetimeValueOptions = {
  /** How many periods ahead. */
  readonly periods: number;
  /** Length of a period in the model's unit of time: 4.345 for months when times are weeks. */
  readonly periodLength: number;
  /** Per period: 0.01 takes 1 % off for each period one has to wait, money counted at the end of its period. */
  readonly discountRate: number;
};

/**
 * Discounted value of each customer's purchases to come: Σ_k (E[purchases up to k] − E[up to k−1]) · spend / (1 + d)^k.
 * @param spend length n: value expected of one purchase (`predictSpend`), revenue or margin as the caller sees fit.
 * @throws ShapeError when spend has another length; DomainError for spend below 0 or options out of range.
 * Cost: O(distinct histories · periods). Source: Fader, Hardie, Lee (2005), Journal of Marketing Research 42(4).
 */
export function predictLifetimeValue(
  model: Pick<PurchaseModel, 'kind' | 'parameters'>,
  histories: PurchaseHistories,
  spend: ArrayLike<number>,
  options: LifetimeValueOptions,
): Float64Array {
  checkHistories(histories, 'predictLifetimeValue');
  const { periods, periodLength, discountRate } = options;
  if (!(Number.isInteger(periods) && periods > 0)) {
    throw new DomainError(`predictLifetimeValue: periods must be a whole number above 0, got ${periods}`);
  }
  checkTime('predictLifetimeValue: periodLength', periodLength);
  if (!(discountRate >= 0 && discountRate < Number.POSITIVE_INFINITY)) {
    throw new DomainError(`predictLifetimeValue: discountRate must be finite and from 0, got ${discountRate}`);
  }
  if (spend.length !== histories.repeats.length) {
    throw new ShapeError(
      `predictLifetimeValue: spend must have one entry per customer (${histories.repeats.length}), got ${spend.length}`,
    );
  }
  for (let i = 0; i < spend.length; i++) {
    if (!(spend[i] >= 0 && spend[i] < Number.POSITIVE_INFINITY)) {
      throw new DomainError(`predictLifetimeValue: spend must be finite and from 0, got ${spend[i]} for customer ${i}`);
    }
  }
  const family = getPurchaseFamily(model.kind);
  const parameters = listParameters(model);
  const merged = mergeHistories(histories);
  const discounted = merged.repeats.map((repeats, row) => {
    let value = 0;
    let before = 0;
    for (let period = 1; period <= periods; period++) {
      const until = family.expected(parameters, repeats, merged.recency[row], merged.age[row], period * periodLength);
      value += (until - before) / (1 + discountRate) ** period;
      before = until;
    }
    return value;
  });
  return Float64Array.from(merged.rowOf, (row, i) => discounted[row] * spend[i]);
}
