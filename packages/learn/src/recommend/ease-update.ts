import type { Kernels, SparseMatrix } from '@zhiyin/kernels';
import { DomainError, ShapeError } from '../errors.ts';
import { type Ease, modelOfInverse } from './ease.ts';
import type { Interactions } from './interactions.ts';

/** Rows of people. Somebody who changed stands in both: as they were, and as they are. */
export type EaseChanges = { readonly added?: Interactions; readonly removed?: Interactions };

/** Rows whose effect is taken in at once. */
const blockRows = 256;

/**
 * The model as if it had been fitted with the people added and without those removed, at a fraction of the cost:
 * P ← P ∓ P Uᵀ (I ± U P Uᵀ)⁻¹ U P for changed rows U. Rounding adds up over many updates: fit anew now and then.
 * Cost: O(items² · changed rows), worth it below some items / 50 rows.
 * Source: Jeunen, Van Balen, Goethals (2022), User Modeling and User-Adapted Interaction 32.
 * @throws DomainError when the model was fitted without `keepInverse` or with dropout, or rows are removed that it never had.
 */
export function updateEase(model: Ease, { added, removed }: EaseChanges, { kernels }: { kernels: Kernels }): Ease {
  const { items } = model;
  if (model.inverse.length !== items * items || items === 0) {
    throw new DomainError('updateEase: the model holds no inverse; fit it with keepInverse');
  }
  if (model.dropout > 0) throw new DomainError('updateEase: a model with dropout cannot be updated; fit it anew');
  if (model.personExponent !== 0 || model.itemExponent !== 0) {
    throw new DomainError('updateEase: a model with exponents cannot be updated; fit it anew');
  }
  for (const rows of [added, removed]) {
    if (rows && rows.items !== items) {
      throw new ShapeError(`updateEase: the model knows ${items} items, the changes have ${rows.items}`);
    }
  }
  return kernels.scope(() => {
    const inverse = kernels.float32(items * items);
    inverse.set(model.inverse);
    const support = model.support.slice();
    if (added) takeIn(kernels, inverse, support, added, 1);
    if (removed) takeIn(kernels, inverse, support, removed, -1);
    return { ...modelOfInverse(inverse, { ...model, support }), inverse: inverse.slice() };
  });
}

function takeIn(
  kernels: Kernels,
  inverse: Float32Array,
  support: Float32Array,
  { users, items, offsets, itemOf, weightOf }: Interactions,
  sign: 1 | -1,
): void {
  for (let at = 0; at < offsets[users]; at++) {
    const left = support[itemOf[at]] + sign * weightOf[at] ** 2;
    // What is left of rounding is not support.
    support[itemOf[at]] = left > 1e-4 ? left : 0;
  }
  for (let first = 0; first < users; first += blockRows) {
    const last = Math.min(users, first + blockRows);
    const [from, to] = [offsets[first], offsets[last]];
    const rows: SparseMatrix = {
      rows: last - first,
      columns: items,
      offsets: offsets.slice(first, last + 1).map((offset) => offset - from),
      columnOf: itemOf.subarray(from, to),
      weightOf: weightOf.subarray(from, to),
    };
    kernels.scope(() => takeInBlock(kernels, inverse, rows, sign));
  }
}

function takeInBlock(kernels: Kernels, inverse: Float32Array, rows: SparseMatrix, sign: 1 | -1): void {
  const { rows: count, columns: items, offsets, columnOf, weightOf } = rows;
  const image = kernels.float32(count * items);
  kernels.sparseTimesDense({ matrix: rows, width: items, dense: inverse, c: image });
  const system = kernels.float32(count * count);
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < count; b++) {
      let sum = 0;
      for (let at = offsets[b]; at < offsets[b + 1]; at++) sum += weightOf[at] * image[a * items + columnOf[at]];
      system[a * count + b] = (a === b ? 1 : 0) + sign * sum;
    }
  }
  if (!kernels.cholesky(system, count)) {
    throw new DomainError('updateEase: removed rows must be rows the model was fitted with; these are not');
  }
  const solution = kernels.float32(count * items);
  solution.set(image);
  kernels.choleskySolve({ n: count, columns: items, lower: system, b: solution });
  kernels.gemm({
    m: items,
    n: items,
    k: count,
    a: image,
    b: solution,
    c: inverse,
    transposeA: true,
    alpha: -sign,
    beta: 1,
  });
}
