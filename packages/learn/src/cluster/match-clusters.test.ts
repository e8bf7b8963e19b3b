import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignMost, matchClusters } from './match-clusters.ts';

describe('matching clusters over time', () => {
  it('finds the same people under other numbers, and what is new', () => {
    const before = Int32Array.from([0, 0, 0, 1, 1, 1, -1, -1, 2]);
    const after = Int32Array.from([2, 2, 2, 0, 0, 0, 1, 1, -1]);
    const { formerOf, overlap } = matchClusters(before, after, { before: 3, after: 3 });
    expect([...formerOf]).toEqual([1, -1, 0]);
    expect([...overlap]).toEqual([1, 0, 1]);
  });

  it('lets a cluster that split go on as the larger part', () => {
    const before = Int32Array.from([0, 0, 0, 0, 0, 1, 1]);
    const after = Int32Array.from([0, 0, 0, 1, 1, 2, 2]);
    expect([...matchClusters(before, after, { before: 2, after: 3 }).formerOf]).toEqual([0, -1, 1]);
  });

  it('pairs for the greatest sum: what trying every pairing finds', () => {
    const worths = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(worths, fc.constantFrom([4, 5], [5, 4], [4, 4], [1, 5], [5, 1]), (list, [rows = 1, columns = 1]) => {
        const worth = Float64Array.from(list.slice(0, rows * columns));
        const columnOf = assignMost(worth, rows, columns);
        const taken = [...columnOf].filter((column) => column >= 0);
        expect(new Set(taken).size).toBe(taken.length);
        expect(taken.length).toBe(Math.min(rows, columns));
        const sum = [...columnOf].reduce(
          (all, column, row) => all + (column < 0 ? 0 : (worth[row * columns + column] ?? 0)),
          0,
        );
        expect(sum).toBe(bestSum(worth, rows, columns));
      }),
      { numRuns: 100 },
    );
  });
});

function bestSum(worth: Float64Array, rows: number, columns: number, row = 0, used = new Set<number>()): number {
  if (row === rows) return 0;
  let best = bestSum(worth, rows, columns, row + 1, used);
  for (let column = 0; column < columns; column++) {
    if (used.has(column)) continue;
    used.add(column);
    best = Math.max(best, (worth[row * columns + column] ?? 0) + bestSum(worth, rows, columns, row + 1, used));
    used.delete(column);
  }
  return best;
}
