import { describe, expect, it } from 'vitest';
import { seededRandom } from '../numerics/random.ts';
import type { FeatureTable } from './feature-table.ts';
import { chooseManyClass, evaluateManyClass, predictClasses } from './one-vs-rest.ts';

const random = seededRandom(9);
const rows = 1_200;
const x = Float64Array.from({ length: rows }, () => 3 * random());
const table: FeatureTable = {
  rows,
  columns: [
    { kind: 'number', name: 'x', values: x },
    { kind: 'number', name: 'noise', values: Float64Array.from({ length: rows }, () => random()) },
  ],
};
const at = Float64Array.from(x.keys());
const classes = ['low', 'middle', 'high'];

describe('choosing among several classes', () => {
  it('learns three bands of one number, and its probabilities sum to 1', () => {
    const labels = Int32Array.from(x, (value) => (random() < 0.9 ? Math.floor(value) : Math.floor(3 * random())));
    const chosen = chooseManyClass(table, labels, {
      classes,
      at,
      heldFrom: 900,
      seed: 1,
      names: ['most-frequent', 'logistic', 'trees-small'],
    });
    expect(chosen.name).toBe('trees-small');
    const best = chosen.candidates[0]!.report;
    // Right where the band was kept (0.9) or drawn again by chance (0.1 / 3).
    expect(best.accuracy).toBeGreaterThan(0.88);
    expect(best.rows).toBe(300);
    const chances = predictClasses(chosen.model, table);
    for (let row = 0; row < 50; row++) {
      expect(chances[3 * row]! + chances[3 * row + 1]! + chances[3 * row + 2]!).toBeCloseTo(1, 12);
    }
  });

  it('takes the most frequent one where nothing can be learned', () => {
    const labels = Int32Array.from(x, () => (random() < 0.6 ? 0 : random() < 0.5 ? 1 : 2));
    const chosen = chooseManyClass(table, labels, {
      classes,
      at,
      heldFrom: 900,
      seed: 1,
      names: ['most-frequent', 'trees'],
    });
    expect(chosen.name).toBe('most-frequent');
  });

  it('counts ties as the first class, so that saying nothing is not rewarded', () => {
    const even = Float64Array.of(0.25, 0.25, 0.25, 0.25);
    expect(evaluateManyClass(even, Int32Array.of(3), 4)).toMatchObject({ accuracy: 0, accuracyTop3: 0 });
    expect(evaluateManyClass(even, Int32Array.of(0), 4).logLoss).toBeCloseTo(Math.log(4), 12);
  });
});
