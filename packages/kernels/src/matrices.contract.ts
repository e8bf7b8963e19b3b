import { describe, expect, it } from 'vitest';
import type { Kernels } from './kernels.ts';
import { noColumn, type SparseMatrix, type TopKRows } from './matrices.ts';
import { openReferenceKernels } from './reference/open-reference-kernels.ts';
import { transposeSparse } from './reference/sparse.ts';
import { near, seeded } from './testing.ts';

/** Products, factorisations, sparse work and ranking: every implementation passes this. */
export function testMatrixKernels(name: string, open: () => Kernels): void {
  describe(`${name} on matrices`, () => {
    it('multiplies by the identity without changing anything, on either side and transposed', () => {
      using kernels = open();
      const { float32 } = seeded(1);
      const a = float32(7 * 5);
      const identity = unit(5);
      const c = new Float32Array(35);
      kernels.gemm({ m: 7, n: 5, k: 5, a, b: identity, c });
      near(c, a);
      kernels.gemm({ m: 7, n: 5, k: 5, a, b: identity, c, transposeB: true, beta: 1 });
      near(
        c,
        a.map((value) => 2 * value),
      );
    });

    it.each([
      [1, 1, 1],
      [6, 8, 4],
      [13, 29, 17],
      [70, 65, 130],
      [3, 300, 70],
      [257, 9, 33],
      [110, 50, 300],
      [9, 13, 200],
      [4, 5, 0],
    ])('multiplies %i × %i by inner %i as the reference does, in all four transpositions', (m, n, k) => {
      using kernels = open();
      using reference = openReferenceKernels();
      const { float32 } = seeded(m * n + k);
      for (const [transposeA, transposeB] of [
        [false, false],
        [true, false],
        [false, true],
        [true, true],
      ]) {
        const product = { m, n, k, a: float32(m * k), b: float32(k * n), transposeA, transposeB, alpha: 0.5, beta: -2 };
        const start = float32(m * n);
        const [ours, expected] = [start.slice(), start.slice()];
        kernels.gemm({ ...product, c: ours });
        reference.gemm({ ...product, c: expected });
        near(ours, expected, 1e-4);
      }
    });

    it.each([
      [5, 3],
      [17, 900],
      [130, 40],
      [600, 20],
    ])('computes aᵀa for %i things of %i observations as a product does', (n, k) => {
      using kernels = open();
      const { float32 } = seeded(n + k);
      const a = float32(n * k);
      const [ours, expected] = [unit(n), unit(n)];
      kernels.syrk({ n, k, a, c: ours, alpha: 2, beta: 3 });
      kernels.gemm({ m: n, n, k, a, b: a, c: expected, transposeA: true, alpha: 2, beta: 3 });
      near(ours, expected, 1e-5);
    });

    it('gives a Cholesky factor whose square is the matrix', () => {
      using kernels = open();
      for (const n of [1, 7, 64, 150]) {
        const matrix = positiveDefinite(kernels, n, n);
        const factor = matrix.slice();
        expect(kernels.cholesky(factor, n)).toBe(true);
        for (let i = 0; i < n; i++) factor.fill(0, i * n + i + 1, (i + 1) * n);
        const square = new Float32Array(n * n);
        kernels.gemm({ m: n, n, k: n, a: factor, b: factor, c: square, transposeB: true });
        near(square, matrix, 1e-5);
      }
    });

    it('solves with the factor: the matrix times the solution is the right-hand side', () => {
      using kernels = open();
      for (const [n, columns] of [
        [3, 1],
        [130, 7],
        [65, 100],
      ]) {
        const matrix = positiveDefinite(kernels, n, n + columns);
        const side = seeded(columns).float32(n * columns);
        const [lower, b] = [matrix.slice(), side.slice()];
        kernels.cholesky(lower, n);
        kernels.choleskySolve({ n, columns, lower, b });
        const image = new Float32Array(n * columns);
        kernels.gemm({ m: n, n: columns, k: n, a: matrix, b, c: image });
        near(image, side, 1e-4);
      }
    });

    it('inverts: the inverse times the matrix is the identity', () => {
      using kernels = open();
      for (const n of [1, 5, 128, 129, 300]) {
        if (kernels.kind === 'reference' && n > 200) continue;
        const matrix = positiveDefinite(kernels, n, 3 * n);
        const inverse = matrix.slice();
        // Only the lower triangle is read.
        for (let i = 0; i < n; i++) inverse.fill(Number.NaN, i * n + i + 1, (i + 1) * n);
        expect(kernels.invertPositiveDefinite(inverse, n)).toBe(true);
        const product = new Float32Array(n * n);
        kernels.gemm({ m: n, n, k: n, a: matrix, b: inverse, c: product });
        near(product, unit(n), 2e-4);
      }
    });

    it('says so when a matrix is not positive definite', () => {
      using kernels = open();
      const matrix = unit(200);
      matrix[150 * 200 + 150] = -1;
      expect(kernels.cholesky(matrix.slice(), 200)).toBe(false);
      expect(kernels.invertPositiveDefinite(matrix, 200)).toBe(false);
    });

    it('multiplies sparse by dense as dense by dense, from both sides', () => {
      using kernels = open();
      const random = seeded(3);
      const matrix = random.sparse(40, 30, 0.3);
      const wide = toDense(matrix);
      for (const width of [1, 9, 32]) {
        const [dense, start] = [random.float32(30 * width), random.float32(40 * width)];
        const [ours, expected] = [start.slice(), start.slice()];
        kernels.sparseTimesDense({ matrix, width, dense, c: ours, alpha: 0.5, beta: 2 });
        kernels.gemm({ m: 40, n: width, k: 30, a: wide, b: dense, c: expected, alpha: 0.5, beta: 2 });
        near(ours, expected);
        const tall = random.float32(40 * width);
        const [turned, expectedTurned] = [new Float32Array(30 * width), new Float32Array(30 * width)];
        kernels.sparseTimesDense({ matrix, width, dense: tall, c: turned, transpose: true });
        kernels.gemm({ m: 30, n: width, k: 40, a: wide, b: tall, c: expectedTurned, transposeA: true });
        near(turned, expectedTurned);
      }
    });

    it('counts together what the dense product counts, in any order of columns', () => {
      using kernels = open();
      const matrix = seeded(4).sparse(50, 37, 0.2);
      const expected = new Float32Array(37 * 37);
      const wide = toDense(matrix);
      kernels.gemm({ m: 37, n: 37, k: 50, a: wide, b: wide, c: expected, transposeA: true });
      for (const input of [matrix, reversedRows(matrix)]) {
        const gram = new Float32Array(37 * 37).fill(9);
        kernels.sparseGram(input, gram);
        near(gram, expected);
      }
    });

    it('keeps the k best of a sparse product, divided by the norms', () => {
      using kernels = open();
      using reference = openReferenceKernels();
      const random = seeded(5);
      const left = random.sparse(60, 45, 0.15);
      const right = transposeSparse(left);
      const norm = random.float32(60).map((value) => Math.abs(value) + 0.5);
      for (const options of [
        { k: 4 },
        { k: 100, skipDiagonal: true },
        { k: 7, rowNorm: norm, columnNorm: norm, shrinkage: 2.5, skipDiagonal: true },
        { k: 0 },
      ]) {
        sameTopK(
          kernels.sparseProductTopK({ left, right, ...options }),
          reference.sparseProductTopK({ left, right, ...options }),
        );
      }
    });

    it.each([4, 10, 64])('solves least squares of %i factors exactly, row by row', (factors) => {
      using kernels = open();
      const sweep = aSweep(factors);
      kernels.choleskySweep(sweep);
      for (let row = 0; row < sweep.matrix.rows; row++) {
        expect(Math.max(...residualOf(sweep, row).map(Math.abs))).toBeLessThan(1e-3);
      }
    });

    it.each([4, 10, 64])('comes as near with conjugate gradients when given enough steps (%i factors)', (factors) => {
      using kernels = open();
      const sweep = aSweep(factors);
      const exact = sweep.solved.slice();
      kernels.choleskySweep({ ...sweep, solved: exact });
      kernels.conjugateGradientSweep({ ...sweep, steps: 3 * factors });
      near(sweep.solved, exact, 2e-3);
    });

    it('takes the same conjugate-gradient steps as the reference', () => {
      using kernels = open();
      using reference = openReferenceKernels();
      const sweep = aSweep(16);
      const [ours, expected] = [sweep.solved.slice(), sweep.solved.slice()];
      kernels.conjugateGradientSweep({ ...sweep, solved: ours });
      reference.conjugateGradientSweep({ ...sweep, solved: expected });
      near(ours, expected, 1e-4);
    });

    it('gives people without entries nothing, and with a prior the prior', () => {
      using kernels = open();
      const matrix = { ...seeded(8).sparse(3, 5, 0), columns: 5 };
      const gram = new Float32Array(16);
      const sweep = {
        matrix,
        factors: 4,
        fixed: new Float32Array(20),
        gram,
        regularisation: new Float32Array(3).fill(2),
      };
      const prior = seeded(9).float32(12);
      for (const solve of [kernels.choleskySweep, kernels.conjugateGradientSweep]) {
        const solved = new Float32Array(12).fill(1);
        solve({ ...sweep, solved });
        near(solved, new Float32Array(12));
        solve({ ...sweep, prior, solved });
        near(solved, prior);
      }
    });

    it('names the row whose system has no solution', () => {
      using kernels = open();
      const sweep = aSweep(8);
      const gram = sweep.gram.map((value) => -value);
      expect(() => kernels.choleskySweep({ ...sweep, gram })).toThrow(/system of row \d+ is not positive definite/);
    });

    it.each([1, 3, 67])('ranks all columns for %i rows as sorting all scores does', (rows) => {
      using kernels = open();
      using reference = openReferenceKernels();
      const random = seeded(rows);
      const columns = 317;
      const request = {
        rows,
        columns,
        factors: 12,
        // Whole numbers: sums are exact, and equal scores are common.
        left: random.float32(rows * 12).map(Math.round),
        right: random.float32(columns * 12).map(Math.round),
        columnBias: Float32Array.from({ length: columns }, (_, column) => column % 3),
        exclude: random.sparse(rows, columns, 0.1),
      };
      for (const k of [0, 20, 400])
        sameTopK(kernels.scoreTopK({ ...request, k }), reference.scoreTopK({ ...request, k }));
      const plain = { rows, columns, factors: 12, left: request.left, right: request.right, k: 5 };
      sameTopK(kernels.scoreTopK(plain), reference.scoreTopK(plain));
    });

    it('takes the first of equal scores, and neither NaN nor -Infinity', () => {
      using kernels = open();
      const scores = Float32Array.of(1, Number.NaN, 3, 3, Number.NEGATIVE_INFINITY, 3, 0);
      const best = kernels.topKRows({ rows: 1, columns: 7, scores, k: 6 });
      expect([...best.column]).toEqual([2, 3, 5, 0, 6, noColumn]);
      expect([...best.score]).toEqual([3, 3, 3, 1, 0, Number.NEGATIVE_INFINITY]);
      expect(best.count[0]).toBe(5);
    });

    it('computes dot products of rows, with one vector and pairwise, in f32 and int8', () => {
      using kernels = open();
      using reference = openReferenceKernels();
      const random = seeded(6);
      const [rows, size] = [300, 37];
      const matrix = random.float32(rows * size);
      for (const by of [random.float32(size), random.float32(rows * size)]) {
        const [ours, expected] = [new Float32Array(rows), new Float32Array(rows)];
        kernels.rowDots({ rows, size, matrix, by, output: ours });
        reference.rowDots({ rows, size, matrix, by, output: expected });
        near(ours, expected);
      }
      const small = Int8Array.from(random.integers(rows * size, 255), (value) => value - 127);
      const request = { rows, size, matrix: small, by: small.slice(0, size), scale: random.float32(rows) };
      const [ours, expected] = [new Float32Array(rows), new Float32Array(rows)];
      kernels.rowDotsInt8({ ...request, output: ours });
      reference.rowDotsInt8({ ...request, output: expected });
      near(ours, expected);
    });

    it('finds the nearest of many centres', () => {
      using kernels = open();
      using reference = openReferenceKernels();
      const random = seeded(7);
      const request = {
        points: 130,
        centres: 301,
        size: 9,
        point: random.float32(130 * 9),
        centre: random.float32(301 * 9),
      };
      const outcome = (by: Kernels) => {
        const [nearest, distance] = [new Uint32Array(130), new Float32Array(130)];
        return { total: by.nearestCentres({ ...request, nearest, distance }), nearest, distance };
      };
      const [ours, expected] = [outcome(kernels), outcome(reference)];
      expect(ours.nearest).toEqual(expected.nearest);
      near(ours.distance, expected.distance);
      expect(ours.total).toBeCloseTo(expected.total, 2);
    });
  });
}

