import type { Attention, Dropout, LayerNorm, RowGather } from './layers.ts';
import { type LeastSquaresSweep, noColumn, type SparseMatrix } from './matrices.ts';

export function checkCounts(kernel: string, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) {
    if (!(Number.isInteger(count) && count >= 0)) {
      throw new RangeError(`${kernel}: ${name} must be a whole number of at least 0, got ${count}`);
    }
  }
}

type ArrayAndLength = readonly [array: { readonly length: number } | undefined, length: number];

/** Arrays that are absent are not looked at. */
export function checkLengths(kernel: string, arrays: Readonly<Record<string, ArrayAndLength>>): void {
  for (const [name, [array, length]] of Object.entries(arrays)) {
    if (array && array.length !== length) {
      throw new RangeError(`${kernel}: ${name} must hold ${length} numbers, got ${array.length}`);
    }
  }
}

export function checkSparse(name: string, matrix: SparseMatrix): void {
  const { rows, columns, offsets, columnOf, weightOf } = matrix;
  checkCounts(name, { rows, columns });
  checkLengths(name, { offsets: [offsets, rows + 1], weightOf: [weightOf, columnOf.length] });
  checkRows(name, rows, columns, offsets, columnOf);
}

export function checkRows(
  name: string,
  rows: number,
  columns: number,
  offsets: Uint32Array,
  columnOf: Uint32Array,
): void {
  for (let row = 0; row < rows; row++) {
    if (offsets[row] > offsets[row + 1]) throw new RangeError(`${name}: offsets must not fall, they do at row ${row}`);
  }
  if (offsets[rows] > columnOf.length) {
    throw new RangeError(`${name}: offsets end at ${offsets[rows]}, columnOf holds ${columnOf.length}`);
  }
  checkBelow(`${name}.columnOf`, columnOf, columns);
}

export function checkBelow(name: string, indices: Uint32Array, bound: number): void {
  for (let at = 0; at < indices.length; at++) {
    if (indices[at] >= bound) {
      throw new RangeError(`${name}: entry ${at} must be below ${bound}, got ${indices[at]}`);
    }
  }
}

export function checkSweep(kernel: string, sweep: LeastSquaresSweep): void {
  const { matrix, targetOf, factors, fixed, gram, regularisation, prior, solved } = sweep;
  checkCounts(kernel, { factors });
  checkSparse(`${kernel}: matrix`, matrix);
  checkLengths(kernel, {
    targetOf: [targetOf, matrix.weightOf.length],
    fixed: [fixed, matrix.columns * factors],
    gram: [gram, factors * factors],
    regularisation: [regularisation, matrix.rows],
    prior: [prior, matrix.rows * factors],
    solved: [solved, matrix.rows * factors],
  });
}

/** Returns the length of query, key, value and output. */
export function checkAttention(kernel: string, attention: Attention): number {
  const { batch, heads, length, headSize, query, key, value, start, weights, dropout } = attention;
  checkCounts(kernel, { batch, heads, length, headSize });
  const size = batch * length * heads * headSize;
  checkLengths(kernel, {
    query: [query, size],
    key: [key, size],
    value: [value, size],
    start: [start, batch],
    weights: [weights, batch * heads * length * length],
  });
  if (start) checkBelow(`${kernel}: start`, start, length + 1);
  if (dropout) checkDropout(kernel, dropout);
  return size;
}

export function checkLayerNorm(kernel: string, { rows, size, input, gain, mean, inverseDeviation }: LayerNorm): void {
  checkCounts(kernel, { rows, size });
  checkLengths(kernel, {
    input: [input, rows * size],
    gain: [gain, size],
    mean: [mean, rows],
    inverseDeviation: [inverseDeviation, rows],
  });
}

export function checkDropout(kernel: string, { rate, seed }: Dropout): void {
  if (!(rate >= 0 && rate < 1)) throw new RangeError(`${kernel}: dropout rate must be in [0, 1), got ${rate}`);
  if (!Number.isInteger(seed)) throw new RangeError(`${kernel}: dropout seed must be a whole number, got ${seed}`);
}

export function checkGather(kernel: string, { rows, size, table, index, values }: RowGather): void {
  checkCounts(kernel, { rows, size });
  checkLengths(kernel, { index: [index, rows], values: [values, rows * size] });
  const tableRows = Math.floor(table.length / Math.max(1, size));
  for (let row = 0; row < rows; row++) {
    if (index[row] >= tableRows && index[row] !== noColumn) {
      throw new RangeError(`${kernel}: index ${row} must be below the table’s ${tableRows} rows, got ${index[row]}`);
    }
  }
}
