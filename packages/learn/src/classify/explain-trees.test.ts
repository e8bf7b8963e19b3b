import { describe, expect, it } from 'vitest';
import { seededRandom } from '../numerics/random.ts';
import { type BoostedTrees, findLeaf, goesLeft, openRows, type RowReader, scoreBoostedTrees } from './boosted-trees.ts';
import { explainTrees } from './explain-trees.ts';
import type { FeatureTable } from './feature-table.ts';
import { fitBoostedTrees } from './fit-boosted-trees.ts';

const random = seededRandom(11);
const rows = 400;
const levels = ['a', 'b', 'c', 'd'];
const table: FeatureTable = {
  rows,
  columns: [
    number('x', () => random() * 4),
    number('y', () => (random() < 0.2 ? Number.NaN : random() * 4)),
    {
      kind: 'category',
      name: 'z',
      levels,
      codes: Int32Array.from({ length: rows }, () => Math.floor(random() * 5) - 1),
    },
    number('constant', () => 3),
  ],
};
const labels = Uint8Array.from({ length: rows }, (_, i) => {
  const [x, y, z] = table.columns;
  const signal = at(x, i) + (at(y, i) > 2 ? at(x, i) : -1) + (at(z, i) === 2 ? 2 : 0);
  return signal + random() > 3 ? 1 : 0;
});

describe('explanations of trees', () => {
  for (const [name, depthMax, leavesMax] of [
    ['shallow', 3, 8],
    ['deep', 12, 32],
  ] as const) {
    const model = fitBoostedTrees(table, labels, {
      rounds: 8,
      learningRate: 0.3,
      depthMax,
      leavesMax,
      rowsPerLeafMin: 5,
    });

    it(`add up to the score exactly (${name} trees)`, () => {
      const { base, contributions, features } = explainTrees(model, table);
      scoreBoostedTrees(model, table).forEach((score, row) => {
        const sum = contributions.subarray(row * features, (row + 1) * features).reduce((a, b) => a + b, base);
        expect(sum).toBeCloseTo(score, 10);
      });
    });

    it(`are the Shapley values of the conditional expectation, by definition (${name} trees)`, () => {
      const read = openRows(model, table);
      const { contributions, features } = explainTrees(model, table);
      for (const row of [0, 7, 133]) {
        const expected = shapleyByDefinition((known) => expectedScore(model, read, row, known), features);
        expect(closest(contributions.subarray(row * features, (row + 1) * features), expected)).toBeLessThan(1e-10);
      }
    });
  }

  it('give a feature that is never used nothing', () => {
    const model = fitBoostedTrees(table, labels, { rounds: 5, rowsPerLeafMin: 5 });
    const { contributions, features } = explainTrees(model, table);
    for (let row = 0; row < rows; row++) expect(contributions[row * features + 3]).toBe(0);
  });
});

function number(name: string, draw: () => number) {
  return { kind: 'number' as const, name, values: Float64Array.from({ length: rows }, draw) };
}

function at(column: FeatureTable['columns'][number] | undefined, row: number): number {
  return (column?.kind === 'number' ? column.values[row] : column?.codes[row]) ?? Number.NaN;
}

/** The mean over training rows of what the trees say when only `known` features may be looked at. */
function expectedScore(model: BoostedTrees, read: RowReader, row: number, known: number): number {
  const below = (node: number): number => {
    const feature = model.featureOf[node] ?? -1;
    if (feature < 0) return model.valueOf[node] ?? 0;
    const [left, right] = [model.leftOf[node] ?? 0, model.rightOf[node] ?? 0];
    if ((known >> feature) & 1) return below(goesLeft(model, node, read, row) ? left : right);
    const share = (child: number) => (model.rowsOf[child] ?? 0) / (model.rowsOf[node] ?? 1);
    return share(left) * below(left) + share(right) * below(right);
  };
  let sum = model.base;
  for (let tree = 0; tree + 1 < model.treeOffsets.length; tree++) sum += below(model.treeOffsets[tree] ?? 0);
  expect(findLeaf(model, 0, read, row)).toBeGreaterThanOrEqual(0);
  return sum;
}

function shapleyByDefinition(value: (known: number) => number, features: number): number[] {
  const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));
  return Array.from({ length: features }, (_, j) => {
    let sum = 0;
    for (let known = 0; known < 1 << features; known++) {
      if ((known >> j) & 1) continue;
      const size = known.toString(2).replaceAll('0', '').length;
      const weight = (factorial(size) * factorial(features - size - 1)) / factorial(features);
      sum += weight * (value(known | (1 << j)) - value(known));
    }
    return sum;
  });
}

function closest(found: Float64Array, expected: readonly number[]): number {
  return expected.reduce((most, value, i) => Math.max(most, Math.abs(value - (found[i] ?? 0))), 0);
}
