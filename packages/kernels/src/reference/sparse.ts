import type { SparseMatrix, SparseProductTopK, SparseTimesDense, TopKRows } from '../matrices.ts';
import { emptyTopK, takeTopK } from './ranking.ts';

/** The same matrix with rows and columns exchanged; columns of a row ascend. Cost: O(entries). */
export function transposeSparse(matrix: SparseMatrix): SparseMatrix {
  const offsets = new Uint32Array(matrix.columns + 1);
  for (const column of matrix.columnOf) offsets[column + 1]++;
  for (let column = 0; column < matrix.columns; column++) offsets[column + 1] += offsets[column];
  const next = offsets.slice(0, matrix.columns);
  const columnOf = new Uint32Array(matrix.columnOf.length);
  const weightOf = new Float32Array(matrix.columnOf.length);
  for (let row = 0; row < matrix.rows; row++) {
    for (let at = matrix.offsets[row]; at < matrix.offsets[row + 1]; at++) {
      const to = next[matrix.columnOf[at]]++;
      columnOf[to] = row;
      weightOf[to] = matrix.weightOf[at];
    }
  }
  return { rows: matrix.columns, columns: matrix.rows, offsets, columnOf, weightOf };
}

export function sparseTimesDense({
  matrix,
  width,
  dense,
  c,
  transpose = false,
  alpha = 1,
  beta = 0,
}: SparseTimesDense): void {
  const { rows, offsets, columnOf, weightOf } = transpose ? transposeSparse(matrix) : matrix;
  const sums = new Float64Array(width);
  for (let row = 0; row < rows; row++) {
    sums.fill(0);
    for (let at = offsets[row]; at < offsets[row + 1]; at++) {
      for (let j = 0; j < width; j++) sums[j] += weightOf[at] * dense[columnOf[at] * width + j];
    }
    for (let j = 0; j < width; j++) {
      c[row * width + j] = alpha * sums[j] + (beta === 0 ? 0 : beta * c[row * width + j]);
    }
  }
}

export function sparseGram({ rows, columns, offsets, columnOf, weightOf }: SparseMatrix, gram: Float32Array): void {
  gram.fill(0);
  for (let row = 0; row < rows; row++) {
    for (let at = offsets[row]; at < offsets[row + 1]; at++) {
      const into = columnOf[at] * columns;
      for (let other = offsets[row]; other < offsets[row + 1]; other++) {
        gram[into + columnOf[other]] += weightOf[at] * weightOf[other];
      }
    }
  }
}

export function sparseProductTopK({
  left,
  right,
  k,
  rowNorm,
  columnNorm,
  shrinkage = 0,
  skipDiagonal = false,
}: SparseProductTopK): TopKRows {
  const result = emptyTopK(left.rows, k);
  const sums = new Float64Array(right.columns);
  for (let row = 0; row < left.rows; row++) {
    sums.fill(0);
    for (let at = left.offsets[row]; at < left.offsets[row + 1]; at++) {
      const inner = left.columnOf[at];
      for (let by = right.offsets[inner]; by < right.offsets[inner + 1]; by++) {
        sums[right.columnOf[by]] += left.weightOf[at] * right.weightOf[by];
      }
    }
    if (skipDiagonal && row < sums.length) sums[row] = 0;
    for (let column = 0; column < sums.length; column++) {
      const norm = (rowNorm?.[row] ?? 1) * (columnNorm?.[column] ?? 1) + shrinkage;
      sums[column] = sums[column] > 0 ? sums[column] / norm : Number.NEGATIVE_INFINITY;
    }
    takeTopK(result, row, sums);
  }
  return result;
}
