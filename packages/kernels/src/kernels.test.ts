import { describe, expect, it } from 'vitest';
import { testKernels } from './kernels.contract.ts';
import { testLayerKernels } from './layers.contract.ts';
import { testMatrixKernels } from './matrices.contract.ts';
import { openReferenceKernels } from './reference/open-reference-kernels.ts';
import { seeded } from './testing.ts';
import { openKernels } from './wasm/open-kernels.ts';

for (const [name, open] of [
  ['The reference', openReferenceKernels],
  ['WASM without relaxed SIMD', () => openKernels({ variant: 'plain', threads: 1 })],
  ['WASM with relaxed SIMD', () => openKernels({ variant: 'relaxed', threads: 1 })],
  ['WASM on three threads', () => openKernels({ threads: 3 })],
] as const) {
  testKernels(name, open);
  testMatrixKernels(name, open);
  testLayerKernels(name, open);
}

describe('WASM kernels', () => {
  it('give the same bits on one thread as on three', () => {
    const results = [1, 3].map((threads) => {
      using kernels = openKernels({ threads });
      const random = seeded(1);
      const [a, matrix] = [random.float32(900 * 300), new Float32Array(300 * 300)];
      for (let i = 0; i < 300; i++) matrix[i * 301] = 500;
      // Often enough for the workers to have started.
      for (let i = 0; i < 20; i++) kernels.syrk({ n: 300, k: 900, a, c: matrix, beta: 1 });
      kernels.invertPositiveDefinite(matrix, 300);
      return matrix;
    });
    expect(results[1]).toEqual(results[0]);
  });

  it('free what a scope allocated, also when its work throws', () => {
    using kernels = openKernels({ threads: 1 });
    const place = () => kernels.scope(() => kernels.float32(1000).byteOffset);
    const before = place();
    const fail = () => {
      kernels.float32(1000);
      throw new Error('changed my mind');
    };
    expect(() => kernels.scope(fail)).toThrow('changed my mind');
    expect(place()).toBe(before);
  });

  it('say how much did not fit, and how much is in use', () => {
    using kernels = openKernels({ threads: 1 });
    expect(() => kernels.float32(2 ** 30)).toThrow(
      'kernels: 4.00 GiB do not fit; 0.00 of the 4 GiB that WASM memory can hold are in use',
    );
  });

  it('refuse calls after they were closed, and a number of threads that is none', () => {
    const kernels = openKernels({ threads: 1 });
    kernels.close();
    kernels.close();
    const array = new Float32Array(1);
    expect(() => kernels.gemm({ m: 1, n: 1, k: 1, a: array, b: array, c: array })).toThrow('after close');
    expect(() => openKernels({ threads: 0 })).toThrow('threads must be a whole number from 1 to 64, got 0');
  });
});
