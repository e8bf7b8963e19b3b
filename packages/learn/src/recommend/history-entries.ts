import type { SparseMatrix } from '@zhiyin/kernels';
import type { History } from './recommender.ts';

/** What a model can use of a history: known items with positive, finite weights. */
export type HistoryEntries = { readonly item: Uint32Array; readonly weight: Float64Array };

/** An item that stands there twice stays one entry with both weights, as in training data. Others keep their order. */
export function historyEntries(history: History, items: number): HistoryEntries {
  const item: number[] = [];
  const weight: number[] = [];
  const placeOf = new Map<number, number>();
  for (let h = 0; h < history.item.length; h++) {
    const [one, amount] = [history.item[h], history.weight[h]];
    if (!(Number.isInteger(one) && one >= 0 && one < items && amount > 0 && amount < Number.POSITIVE_INFINITY))
      continue;
    const place = placeOf.get(one);
    if (place !== undefined) weight[place] += amount;
    else {
      placeOf.set(one, item.length);
      item.push(one);
      weight.push(amount);
    }
  }
  return { item: Uint32Array.from(item), weight: Float64Array.from(weight) };
}

/** Histories as rows of a sparse people × items matrix. */
export function historyRows(histories: readonly History[], items: number): SparseMatrix {
  const rows = histories.map((history) => historyEntries(history, items));
  const offsets = new Uint32Array(rows.length + 1);
  rows.forEach((row, at) => {
    offsets[at + 1] = offsets[at] + row.item.length;
  });
  const columnOf = new Uint32Array(offsets[rows.length]);
  const weightOf = new Float32Array(offsets[rows.length]);
  rows.forEach((row, at) => {
    columnOf.set(row.item, offsets[at]);
    weightOf.set(row.weight, offsets[at]);
  });
  return { rows: rows.length, columns: items, offsets, columnOf, weightOf };
}
