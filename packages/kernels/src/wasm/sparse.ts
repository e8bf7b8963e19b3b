import type {
  ConjugateGradientSweep,
  LeastSquaresSweep,
  SparseMatrix,
  SparseProductTopK,
  SparseTimesDense,
  TopKRows,
} from '../matrices.ts';
import { transposeSparse } from '../reference/sparse.ts';
import type { Call } from './call.ts';
import { pack, tileBytes } from './dense.ts';
import { takeResult, topKPlaces } from './ranking.ts';

/** Rows solved together; BLOCK in assembly/least-squares.ts. */
const sweepBlock = 48;

export function sparseTimesDense(call: Call, product: SparseTimesDense): void {
  const { width, dense, c, alpha = 1, beta = 0 } = product;
  const matrix = product.transpose ? transposeSparse(product.matrix) : product.matrix;
  call.run('sparseTimesDense', {
    wholes: [...readSparse(call, matrix), width, call.read(dense), beta === 0 ? call.write(c) : call.update(c)],
    reals: [alpha, beta],
    cost: 2 * matrix.columnOf.length * width,
  });
}

export function sparseGram(call: Call, matrix: SparseMatrix, gram: Float32Array): void {
  const ascending = ascends(matrix) ? matrix : transposeSparse(transposeSparse(matrix));
  const [, offsets, columnOf, weightOf] = readSparse(call, ascending);
  const { columnOffsets, rowOf, placeOf } = placesByColumn(ascending);
  const into = call.write(gram);
  call.run('sparseGramLower', {
    wholes: [
      matrix.columns,
      offsets,
      columnOf,
      weightOf,
      call.read(columnOffsets),
      call.read(rowOf),
      call.read(placeOf),
      into,
    ],
    cost: 20 * matrix.columnOf.length,
  });
  call.run('mirrorLower', { wholes: [matrix.columns, into], reals: [1], cost: matrix.columns ** 2 });
}

function ascends({ rows, offsets, columnOf }: SparseMatrix): boolean {
  for (let row = 0; row < rows; row++) {
    for (let at = offsets[row] + 1; at < offsets[row + 1]; at++) if (columnOf[at - 1] >= columnOf[at]) return false;
  }
  return true;
}

/** For each column its entries: the row, and where in `matrix` it stands. */
function placesByColumn({ rows, columns, offsets, columnOf }: SparseMatrix) {
  const columnOffsets = new Uint32Array(columns + 1);
  for (const column of columnOf) columnOffsets[column + 1]++;
  for (let column = 0; column < columns; column++) columnOffsets[column + 1] += columnOffsets[column];
  const next = columnOffsets.slice(0, columns);
  const rowOf = new Uint32Array(columnOf.length);
  const placeOf = new Uint32Array(columnOf.length);
  for (let row = 0; row < rows; row++) {
    for (let at = offsets[row]; at < offsets[row + 1]; at++) {
      const to = next[columnOf[at]]++;
      rowOf[to] = row;
      placeOf[to] = at;
    }
  }
  return { columnOffsets, rowOf, placeOf };
}

export function sparseProductTopK(call: Call, product: SparseProductTopK): TopKRows {
  const { left, right, k, rowNorm, columnNorm, shrinkage = 0, skipDiagonal } = product;
  const places = topKPlaces(call, left.rows, k);
  const [rows, leftOffsets, leftColumnOf, leftWeightOf] = readSparse(call, left);
  const [, rightOffsets, rightColumnOf, rightWeightOf] = readSparse(call, right);
  const blocks = Math.ceil(right.columns / 64);
  call.run('sparseProductTopK', {
    wholes: [
      rows,
      leftOffsets,
      leftColumnOf,
      leftWeightOf,
      right.columns,
      rightOffsets,
      rightColumnOf,
      rightWeightOf,
      k,
      call.read(rowNorm),
      call.read(columnNorm),
      skipDiagonal ? 1 : 0,
      places.column,
      places.score,
      places.count,
    ],
    reals: [shrinkage],
    scratchBytes: blocks * 257,
    cost: 100 * left.columnOf.length,
  });
  return takeResult(call, left.rows, k, places);
}

