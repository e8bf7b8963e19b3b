import type { Sequences } from './sequences.ts';

/** What follows what, as a sparse items × items matrix in CSR form: columns of a row ascend. */
export type TransitionCounts = {
  /** Length items + 1. */
  readonly offsets: Uint32Array;
  readonly itemOf: Uint32Array;
  /** Decayed count of the column after the row. */
  readonly countOf: Float32Array;
  /** Sum of each row. */
  readonly rowTotal: Float64Array;
  /** Events per item. */
  readonly itemCount: Float64Array;
};

type Pairs = { readonly window: number; readonly backward: number };

/**
 * Each pair up to `window` steps apart adds 1 / steps to (earlier, later) and `backward` times that to (later, earlier).
 * An item does not follow itself. With `newFrom` only pairs whose later event stands at or behind its user's mark count.
 * Pairs are first sorted by row (counting sort), then each row is summed in a dense scratch row. Memory: 8 bytes per pair.
 */
export function countTransitions(
  sequences: Sequences,
  { window, backward }: Pairs,
  newFrom?: ArrayLike<number>,
): TransitionCounts {
  const { items, users, offsets, itemOf } = sequences;
  const itemCount = new Float64Array(items);
  const starts = new Uint32Array(items + 1);
  const visit = (found: (earlier: number, later: number, steps: number) => void) => {
    for (let u = 0; u < users; u++) {
      for (let later = newFrom?.[u] ?? offsets[u]; later < offsets[u + 1]; later++) {
        for (let earlier = Math.max(offsets[u], later - window); earlier < later; earlier++) {
          if (itemOf[earlier] !== itemOf[later]) found(itemOf[earlier], itemOf[later], later - earlier);
        }
      }
    }
  };
  for (let u = 0; u < users; u++) {
    for (let i = newFrom?.[u] ?? offsets[u]; i < offsets[u + 1]; i++) itemCount[itemOf[i]]++;
  }
  visit((earlier, later) => {
    starts[earlier + 1]++;
    if (backward > 0) starts[later + 1]++;
  });
  for (let i = 0; i < items; i++) starts[i + 1] += starts[i];
  const next = starts.slice(0, items);
  const pairItem = new Uint32Array(starts[items]);
  const pairCount = new Float32Array(starts[items]);
  visit((earlier, later, steps) => {
    const forward = next[earlier]++;
    pairItem[forward] = later;
    pairCount[forward] = 1 / steps;
    if (backward > 0) {
      const back = next[later]++;
      pairItem[back] = earlier;
      pairCount[back] = backward / steps;
    }
  });
  return { ...sumRows(items, starts, pairItem, pairCount), itemCount };
}

/** `old` · keep + `added`; `added` may know more items. */
export function mergeTransitions(old: TransitionCounts, added: TransitionCounts, keep: number): TransitionCounts {
  const items = added.offsets.length - 1;
  const oldItems = old.offsets.length - 1;
  const starts = new Uint32Array(items + 1);
  const pairItem = new Uint32Array(old.itemOf.length + added.itemOf.length);
  const pairCount = new Float32Array(pairItem.length);
  let n = 0;
  const take = (from: TransitionCounts, row: number, factor: number) => {
    for (let at = from.offsets[row]; at < from.offsets[row + 1]; at++) {
      if (factor === 0) return;
      pairItem[n] = from.itemOf[at];
      pairCount[n++] = from.countOf[at] * factor;
    }
  };
  for (let row = 0; row < items; row++) {
    if (row < oldItems) take(old, row, keep);
    take(added, row, 1);
    starts[row + 1] = n;
  }
  const itemCount = added.itemCount.map((count, i) => count + (i < oldItems ? old.itemCount[i] * keep : 0));
  return { ...sumRows(items, starts, pairItem, pairCount), itemCount };
}

/** Entries of one row with the same column become one. Overwrites the given pairs. */
function sumRows(items: number, starts: Uint32Array, pairItem: Uint32Array, pairCount: Float32Array) {
  const sums = new Float64Array(items);
  const offsets = new Uint32Array(items + 1);
  const rowTotal = new Float64Array(items);
  let n = 0;
  for (let row = 0; row < items; row++) {
    const from = n;
    for (let at = starts[row]; at < starts[row + 1]; at++) {
      const column = pairItem[at];
      if (sums[column] === 0) pairItem[n++] = column; // never ahead of `at`
      sums[column] += pairCount[at];
    }
    const columns = pairItem.subarray(from, n).sort();
    for (let i = 0; i < columns.length; i++) {
      pairCount[from + i] = sums[columns[i]];
      rowTotal[row] += sums[columns[i]];
      sums[columns[i]] = 0;
    }
    offsets[row + 1] = n;
  }
  return { offsets, itemOf: pairItem.slice(0, n), countOf: pairCount.slice(0, n), rowTotal };
}
