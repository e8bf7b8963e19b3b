import { describe, expect, it } from 'vitest';
import type { Kernels } from './kernels.ts';
import { openReferenceKernels } from './reference/open-reference-kernels.ts';
import { near, seeded } from './testing.ts';

/** Every implementation passes this: properties that need no other implementation, and agreement with the reference. */
export function testKernels(name: string, open: () => Kernels): void {
  describe(`${name} as kernels`, () => {
    it('multiplies by the identity without changing anything, on either side and transposed', () => {
      using kernels = open();
      const { float32 } = seeded(1);
      const a = float32(7 * 5);
      const identity = new Float32Array(25);
      for (let i = 0; i < 5; i++) identity[i * 6] = 1;
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

    it('names the argument whose length is wrong', () => {
      using kernels = open();
      const [a, b, c] = [new Float32Array(3), new Float32Array(4), new Float32Array(4)];
      expect(() => kernels.gemm({ m: 2, n: 2, k: 2, a, b, c })).toThrow('gemm: a must hold 4 numbers, got 3');
    });

    it('gives back zeroed memory after a scope, and the result of the work', () => {
      using kernels = open();
      const sum = kernels.scope(() => {
        const array = kernels.float32(100);
        array.fill(7);
        return array.reduce((total, value) => total + value, 0);
      });
      expect(sum).toBe(700);
      expect(kernels.scope(() => kernels.float32(100).every((value) => value === 0))).toBe(true);
    });
  });
}
