import { expect } from 'vitest';
import type { SparseMatrix } from './matrices.ts';

/** The same numbers for the same seed (mulberry32); f32 values are roughly normal. */
export function seeded(seed: number) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let hash = Math.imul(state ^ (state >>> 15), 1 | state);
    hash = (hash + Math.imul(hash ^ (hash >>> 7), 61 | hash)) ^ hash;
    return ((hash ^ (hash >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = () => next() + next() + next() + next() - 2;
  const float32 = (length: number) => Float32Array.from({ length }, normal);
  const integers = (length: number, below: number) => Uint32Array.from({ length }, () => Math.floor(next() * below));
  const sparse = (rows: number, columns: number, share: number): SparseMatrix => {
    const offsets = new Uint32Array(rows + 1);
    const columnOf: number[] = [];
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) if (next() < share) columnOf.push(column);
      offsets[row + 1] = columnOf.length;
    }
    const weightOf = Float32Array.from(columnOf, () => 0.2 + next());
    return { rows, columns, offsets, columnOf: Uint32Array.from(columnOf), weightOf };
  };
  return { next, normal, float32, integers, sparse };
}

/** Equal up to `tolerance` of the largest number in sight. */
export function near(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-5): void {
  expect(actual.length).toBe(expected.length);
  let largest = 1e-30;
  let worst = 0;
  let at = 0;
  for (let i = 0; i < expected.length; i++) {
    if (Number.isFinite(expected[i])) largest = Math.max(largest, Math.abs(expected[i]));
    const gap = Object.is(actual[i], expected[i]) || actual[i] === expected[i] ? 0 : Math.abs(actual[i] - expected[i]);
    if (!(gap <= worst)) {
      worst = gap;
      at = i;
    }
  }
  expect(worst / largest, `entry ${at}: got ${actual[at]}, expected ${expected[at]}`).toBeLessThanOrEqual(tolerance);
}
