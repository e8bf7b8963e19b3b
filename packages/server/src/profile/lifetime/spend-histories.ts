import type { BuiltHistories } from '@zhiyin/learn';
import type { PurchaseDays } from './read-purchases.ts';

export type Spend = {
  /** 0 where there is nothing to learn from: no repeats, or everything refunded. */
  readonly repeats: Float64Array;
  readonly meanSpend: Float64Array;
};

/** Mean value of the purchases after the first, per customer of the histories, up to `until`. */
export function toSpend(purchases: PurchaseDays, histories: BuiltHistories, until: number): Spend {
  const sums = new Float64Array(purchases.people.length);
  const counts = new Float64Array(purchases.people.length);
  let previous = -1;
  for (let i = 0; i < purchases.customer.length; i += 1) {
    const customer = purchases.customer[i]!;
    const isFirst = customer !== previous;
    previous = customer;
    if (isFirst || purchases.day[i]! > until) continue;
    sums[customer]! += purchases.amount[i]!;
    counts[customer]! += 1;
  }
  const usable = (customer: number) => counts[customer]! > 0 && sums[customer]! > 0;
  return {
    repeats: Float64Array.from(histories.customer, (customer) => (usable(customer) ? counts[customer]! : 0)),
    meanSpend: Float64Array.from(histories.customer, (customer) =>
      usable(customer) ? sums[customer]! / counts[customer]! : 0,
    ),
  };
}

/** What each customer number spent on days in (from, to]. */
export function sumSpent(purchases: PurchaseDays, from: number, to: number): Float64Array {
  const sums = new Float64Array(purchases.people.length);
  purchases.customer.forEach((customer, i) => {
    if (purchases.day[i]! > from && purchases.day[i]! <= to) sums[customer]! += purchases.amount[i]!;
  });
  return sums;
}

/** Mean value of a purchase over everybody. */
export function meanPurchase({ amount }: PurchaseDays): number {
  return amount.length === 0 ? 0 : Math.max(0, amount.reduce((sum, value) => sum + value, 0) / amount.length);
}
