import { type Kernels, type SparseMatrix, transposeSparse } from '@zhiyin/kernels';
import { ShapeError } from '../errors.ts';
import type { ItemContent } from './recommender.ts';

/** features × factors: an item's expected factors are its row of content times this. */
export type AlsContent = { readonly features: number; readonly weights: Float32Array };

export type ContentPrior = {
  /** items × factors: what content says about each item's factors. */
  readonly values: Float32Array;
  /** Learns anew what features mean from the items' factors, and writes `values`. */
  refit(itemFactors: Float32Array): void;
  model(): AlsContent;
};

const ridge = 1;
const stepsPerRefit = 8;

/**
 * Ridge regression of factors on features, weighted as the factors are held back in ALS: min Σ_i λ_i |y_i − a_i W|² + ρ λ̄ |W|².
 * Conjugate gradients from the last W, all factors side by side: never a features × features matrix.
 * Cost per refit: O(steps · entries of content · factors).
 */
export function createContentPrior(
  kernels: Kernels,
  content: ItemContent,
  factors: number,
  itemRegularisation: Float32Array,
): ContentPrior {
  const { items, features, offsets, featureOf, weightOf } = content;
  if (items !== itemRegularisation.length) {
    throw new ShapeError(`als: content has ${items} items, the interactions have ${itemRegularisation.length}`);
  }
  const rows: SparseMatrix = { rows: items, columns: features, offsets, columnOf: featureOf, weightOf };
  const columns = transposeSparse(rows);
  const strength = itemRegularisation.reduce((sum, value) => sum + value, 0) / Math.max(1, items);
  const importance = itemRegularisation.map((value) => value / strength);
  const weights = kernels.float32(features * factors);
  const values = kernels.float32(items * factors);
  const applyInto = (by: Float32Array, scratch: Float32Array, image: Float32Array) => {
    kernels.sparseTimesDense({ matrix: rows, width: factors, dense: by, c: scratch });
    scaleRows(scratch, importance, factors);
    kernels.sparseTimesDense({ matrix: columns, width: factors, dense: scratch, c: image });
    for (let at = 0; at < image.length; at++) image[at] += ridge * by[at];
  };
  return {
    values,
    refit: (itemFactors) => {
      kernels.scope(() => {
        const scratch = kernels.float32(items * factors);
        const residual = kernels.float32(features * factors);
        const image = kernels.float32(features * factors);
        scratch.set(itemFactors);
        scaleRows(scratch, importance, factors);
        kernels.sparseTimesDense({ matrix: columns, width: factors, dense: scratch, c: residual });
        applyInto(weights, scratch, image);
        for (let at = 0; at < residual.length; at++) residual[at] -= image[at];
        improve(weights, residual, factors, (by, into) => applyInto(by, scratch, into));
      });
      kernels.sparseTimesDense({ matrix: rows, width: factors, dense: weights, c: values });
    },
    model: () => ({ features, weights: weights.slice() }),
  };
}

/** Conjugate gradients for all columns at once, each with its own step lengths. */
function improve(
  solution: Float32Array,
  residual: Float32Array,
  columns: number,
  apply: (by: Float32Array, into: Float32Array) => void,
): void {
  const direction = residual.slice();
  const image = new Float32Array(residual.length);
  let squares = columnDots(residual, residual, columns);
  for (let step = 0; step < stepsPerRefit; step++) {
    apply(direction, image);
    const curvature = columnDots(direction, image, columns);
    const length = squares.map((square, column) => (square > 1e-20 ? square / curvature[column] : 0));
    for (let at = 0; at < solution.length; at++) {
      solution[at] += length[at % columns] * direction[at];
      residual[at] -= length[at % columns] * image[at];
    }
    const next = columnDots(residual, residual, columns);
    const share = next.map((square, column) => (squares[column] > 1e-20 ? square / squares[column] : 0));
    for (let at = 0; at < direction.length; at++) direction[at] = residual[at] + share[at % columns] * direction[at];
    squares = next;
  }
}

function columnDots(one: Float32Array, other: Float32Array, columns: number): Float64Array {
  const sums = new Float64Array(columns);
  for (let at = 0; at < one.length; at++) sums[at % columns] += one[at] * other[at];
  return sums;
}

function scaleRows(matrix: Float32Array, scale: Float32Array, width: number): void {
  for (let row = 0; row < scale.length; row++) {
    for (let at = row * width, end = at + width; at < end; at++) matrix[at] *= scale[row];
  }
}
