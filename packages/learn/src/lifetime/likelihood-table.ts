import type { MergedHistories } from './purchase-histories.ts';

/**
 * Merged histories laid out for log-likelihoods. Most of their cost depends on (repeats, time) alone, and there are far fewer
 * such pairs than histories: logarithms and hypergeometric series are taken once per pair, and the inner loop over rows only
 * adds and mixes them.
 */
export type LikelihoodTable = {
  /** Customers in all, with weights. */
  readonly customers: number;
  /** Distinct numbers of repeats, and the weight of customers with each. */
  readonly counts: Float64Array;
  readonly countWeight: Float64Array;
  /** Distinct (repeats, time): index into `counts`, and the time. */
  readonly pairCount: Uint32Array;
  readonly pairTime: Float64Array;
  /** Of each row: its weight, its count, and its pairs (repeats, recency) and (repeats, age). */
  readonly rowWeight: Float64Array;
  readonly rowCount: Uint32Array;
  readonly recencyPair: Uint32Array;
  readonly agePair: Uint32Array;
};

export function buildLikelihoodTable(merged: MergedHistories): LikelihoodTable {
  const rows = merged.repeats.length;
  const countAt = new Map<number, number>();
  const countWeight: number[] = [];
  const rowCount = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) {
    const repeats = merged.repeats[row];
    let at = countAt.get(repeats);
    if (at === undefined) {
      at = countAt.size;
      countAt.set(repeats, at);
      countWeight.push(0);
    }
    rowCount[row] = at;
    countWeight[at] += merged.weight[row];
  }
  const pairsOfCount = countWeight.map(() => new Map<number, number>());
  const pairCount: number[] = [];
  const pairTime: number[] = [];
  const pairOf = (count: number, time: number): number => {
    const known = pairsOfCount[count].get(time);
    if (known !== undefined) return known;
    pairsOfCount[count].set(time, pairTime.length);
    pairCount.push(count);
    return pairTime.push(time) - 1;
  };
  const recencyPair = new Uint32Array(rows);
  const agePair = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) {
    recencyPair[row] = pairOf(rowCount[row], merged.recency[row]);
    agePair[row] = pairOf(rowCount[row], merged.age[row]);
  }
  return {
    customers: countWeight.reduce((sum, weight) => sum + weight, 0),
    counts: Float64Array.from(countAt.keys()),
    countWeight: Float64Array.from(countWeight),
    pairCount: Uint32Array.from(pairCount),
    pairTime: Float64Array.from(pairTime),
    rowWeight: merged.weight,
    rowCount,
    recencyPair,
    agePair,
  };
}
