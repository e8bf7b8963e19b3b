import { DomainError } from '../errors.ts';
import { checkHistories, mergeHistories, type PurchaseHistories } from './purchase-histories.ts';
import { getPurchaseFamily, listParameters, type PurchaseModel } from './purchase-model.ts';

type Parameters = Pick<PurchaseModel, 'kind' | 'parameters'>;

/**
 * P(alive): the chance, per customer, that they still buy. Length n, each from 0 to 1.
 * @throws as `checkHistories`. Cost: O(distinct histories).
 */
export function predictAlive(model: Parameters, histories: PurchaseHistories): Float64Array {
  checkHistories(histories, 'predictAlive');
  const family = getPurchaseFamily(model.kind);
  const parameters = listParameters(model);
  return perDistinctHistory(histories, (repeats, recency, age) => family.alive(parameters, repeats, recency, age));
}

/**
 * Purchases expected per customer in the next `horizon`, in the model's unit of time. Length n.
 * @throws as `checkHistories`; DomainError when horizon is negative or not finite. Cost: O(distinct histories).
 */
export function predictPurchases(model: Parameters, histories: PurchaseHistories, horizon: number): Float64Array {
  checkHistories(histories, 'predictPurchases');
  checkTime('predictPurchases: horizon', horizon);
  const family = getPurchaseFamily(model.kind);
  const parameters = listParameters(model);
  return perDistinctHistory(histories, (repeats, recency, age) =>
    family.expected(parameters, repeats, recency, age, horizon),
  );
}

/**
 * Repeat purchases expected in the first `time` after the first purchase of a customer of whom nothing else is known.
 * @throws DomainError when time is negative or not finite.
 */
export function predictNewcomerPurchases(model: Parameters, time: number): number {
  checkTime('predictNewcomerPurchases: time', time);
  return getPurchaseFamily(model.kind).expectedOfNewcomer(listParameters(model), time);
}

export function checkTime(what: string, time: number): void {
  if (!(time >= 0 && time < Number.POSITIVE_INFINITY)) {
    throw new DomainError(`${what} must be finite and not negative, got ${time}`);
  }
}

function perDistinctHistory(
  histories: PurchaseHistories,
  predict: (repeats: number, recency: number, age: number) => number,
): Float64Array {
  const merged = mergeHistories(histories);
  const values = merged.repeats.map((repeats, row) => predict(repeats, merged.recency[row], merged.age[row]));
  return Float64Array.from(merged.rowOf, (row) => values[row]);
}
