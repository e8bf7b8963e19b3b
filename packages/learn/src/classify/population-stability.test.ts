import { describe, expect, it } from 'vitest';
import { ShapeError } from '../errors.ts';
import type { FeatureColumn } from './feature-table.ts';
import { fitColumnBins, populationStability } from './population-stability.ts';

const numbers = (values: readonly number[]): FeatureColumn => ({
  kind: 'number',
  name: 'x',
  values: Float64Array.from(values),
});
const categories = (levels: readonly string[], codes: readonly number[]): FeatureColumn => ({
  kind: 'category',
  name: 'city',
  levels,
  codes: Int32Array.from(codes),
});
const many = (length: number, of: (i: number) => number) => Array.from({ length }, (_, i) => of(i));

describe('stability of a population', () => {
  it('is 0 for the same people and the textbook sum for others', () => {
    const then = fitColumnBins(numbers(many(1_000, (i) => i)), 2);
    expect(populationStability(then, numbers(many(1_000, (i) => i)))).toBeCloseTo(0, 12);
    // Half and half became four fifths and one fifth (the edge itself lies in the lower half, one row of a thousand).
    const shifted = populationStability(then, numbers(many(1_000, (i) => (i < 800 ? 0 : 999))));
    const [p, q] = [0.501, 0.499];
    expect(shifted).toBeCloseTo((0.8 - p) * Math.log(0.8 / p) + (0.2 - q) * Math.log(0.2 / q), 12);
  });

  it('sees values that went missing and levels that were not there', () => {
    const then = fitColumnBins(
      categories(
        ['a', 'b'],
        many(200, (i) => i % 2),
      ),
    );
    expect(
      populationStability(
        then,
        categories(
          ['b', 'a'],
          many(200, (i) => i % 2),
        ),
      ),
    ).toBeCloseTo(0, 12);
    expect(
      populationStability(
        then,
        categories(
          ['c'],
          many(200, () => 0),
        ),
      ),
    ).toBeGreaterThan(2);
    const known = fitColumnBins(numbers(many(200, (i) => i)));
    expect(populationStability(known, numbers(many(200, (i) => (i < 100 ? Number.NaN : i))))).toBeGreaterThan(1);
    expect(() => fitColumnBins(numbers([]))).toThrow(ShapeError);
  });
});