/** rows, and the addresses of offsets, columnOf and weightOf. */
function readSparse(call: Call, matrix: SparseMatrix): readonly [number, number, number, number] {
  return [matrix.rows, call.read(matrix.offsets), call.read(matrix.columnOf), call.read(matrix.weightOf)];
}

export function conjugateGradientSweep(call: Call, sweep: ConjugateGradientSweep): void {
  withWholeVectors(sweep, (padded) => {
    const { factors } = padded;
    const packed = call.allocate(factors * Math.ceil(factors / 8) * 32);
    pack(call, { k: factors, n: factors, b: call.read(padded.gram), bRow: factors, packed });
    call.run('conjugateGradients', {
      wholes: [...sweepArguments(call, padded, packed), sweep.steps ?? 3],
      scratchBytes: tileBytes + sweepBlock * 4 + 3 * sweepBlock * factors * 4,
      cost: 4 * factors * (sweep.steps ?? 3) * (padded.matrix.columnOf.length + factors * padded.matrix.rows),
    });
    call.copyBack();
  });
}

export function choleskySweep(call: Call, sweep: LeastSquaresSweep): void {
  withWholeVectors(sweep, (padded) => {
    const { factors } = padded;
    const state = call.allocate(4);
    call.uint32(state, 1)[0] = 0;
    call.run('choleskySolutions', {
      wholes: [...sweepArguments(call, padded, call.read(padded.gram)), 0, state],
      scratchBytes: tileBytes + factors * 512 + 256 + factors * factors * 4,
      cost: factors * factors * (padded.matrix.columnOf.length + factors * padded.matrix.rows),
    });
    const failed = call.uint32(state, 1)[0];
    if (failed !== 0) {
      throw new Error(
        `choleskySweep: the system of row ${failed - 1} is not positive definite; raise its regularisation`,
      );
    }
    call.copyBack();
  });
}

function sweepArguments(call: Call, sweep: LeastSquaresSweep, gram: number): number[] {
  const { matrix, targetOf, factors, fixed, regularisation, prior, solved } = sweep;
  const [rows, offsets, columnOf, weightOf] = readSparse(call, matrix);
  return [
    rows,
    offsets,
    columnOf,
    weightOf,
    targetOf ? call.read(targetOf) : weightOf,
    factors,
    call.read(fixed),
    gram,
    call.read(regularisation),
    call.read(prior),
    call.update(solved),
  ];
}

/** The kernels take factors by fours: others are filled up with zeros, which stay zero. */
function withWholeVectors(sweep: LeastSquaresSweep, work: (padded: LeastSquaresSweep) => void): void {
  const { factors, matrix, fixed, gram, prior, solved } = sweep;
  if (factors % 4 === 0) {
    work(sweep);
    return;
  }
  const wide = Math.ceil(factors / 4) * 4;
  const padded = {
    ...sweep,
    factors: wide,
    fixed: widen(fixed, matrix.columns, factors, wide),
    gram: widen(gram, factors, factors, wide, wide),
    prior: prior && widen(prior, matrix.rows, factors, wide),
    solved: widen(solved, matrix.rows, factors, wide),
  };
  // Every system needs a diagonal, the zeros' included.
  for (let f = factors; f < wide; f++) padded.gram[f * wide + f] = 1;
  work(padded);
  for (let row = 0; row < matrix.rows; row++) {
    solved.set(padded.solved.subarray(row * wide, row * wide + factors), row * factors);
  }
}

function widen(values: Float32Array, rows: number, from: number, to: number, rowsTo = rows): Float32Array {
  const wide = new Float32Array(rowsTo * to);
  for (let row = 0; row < rows; row++) wide.set(values.subarray(row * from, (row + 1) * from), row * to);
  return wide;
}
