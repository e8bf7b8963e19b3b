import { describe, expect, it } from 'vitest';
import { normalDraw, seededRandom } from './random.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

describe('eigenvalues of symmetric matrices', () => {
  it('knows those of the chain: 2 − 2 cos(kπ / (n + 1))', () => {
    const n = 12;
    const chain = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      chain[i * n + i] = 2;
      if (i > 0) chain[i * n + i - 1] = chain[(i - 1) * n + i] = -1;
    }
    const { values } = symmetricEigen(chain, n);
    values.forEach((value, at) => {
      expect(value).toBeCloseTo(2 - 2 * Math.cos(((n - at) * Math.PI) / (n + 1)), 12);
    });
  });

  it('gives the matrix back from values and vectors, which are orthonormal', () => {
    for (const n of [1, 2, 5, 31]) {
      const matrix = randomSymmetric(n, n);
      const { values, vectors } = symmetricEigen(matrix, n);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          let [rebuilt, product] = [0, 0];
          for (let k = 0; k < n; k++) {
            rebuilt += vectors[k * n + i] * values[k] * vectors[k * n + j];
            product += vectors[i * n + k] * vectors[j * n + k];
          }
          expect(rebuilt).toBeCloseTo(matrix[i * n + j], 10);
          expect(product).toBeCloseTo(i === j ? 1 : 0, 10);
        }
      }
    }
  });

  it('keeps the vectors of the largest values only where asked', () => {
    const matrix = randomSymmetric(9, 4);
    const all = symmetricEigen(matrix, 9);
    expect(symmetricEigen(matrix, 9, 2).vectors).toEqual(all.vectors.slice(0, 18));
  });

  it('works on zeros, equal values and nothing', () => {
    expect([...symmetricEigen(new Float64Array(9), 3).values]).toEqual([0, 0, 0]);
    expect([...symmetricEigen(Float64Array.of(2, 0, 0, 2), 2).values]).toEqual([2, 2]);
    expect(symmetricEigen(new Float64Array(0), 0).values.length).toBe(0);
  });
});

function randomSymmetric(n: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) matrix[i * n + j] = matrix[j * n + i] = normalDraw(random);
  }
  return matrix;
}