function unit(n: number): Float32Array {
  const identity = new Float32Array(n * n);
  for (let i = 0; i < n; i++) identity[i * n + i] = 1;
  return identity;
}

/** AᵀA + n I: conditioned well enough for f32. */
function positiveDefinite(kernels: Kernels, n: number, seed: number): Float32Array {
  const matrix = unit(n).map((value) => value * n);
  kernels.syrk({ n, k: n, a: seeded(seed).float32(n * n), c: matrix, beta: 1 });
  return matrix;
}

function toDense({ rows, columns, offsets, columnOf, weightOf }: SparseMatrix): Float32Array {
  const dense = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let at = offsets[row]; at < offsets[row + 1]; at++) dense[row * columns + columnOf[at]] = weightOf[at];
  }
  return dense;
}

function reversedRows(matrix: SparseMatrix): SparseMatrix {
  const columnOf = matrix.columnOf.slice();
  const weightOf = matrix.weightOf.slice();
  for (let row = 0; row < matrix.rows; row++) {
    columnOf.subarray(matrix.offsets[row], matrix.offsets[row + 1]).reverse();
    weightOf.subarray(matrix.offsets[row], matrix.offsets[row + 1]).reverse();
  }
  return { ...matrix, columnOf, weightOf };
}

function sameTopK(ours: TopKRows, expected: TopKRows): void {
  expect(ours.count).toEqual(expected.count);
  near(ours.score, expected.score);
  // Where scores are equal up to rounding the order may differ; where they are not it may not.
  for (let at = 0; at < ours.column.length; at++) {
    const isAlone =
      Math.abs(expected.score[at] - expected.score[at - 1]) > 1e-4 &&
      Math.abs(expected.score[at] - expected.score[at + 1]) > 1e-4;
    if (isAlone || Number.isInteger(expected.score[at])) expect(ours.column[at]).toBe(expected.column[at]);
  }
}

