import type { HistoryEntries } from './history-entries.ts';
import type { Interactions } from './interactions.ts';

export type SparseRows = {
  readonly offsets: Uint32Array;
  readonly columnOf: Uint32Array;
  readonly weightOf: Float32Array;
};

/** Two steps over the people fitted: from items to who has them, from people to what they have. */
export type FilterGraph = {
  readonly users: number;
  /** Row per item, column per person: discounted by the item's degree. */
  readonly owners: SparseRows;
  /** Row per person, column per item: discounted by the person's degree and the item's. */
  readonly people: SparseRows;
};

export function sparseRowsOf(
  { users, offsets, itemOf, weightOf }: Interactions,
  rowScale: Float32Array,
  columnScale: Float32Array | undefined,
): SparseRows {
  const scaled = new Float32Array(weightOf.length);
  for (let row = 0; row < users; row++) {
    for (let at = offsets[row]; at < offsets[row + 1]; at++) {
      scaled[at] = weightOf[at] * rowScale[row] * (columnScale ? columnScale[itemOf[at]] : 1);
    }
  }
  return { offsets, columnOf: itemOf, weightOf: scaled };
}

/** scores ← the pass over the graph. Cost: O(owners of the history's items + entries of those owners). */
export function passGraphInto(
  { users, owners, people }: FilterGraph,
  entries: HistoryEntries,
  scores: Float32Array,
): void {
  const shared = sharedBy(users, owners, entries);
  scores.fill(0);
  const { offsets, columnOf, weightOf } = people;
  for (let user = 0; user < users; user++) {
    const weight = shared[user];
    if (weight === 0) continue;
    for (let at = offsets[user], end = offsets[user + 1]; at < end; at++) scores[columnOf[at]] += weight * weightOf[at];
  }
}

/** What each entry adds to the score of `item` over the graph, into `shares`. Cost: O(owners of the history's items). */
export function graphSharesInto(
  { users, owners, people }: FilterGraph,
  item: number,
  shares: Float64Array,
  entries: HistoryEntries,
): Float64Array {
  const reach = new Float64Array(users);
  for (let at = owners.offsets[item]; at < owners.offsets[item + 1]; at++) {
    const user = owners.columnOf[at];
    for (let by = people.offsets[user]; by < people.offsets[user + 1]; by++) {
      if (people.columnOf[by] === item) reach[user] = people.weightOf[by];
    }
  }
  for (let h = 0; h < shares.length; h++) {
    let sum = 0;
    const from = entries.item[h];
    for (let at = owners.offsets[from]; at < owners.offsets[from + 1]; at++) {
      sum += owners.weightOf[at] * reach[owners.columnOf[at]];
    }
    shares[h] = sum * entries.weight[h];
  }
  return shares;
}

/** How much each person fitted shares with the history. */
function sharedBy(users: number, { offsets, columnOf, weightOf }: SparseRows, entries: HistoryEntries): Float64Array {
  const shared = new Float64Array(users);
  for (let h = 0; h < entries.item.length; h++) {
    const weight = entries.weight[h];
    const item = entries.item[h];
    for (let at = offsets[item], end = offsets[item + 1]; at < end; at++) shared[columnOf[at]] += weight * weightOf[at];
  }
  return shared;
}
