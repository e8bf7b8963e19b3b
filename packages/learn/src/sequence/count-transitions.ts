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

/** Sorted at once, 8 bytes each: more are counted in several passes over the sequences. */
const pairsAtOnceByDefault = 2 ** 25;

/**
 * Each pair up to `window` steps apart adds 1 / steps to (earlier, later) and `backward` times that to (later, earlier).
 * An item does not follow itself. With `newFrom` only pairs whose later event stands at or behind its user's mark count.
 * Pairs are first sorted by row (counting sort), then each row is summed in a dense scratch row. Memory: the result and a quarter GiB.
 */
export function countTransitions(
  sequences: Sequences,
  options: Pairs,
  newFrom?: ArrayLike<number>,
  pairsAtOnce = pairsAtOnceByDefault,
): TransitionCounts {
  const { items, users, offsets, itemOf } = sequences;
  const itemCount = new Float64Array(items);
  for (let u = 0; u < users; u++) {
    for (let i = newFrom?.[u] ?? offsets[u]; i < offsets[u + 1]; i++) itemCount[itemOf[i]]++;
  }
  const starts = new Float64Array(items + 1);
  visitPairs(sequences, options, newFrom, (row) => starts[row + 1]++);
  for (let i = 0; i < items; i++) starts[i + 1] += starts[i];
  const parts: SummedRows[] = [];
  for (let from = 0; from < items; ) {
    let until = from + 1;
    while (until < items && starts[until + 1] - starts[from] <= pairsAtOnce) until++;
    parts.push(sumRows(items, sortPairs(sequences, options, newFrom, { from, until, starts })));
    from = until;
  }
  return { ...joinRows(parts), itemCount };
}

type Found = (row: number, column: number, count: number) => void;

function visitPairs(
  { users, offsets, itemOf }: Sequences,
  { window, backward }: Pairs,
  newFrom: ArrayLike<number> | undefined,
  found: Found,
): void {
  for (let u = 0; u < users; u++) {
    for (let later = newFrom?.[u] ?? offsets[u]; later < offsets[u + 1]; later++) {
      for (let earlier = Math.max(offsets[u], later - window); earlier < later; earlier++) {
        if (itemOf[earlier] === itemOf[later]) continue;
        found(itemOf[earlier], itemOf[later], 1 / (later - earlier));
        if (backward > 0) found(itemOf[later], itemOf[earlier], backward / (later - earlier));
      }
    }
  }
}

/** Pairs of some rows, row after row: those of row i are `[starts[i], starts[i + 1])`, rows counted from the first of them. */
type SortedPairs = { readonly starts: Uint32Array; readonly item: Uint32Array; readonly count: Float32Array };

function sortPairs(
  sequences: Sequences,
  options: Pairs,
  newFrom: ArrayLike<number> | undefined,
  { from, until, starts }: { from: number; until: number; starts: Float64Array },
): SortedPairs {
  const own = Uint32Array.from({ length: until - from + 1 }, (_, i) => starts[from + i] - starts[from]);
  const next = own.slice(0, until - from);
  const pairs = { starts: own, item: new Uint32Array(own[until - from]), count: new Float32Array(own[until - from]) };
  visitPairs(sequences, options, newFrom, (row, column, count) => {
    if (row < from || row >= until) return;
    const at = next[row - from]++;
    pairs.item[at] = column;
    pairs.count[at] = count;
  });
  return pairs;
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
  return { ...sumRows(items, { starts, item: pairItem, count: pairCount }), itemCount };
}

type SummedRows = Omit<TransitionCounts, 'itemCount'>;

/** Entries of one row with the same column become one. Overwrites the given pairs. */
function sumRows(items: number, { starts, item, count }: SortedPairs): SummedRows {
  const rows = starts.length - 1;
  const sums = new Float64Array(items);
  const offsets = new Uint32Array(rows + 1);
  const rowTotal = new Float64Array(rows);
  let n = 0;
  for (let row = 0; row < rows; row++) {
    const from = n;
    for (let at = starts[row]; at < starts[row + 1]; at++) {
      const column = item[at];
      if (sums[column] === 0) item[n++] = column; // never ahead of `at`
      sums[column] += count[at];
    }
    const columns = item.subarray(from, n).sort();
    for (let i = 0; i < columns.length; i++) {
      count[from + i] = sums[columns[i]];
      rowTotal[row] += sums[columns[i]];
      sums[columns[i]] = 0;
    }
    offsets[row + 1] = n;
  }
  return { offsets, itemOf: item.slice(0, n), countOf: count.slice(0, n), rowTotal };
}

/** The rows of each part below those of the one before. */
function joinRows(parts: readonly SummedRows[]): SummedRows {
  if (parts.length === 1) return parts[0];
  const rows = parts.reduce((sum, part) => sum + part.rowTotal.length, 0);
  const entries = parts.reduce((sum, part) => sum + part.itemOf.length, 0);
  const whole = {
    offsets: new Uint32Array(rows + 1),
    itemOf: new Uint32Array(entries),
    countOf: new Float32Array(entries),
    rowTotal: new Float64Array(rows),
  };
  let row = 0;
  let at = 0;
  for (const part of parts) {
    whole.itemOf.set(part.itemOf, at);
    whole.countOf.set(part.countOf, at);
    whole.rowTotal.set(part.rowTotal, row);
    for (let i = 0; i < part.rowTotal.length; i++) whole.offsets[row + i + 1] = at + part.offsets[i + 1];
    row += part.rowTotal.length;
    at += part.itemOf.length;
  }
  return whole;
}
