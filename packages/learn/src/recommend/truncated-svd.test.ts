import { openReferenceKernels, type SparseMatrix } from '@zhiyin/kernels';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../numerics/random.ts';
import { symmetricEigen } from '../numerics/symmetric-eigen.ts';
import { truncatedSvd } from './truncated-svd.ts';

const tools = { kernels: openReferenceKernels(), seed: 5 };

describe('truncated singular value decomposition', () => {
  it('has the largest values of the whole decomposition, and orthonormal vectors', () => {
    const matrix = randomSparse(70, 50, 0.15);
    const whole = symmetricEigen(denseGram(matrix), 50);
    const { factors, singularValues, right } = truncatedSvd(
      matrix,
      { factors: 8, blockWidth: 8, spaceFactor: 7 },
      tools,
    );
    expect(factors).toBe(8);
    singularValues.forEach((value, at) => {
      expect(value).toBeCloseTo(Math.sqrt(whole.values[at]), 3);
    });
    for (let a = 0; a < 8; a++) {
      for (let b = 0; b < 8; b++) {
        let dot = 0;
        for (let column = 0; column < 50; column++) dot += right[column * 8 + a] * right[column * 8 + b];
        expect(dot).toBeCloseTo(a === b ? 1 : 0, 4);
      }
    }
  });

  it('gives a matrix of low rank back and says what its rank is', () => {
    const matrix = dense(30, 20, (row, column) => ((row % 3) + 1) * (column + 1) + (row % 2) * (20 - column));
    const { factors, right } = truncatedSvd(matrix, { factors: 6 }, tools);
    expect(factors).toBe(2);
    for (let row = 0; row < 30; row++) {
      const values = matrix.weightOf.subarray(row * 20, (row + 1) * 20);
      const along = [0, 1].map((f) => values.reduce((sum, value, column) => sum + value * right[column * 2 + f], 0));
      values.forEach((value, column) => {
        expect((along[0] * right[column * 2] + along[1] * right[column * 2 + 1]) / value).toBeCloseTo(1, 3);
      });
    }
  });

  it('works on one entry and on none', () => {
    expect(
      truncatedSvd(
        dense(1, 1, () => 3),
        { factors: 4 },
        tools,
      ).singularValues[0],
    ).toBeCloseTo(3, 6);
    expect(
      truncatedSvd(
        dense(3, 2, () => 0),
        { factors: 2 },
        tools,
      ).factors,
    ).toBe(0);
  });

  it('is the same for the same seed', () => {
    const matrix = randomSparse(40, 30, 0.2);
    expect(truncatedSvd(matrix, { factors: 5 }, tools)).toEqual(truncatedSvd(matrix, { factors: 5 }, tools));
  });
});

function dense(rows: number, columns: number, valueAt: (row: number, column: number) => number): SparseMatrix {
  return {
    rows,
    columns,
    offsets: Uint32Array.from({ length: rows + 1 }, (_, row) => row * columns),
    columnOf: Uint32Array.from({ length: rows * columns }, (_, at) => at % columns),
    weightOf: Float32Array.from({ length: rows * columns }, (_, at) => valueAt(Math.floor(at / columns), at % columns)),
  };
}

function randomSparse(rows: number, columns: number, share: number): SparseMatrix {
  const random = seededRandom(11);
  return dense(rows, columns, () => (random() < share ? random() + 0.5 : 0));
}

function denseGram({ rows, columns, weightOf }: SparseMatrix): Float64Array {
  const gram = new Float64Array(columns * columns);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < columns; i++) {
      for (let j = 0; j < columns; j++)
        gram[i * columns + j] += weightOf[row * columns + i] * weightOf[row * columns + j];
    }
  }
  return gram;
}
