import { DomainError, ShapeError } from '../errors.ts';

/**
 * What purchase models know of customers, one entry each, all times in one unit of the caller's choice (weeks, days):
 * `repeats` purchases after the first (whole number), `recency` time from first to last purchase (0 without repeats),
 * `age` time from first purchase to the end of observation. `weight`: how many customers share the entry (1 when absent).
 */
export type PurchaseHistories = {
  readonly repeats: ArrayLike<number>;
  readonly recency: ArrayLike<number>;
  readonly age: ArrayLike<number>;
  readonly weight?: ArrayLike<number>;
};

/** Distinct histories with their weights, and for each customer the row that holds theirs. Rows in order of first appearance. */
export type MergedHistories = {
  readonly repeats: Float64Array;
  readonly recency: Float64Array;
  readonly age: Float64Array;
  readonly weight: Float64Array;
  /** Length customers. */
  readonly rowOf: Uint32Array;
};

/**
 * @throws ShapeError when lengths differ or there is nobody; DomainError naming the vector, the customer and the value when
 * repeats is not a whole number from 0, recency or age is negative or not finite, recency exceeds age, or recency and repeats
 * contradict each other.
 */
export function checkHistories(histories: PurchaseHistories, who: string): void {
  const { repeats, recency, age, weight } = histories;
  const n = repeats.length;
  if (recency.length !== n || age.length !== n || (weight && weight.length !== n)) {
    throw new ShapeError(
      `${who}: repeats, recency, age and weight must have one length, got ${n}, ${recency.length}, ${age.length}, ${weight?.length ?? n}`,
    );
  }
  if (n === 0) throw new ShapeError(`${who}: repeats, recency and age are empty, at least one customer is needed`);
  for (let i = 0; i < n; i++) {
    const [x, last, end] = [repeats[i], recency[i], age[i]];
    if (!(x >= 0 && Number.isSafeInteger(x))) {
      throw new DomainError(`${who}: repeats must be whole numbers from 0, got ${x} for customer ${i}`);
    }
    if (!(end >= 0 && end < Number.POSITIVE_INFINITY)) {
      throw new DomainError(`${who}: age must be finite and not negative, got ${end} for customer ${i}`);
    }
    if (!(last >= 0 && last <= end)) {
      throw new DomainError(`${who}: recency must be from 0 to age (${end}), got ${last} for customer ${i}`);
    }
    if (x === 0 && last > 0) {
      throw new DomainError(`${who}: recency must be 0 where repeats is 0, got ${last} for customer ${i}`);
    }
    if (x > 0 && last === 0) {
      throw new DomainError(`${who}: recency must be above 0 where repeats is ${x}, got 0 for customer ${i}`);
    }
    if (weight && !(weight[i] > 0 && weight[i] < Number.POSITIVE_INFINITY)) {
      throw new DomainError(`${who}: weight must be above 0, got ${weight[i]} for customer ${i}`);
    }
  }
}

/**
 * Equal histories become one row. With times in days, a million customers come down to a few ten thousand rows.
 * Cost: O(n) by hashing. Expects checked histories.
 */
export function mergeHistories(histories: PurchaseHistories): MergedHistories {
  const { repeats, recency, age, weight } = histories;
  const n = repeats.length;
  const index = new TripleIndex(n);
  const rowOf = new Uint32Array(n);
  for (let i = 0; i < n; i++) rowOf[i] = index.rowOf(repeats[i], recency[i], age[i]);
  const merged = new Float64Array(index.size);
  for (let i = 0; i < n; i++) merged[rowOf[i]] += weight?.[i] ?? 1;
  return {
    repeats: index.first.slice(0, index.size),
    recency: index.second.slice(0, index.size),
    age: index.third.slice(0, index.size),
    weight: merged,
    rowOf,
  };
}

/** Numbers triples of numbers in order of first appearance: open addressing over the bits of the doubles. */
class TripleIndex {
  readonly first: Float64Array;
  readonly second: Float64Array;
  readonly third: Float64Array;
  size = 0;
  readonly #slots: Uint32Array;
  readonly #mask: number;
  readonly #doubles = new Float64Array(3);
  readonly #words = new Uint32Array(this.#doubles.buffer);

  constructor(rowsMax: number) {
    this.first = new Float64Array(rowsMax);
    this.second = new Float64Array(rowsMax);
    this.third = new Float64Array(rowsMax);
    let slots = 16;
    while (slots < 2 * rowsMax) slots *= 2;
    this.#slots = new Uint32Array(slots);
    this.#mask = slots - 1;
  }

  rowOf(first: number, second: number, third: number): number {
    this.#doubles[0] = first;
    this.#doubles[1] = second;
    this.#doubles[2] = third;
    let hash = 0x9e3779b9;
    for (let w = 0; w < 6; w++) {
      hash = Math.imul(hash ^ this.#words[w], 0x85ebca6b);
      hash ^= hash >>> 15;
    }
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const row = this.#slots[slot] - 1;
      if (row < 0) {
        this.#slots[slot] = this.size + 1;
        this.first[this.size] = first;
        this.second[this.size] = second;
        this.third[this.size] = third;
        return this.size++;
      }
      if (this.first[row] === first && this.second[row] === second && this.third[row] === third) return row;
    }
  }
}
