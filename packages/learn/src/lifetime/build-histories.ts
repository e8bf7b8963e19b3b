import { DomainError, ShapeError } from '../errors.ts';

/** Purchases in any order: customer numbers from 0, and times in one unit, such as days since a fixed date. */
export type Purchases = { readonly customer: ArrayLike<number>; readonly time: ArrayLike<number> };

/** Histories of those who bought by the end of observation, and which customer each entry is. */
export type BuiltHistories = {
  readonly customer: Uint32Array;
  /** Time of the first purchase. */
  readonly birth: Float64Array;
  readonly repeats: Float64Array;
  readonly recency: Float64Array;
  readonly age: Float64Array;
};

/**
 * Histories as of `until` (inclusive): purchases after it are not looked at. Purchases of one customer at the same time count as
 * one, so the caller decides by rounding times what one occasion is; a day is usual.
 * @throws ShapeError when lengths differ; DomainError naming the purchase when a customer is not a whole number from 0 or a time
 * is not finite, and when nobody bought by `until`. Cost: O(n log n).
 */
export function buildHistories(purchases: Purchases, until: number): BuiltHistories {
  const order = orderPurchases(purchases, 'buildHistories');
  if (!Number.isFinite(until)) throw new DomainError(`buildHistories: until must be a finite time, got ${until}`);
  const customer: number[] = [];
  const birth: number[] = [];
  const repeats: number[] = [];
  const last: number[] = [];
  for (const i of order) {
    const time = purchases.time[i];
    if (time > until) continue;
    const at = customer.length - 1;
    if (at < 0 || customer[at] !== purchases.customer[i]) {
      customer.push(purchases.customer[i]);
      birth.push(time);
      last.push(time);
      repeats.push(0);
    } else if (time > last[at]) {
      last[at] = time;
      repeats[at]++;
    }
  }
  if (customer.length === 0) throw new DomainError(`buildHistories: no purchase has a time up to until (${until})`);
  return {
    customer: Uint32Array.from(customer),
    birth: Float64Array.from(birth),
    repeats: Float64Array.from(repeats),
    recency: Float64Array.from(last, (time, i) => time - birth[i]),
    age: Float64Array.from(birth, (time) => until - time),
  };
}

/** Purchases of each of the given customers at times in (from, to], equal times counted once. Length of `customer`. */
export function countPurchases(
  purchases: Purchases,
  customer: Uint32Array,
  range: { readonly from: number; readonly to: number },
): Float64Array {
  const entryOf = new Map<number, number>();
  for (let entry = 0; entry < customer.length; entry++) entryOf.set(customer[entry], entry);
  const counts = new Float64Array(customer.length);
  let previous = -1;
  for (const i of orderPurchases(purchases, 'countPurchases')) {
    const time = purchases.time[i];
    const entry = entryOf.get(purchases.customer[i]);
    const isRepeated =
      previous >= 0 && purchases.customer[previous] === purchases.customer[i] && purchases.time[previous] === time;
    previous = i;
    if (entry !== undefined && !isRepeated && time > range.from && time <= range.to) counts[entry]++;
  }
  return counts;
}

/** Indices by customer, then time. */
export function orderPurchases(purchases: Purchases, who: string): Uint32Array {
  const { customer, time } = purchases;
  if (customer.length !== time.length) {
    throw new ShapeError(`${who}: customer and time must have one length, got ${customer.length} and ${time.length}`);
  }
  for (let i = 0; i < time.length; i++) {
    if (!(Number.isInteger(customer[i]) && customer[i] >= 0 && customer[i] <= 0xffffffff)) {
      throw new DomainError(`${who}: customer must be a whole number from 0, got ${customer[i]} for purchase ${i}`);
    }
    if (!Number.isFinite(time[i])) {
      throw new DomainError(`${who}: time must be finite, got ${time[i]} for purchase ${i}`);
    }
  }
  return Uint32Array.from({ length: time.length }, (_, i) => i).sort(
    (one, other) => customer[one] - customer[other] || time[one] - time[other],
  );
}
