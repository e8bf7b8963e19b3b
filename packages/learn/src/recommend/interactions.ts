import { DomainError, ShapeError } from '../errors.ts';
import type { History, TrainingData } from './recommender.ts';

/** Who did what: a sparse users × items matrix in CSR form. Items of a row ascend; each stands there once. */
export type Interactions = {
  readonly users: number;
  readonly items: number;
  /** Length users + 1: row u is `[offsets[u], offsets[u + 1])`. */
  readonly offsets: Uint32Array;
  readonly itemOf: Uint32Array;
  /** Rating or weight; 1 for "did". */
  readonly weightOf: Float32Array;
};

type Triples = {
  readonly user: ArrayLike<number>;
  readonly item: ArrayLike<number>;
  readonly value?: ArrayLike<number>;
};

/**
 * From triples in any order. A pair that comes twice keeps its last value.
 * @throws ShapeError when lengths differ; DomainError when an id is out of range or a value is not finite.
 * Cost: O(n + users + items), 8 bytes an entry beside the result.
 */
export function buildInteractions(users: number, items: number, triples: Triples): Interactions {
  checkTriples('buildInteractions', users, items, triples);
  const kept = orderOfKept(users, items, triples);
  return {
    users,
    items,
    offsets: offsetsOf(users, triples.user, kept),
    itemOf: gather(new Uint32Array(kept.length), triples.item, kept),
    weightOf: triples.value
      ? gather(new Float32Array(kept.length), triples.value, kept)
      : new Float32Array(kept.length).fill(1),
  };
}

/** The same with the second in which each pair happened: `at` runs parallel to the entries. */
export function buildTimedInteractions(
  users: number,
  items: number,
  triples: Triples & { readonly at: ArrayLike<number> },
): { readonly interactions: Interactions; readonly at: Float64Array } {
  checkTriples('buildTimedInteractions', users, items, triples);
  if (triples.at.length !== triples.user.length) {
    throw new ShapeError(
      `buildTimedInteractions: at must have length ${triples.user.length}, got ${triples.at.length}`,
    );
  }
  const kept = orderOfKept(users, items, triples);
  const at = gather(new Float64Array(kept.length), triples.at, kept);
  const wrong = at.findIndex((second) => !Number.isFinite(second));
  if (wrong >= 0) throw new DomainError(`buildTimedInteractions: at must be finite seconds, got ${at[wrong]}`);
  return { interactions: buildInteractions(users, items, triples), at };
}

/** What one person did, as the contract of recommenders wants it: oldest first where times are known. */
export function historyOf(data: TrainingData, user: number): History {
  const { offsets, itemOf, weightOf } = data.interactions;
  const [start, end] = [offsets[user], offsets[user + 1]];
  const history = { item: itemOf.subarray(start, end), weight: weightOf.subarray(start, end) };
  if (!data.at) return history;
  const at = data.at.subarray(start, end);
  const order = Uint32Array.from({ length: end - start }, (_, i) => i).sort((a, b) => at[a] - at[b] || a - b);
  return {
    item: order.map((i) => history.item[i]),
    weight: Float32Array.from(order, (i) => history.weight[i]),
    at: Float64Array.from(order, (i) => at[i]),
  };
}

/** The entries for which `keep` holds, in a matrix of the same size. `keep` is asked by entry, in order. */
export function filterInteractions(data: TrainingData, keep: (entry: number, user: number) => boolean): TrainingData {
  const { users, items, offsets, itemOf, weightOf } = data.interactions;
  const kept: number[] = [];
  const keptOffsets = new Uint32Array(users + 1);
  for (let user = 0; user < users; user++) {
    for (let entry = offsets[user]; entry < offsets[user + 1]; entry++) if (keep(entry, user)) kept.push(entry);
    keptOffsets[user + 1] = kept.length;
  }
  const interactions = {
    users,
    items,
    offsets: keptOffsets,
    itemOf: gather(new Uint32Array(kept.length), itemOf, kept),
    weightOf: gather(new Float32Array(kept.length), weightOf, kept),
  };
  return {
    interactions,
    ...(data.at ? { at: gather(new Float64Array(kept.length), data.at, kept) } : {}),
    ...(data.content ? { content: data.content } : {}),
  };
}

