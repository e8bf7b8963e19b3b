import type { PurchaseRows } from './read-purchases.ts';

/**
 * Purchases as models count them: what a customer does on one day is one purchase, worth the sum of its rows. A day with more
 * refunded than bought is no purchase, but its money counts.
 */
export type PurchaseDays = {
  customer: number[];
  day: number[];
  /** Undefined where the file has no amounts. */
  amount: number[] | undefined;
  refundDays: number;
  /** Rows after the last day, not looked at. */
  rowsAfter: number;
  /** Money of each customer from the day after their first purchase up to a day. */
  sumRepeatSpend(customers: Uint32Array, until: number): Float64Array;
  /** Money of these customers together on days in (from, to]. */
  sumSpend(customers: Uint32Array, from: number, to: number): number;
};

export function takePurchaseDays(rows: PurchaseRows, last: number): PurchaseDays {
  const netOf = new Map<number, Map<number, number>>();
  let rowsAfter = 0;
  rows.customer.forEach((customer, i) => {
    const day = rows.day[i] as number;
    if (day > last) {
      rowsAfter++;
      return;
    }
    let days = netOf.get(customer);
    if (!days) {
      days = new Map();
      netOf.set(customer, days);
    }
    days.set(day, (days.get(day) ?? 0) + (rows.amount?.[i] ?? 0));
  });
  const taken: Pick<PurchaseDays, 'customer' | 'day'> & { amount: number[] } = { customer: [], day: [], amount: [] };
  const firstDay = new Map<number, number>();
  let refundDays = 0;
  for (const [customer, days] of netOf) {
    for (const [day, net] of days) {
      if (net < 0) {
        refundDays++;
        continue;
      }
      taken.customer.push(customer);
      taken.day.push(day);
      taken.amount.push(net);
      firstDay.set(customer, Math.min(day, firstDay.get(customer) ?? day));
    }
  }
  const sum = (customer: number, from: number, to: number) => {
    let total = 0;
    for (const [day, net] of netOf.get(customer) ?? []) if (day > from && day <= to) total += net;
    return total;
  };
  return {
    ...taken,
    amount: rows.amount ? taken.amount : undefined,
    refundDays,
    rowsAfter,
    sumRepeatSpend: (customers, until) =>
      Float64Array.from(customers, (customer) => sum(customer, firstDay.get(customer) ?? until, until)),
    sumSpend: (customers, from, to) => customers.reduce((total, customer) => total + sum(customer, from, to), 0),
  };
}
