import { describe, expect, it } from 'vitest';
import type { Kernels } from './kernels.ts';

/** Memory, checks and life of kernels: every implementation passes this. */
export function testKernels(name: string, open: () => Kernels): void {
  describe(`${name} as kernels`, () => {
    it('names the argument whose length is wrong', () => {
      using kernels = open();
      const [a, b, c] = [new Float32Array(3), new Float32Array(4), new Float32Array(4)];
      expect(() => kernels.gemm({ m: 2, n: 2, k: 2, a, b, c })).toThrow('gemm: a must hold 4 numbers, got 3');
    });

    it('names the entry of a sparse matrix that is outside of it', () => {
      using kernels = open();
      const matrix = {
        rows: 1,
        columns: 2,
        offsets: Uint32Array.of(0, 2),
        columnOf: Uint32Array.of(0, 2),
        weightOf: Float32Array.of(1, 1),
      };
      expect(() => kernels.sparseGram(matrix, new Float32Array(4))).toThrow(
        'sparseGram: matrix.columnOf: entry 1 must be below 2, got 2',
      );
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

    it('works the same on its own memory and on any other', () => {
      using kernels = open();
      const own = [kernels.float32(6), kernels.float32(6), kernels.float32(4)] as const;
      const other = [new Float32Array(6), new Float32Array(6), new Float32Array(4)] as const;
      for (const [a, b, c] of [own, other]) {
        a.set([1, 2, 3, 4, 5, 6]);
        b.set([1, 0, 0, 1, 1, 1]);
        kernels.gemm({ m: 2, n: 2, k: 3, a, b, c });
        expect([...c]).toEqual([4, 5, 10, 11]);
      }
      expect(kernels.int8(3)).toEqual(new Int8Array(3));
      expect(kernels.uint32(2)).toEqual(new Uint32Array(2));
    });

    it('refuses work that is a promise', () => {
      using kernels = open();
      expect(() => kernels.scope(async () => 1)).toThrow('scope: the work must be synchronous, got a promise');
    });
  });
}
