import {
  type BuiltHistories,
  buildHistories,
  type PurchaseModel,
  predictAlive,
  predictPurchases,
  predictSpend,
  type SpendModel,
} from '@zhiyin/learn';
import type { PurchaseDays } from './read-purchases.ts';
import { toSpend } from './spend-histories.ts';

export type LifetimeParts = {
  readonly model: Pick<PurchaseModel, 'kind' | 'parameters'>;
  readonly spend: Pick<SpendModel, 'parameters'> | null;
  readonly meanValue: number;
};

export type Value = {
  readonly histories: BuiltHistories;
  readonly purchases: Float64Array;
  readonly alive: Float64Array;
  /** Of one purchase, minor units. */
  readonly spend: Float64Array;
  /** Of all purchases in the horizon, minor units. */
  readonly value: Float64Array;
};

/** What each customer known at `until` is expected to bring in the days after it. */
export function predictValue(parts: LifetimeParts, purchases: PurchaseDays, until: number, horizonDays: number): Value {
  const histories = buildHistories({ customer: purchases.customer, time: purchases.day }, until);
  const expected = predictPurchases(parts.model, histories, horizonDays);
  const spend = parts.spend
    ? predictSpend(parts.spend, toSpend(purchases, histories, until))
    : new Float64Array(expected.length).fill(parts.meanValue);
  return {
    histories,
    purchases: expected,
    alive: predictAlive(parts.model, histories),
    spend,
    value: expected.map((count, i) => count * spend[i]!),
  };
}