function aSweep(factors: number) {
  const random = seeded(factors);
  const matrix = random.sparse(70, 40, 0.2);
  const fixed = random.float32(40 * factors);
  const gram = new Float32Array(factors * factors);
  openReferenceKernels().syrk({ n: factors, k: 40, a: fixed, c: gram, alpha: 0.1 });
  return {
    matrix,
    factors,
    fixed,
    gram,
    targetOf: matrix.weightOf.map((weight) => weight + 1),
    regularisation: Float32Array.from({ length: 70 }, () => 1 + random.next()),
    prior: random.float32(70 * factors),
    solved: random.float32(70 * factors),
  };
}

/** right side − system · solution, by the formula in `LeastSquaresSweep`. */
function residualOf(sweep: ReturnType<typeof aSweep>, row: number): Float32Array {
  const { matrix, factors, fixed, gram, targetOf, regularisation, prior, solved } = sweep;
  const x = solved.subarray(row * factors, (row + 1) * factors);
  const residual = new Float32Array(factors);
  for (let f = 0; f < factors; f++) {
    residual[f] = regularisation[row] * (prior[row * factors + f] - x[f]);
    for (let g = 0; g < factors; g++) residual[f] -= gram[f * factors + g] * x[g];
  }
  for (let at = matrix.offsets[row]; at < matrix.offsets[row + 1]; at++) {
    const y = fixed.subarray(matrix.columnOf[at] * factors, (matrix.columnOf[at] + 1) * factors);
    const score = y.reduce((sum, value, f) => sum + value * x[f], 0);
    for (let f = 0; f < factors; f++) residual[f] += (targetOf[at] - matrix.weightOf[at] * score) * y[f];
  }
  return residual;
}
