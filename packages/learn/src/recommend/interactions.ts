import { DomainError, ShapeError } from '../errors.ts';

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

/**
 * From triples in any order. A pair that comes twice keeps its last value.
 * @throws ShapeError when lengths differ; DomainError when an id is out of range or a value is not finite.
 * Cost: O(n log n).
 */
export function buildInteractions(
  users: number,
  items: number,
  triples: { readonly user: ArrayLike<number>; readonly item: ArrayLike<number>; readonly value?: ArrayLike<number> },
): Interactions {
  const n = triples.user.length;
  if (triples.item.length !== n || (triples.value && triples.value.length !== n)) {
    throw new ShapeError(
      `buildInteractions: user, item and value must have one length, got ${n}, ${triples.item.length}, ${triples.value?.length ?? n}`,
    );
  }
  for (let i = 0; i < n; i++) {
    if (!(triples.user[i] >= 0 && triples.user[i] < users && triples.item[i] >= 0 && triples.item[i] < items)) {
      throw new DomainError(
        `buildInteractions: pair ${i} (${triples.user[i]}, ${triples.item[i]}) is outside ${users} × ${items}`,
      );
    }
    if (triples.value && !Number.isFinite(triples.value[i])) {
      throw new DomainError(`buildInteractions: value ${i} must be a finite number, got ${triples.value[i]}`);
    }
  }
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort(
    (a, b) => triples.user[a] - triples.user[b] || triples.item[a] - triples.item[b] || a - b,
  );
  const isLastOfPair = (at: number) =>
    at === n - 1 ||
    triples.user[order[at]] !== triples.user[order[at + 1]] ||
    triples.item[order[at]] !== triples.item[order[at + 1]];
  const kept = order.filter((_, at) => isLastOfPair(at));

  const offsets = new Uint32Array(users + 1);
  for (const i of kept) offsets[triples.user[i] + 1]++;
  for (let u = 0; u < users; u++) offsets[u + 1] += offsets[u];
  return {
    users,
    items,
    offsets,
    itemOf: Uint32Array.from(kept, (i) => triples.item[i]),
    weightOf: Float32Array.from(kept, (i) => triples.value?.[i] ?? 1),
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