/** The same matrix with rows and columns exchanged. Cost: O(n). */
export function transpose(matrix: Interactions): Interactions {
  const offsets = new Uint32Array(matrix.items + 1);
  for (const item of matrix.itemOf) offsets[item + 1]++;
  for (let i = 0; i < matrix.items; i++) offsets[i + 1] += offsets[i];
  const next = offsets.slice(0, matrix.items);
  const itemOf = new Uint32Array(matrix.itemOf.length);
  const weightOf = new Float32Array(matrix.itemOf.length);
  for (let user = 0; user < matrix.users; user++) {
    for (let at = matrix.offsets[user]; at < matrix.offsets[user + 1]; at++) {
      const to = next[matrix.itemOf[at]]++;
      itemOf[to] = user;
      weightOf[to] = matrix.weightOf[at];
    }
  }
  return { users: matrix.items, items: matrix.users, offsets, itemOf, weightOf };
}

/** Euclidean length of each row. */
export function rowNorms(matrix: Interactions): Float64Array {
  const norms = new Float64Array(matrix.users);
  for (let user = 0; user < matrix.users; user++) {
    let squares = 0;
    for (let at = matrix.offsets[user]; at < matrix.offsets[user + 1]; at++) squares += matrix.weightOf[at] ** 2;
    norms[user] = Math.sqrt(squares);
  }
  return norms;
}

/** The people per item. */
export function itemCounts(matrix: Interactions): Uint32Array {
  const counts = new Uint32Array(matrix.items);
  for (const item of matrix.itemOf) counts[item]++;
  return counts;
}

function checkTriples(where: string, users: number, items: number, triples: Triples): void {
  const n = triples.user.length;
  if (triples.item.length !== n || (triples.value && triples.value.length !== n)) {
    throw new ShapeError(
      `${where}: user, item and value must have one length, got ${n}, ${triples.item.length}, ${triples.value?.length ?? n}`,
    );
  }
  for (let i = 0; i < n; i++) {
    if (!(triples.user[i] >= 0 && triples.user[i] < users && triples.item[i] >= 0 && triples.item[i] < items)) {
      throw new DomainError(
        `${where}: pair ${i} (${triples.user[i]}, ${triples.item[i]}) is outside ${users} × ${items}`,
      );
    }
    if (triples.value && !Number.isFinite(triples.value[i])) {
      throw new DomainError(`${where}: value ${i} must be a finite number, got ${triples.value[i]}`);
    }
  }
}

/** Indices of triples by user, then item; of equal pairs the last. Two stable counting sorts. */
function orderOfKept(users: number, items: number, { user, item }: Triples): Uint32Array {
  const byItem = countingSort(
    Uint32Array.from({ length: user.length }, (_, i) => i),
    item,
    items,
  );
  const order = countingSort(byItem, user, users);
  let kept = 0;
  for (let at = 0; at < order.length; at++) {
    const [one, next] = [order[at], order[at + 1]];
    if (at + 1 < order.length && user[one] === user[next] && item[one] === item[next]) continue;
    order[kept++] = one;
  }
  return order.slice(0, kept);
}

function countingSort(order: Uint32Array, keyOf: ArrayLike<number>, keys: number): Uint32Array {
  const next = new Uint32Array(keys + 1);
  for (const i of order) next[keyOf[i] + 1]++;
  for (let key = 0; key < keys; key++) next[key + 1] += next[key];
  const sorted = new Uint32Array(order.length);
  for (const i of order) sorted[next[keyOf[i]]++] = i;
  return sorted;
}

function offsetsOf(users: number, userOf: ArrayLike<number>, kept: Uint32Array): Uint32Array {
  const offsets = new Uint32Array(users + 1);
  for (const i of kept) offsets[userOf[i] + 1]++;
  for (let user = 0; user < users; user++) offsets[user + 1] += offsets[user];
  return offsets;
}

function gather<Arrays extends Uint32Array | Float32Array | Float64Array>(
  into: Arrays,
  from: ArrayLike<number>,
  order: ArrayLike<number>,
): Arrays {
  for (let i = 0; i < order.length; i++) into[i] = from[order[i]];
  return into;
}
