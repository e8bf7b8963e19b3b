import { describe, expect, it } from 'vitest';
import { computeLift } from './compute-lift.ts';

const measured = (ndcg: number, ndcgInterval?: { low: number; high: number }) => ({
  recall: 0.1,
  ndcg,
  hit: 0.2,
  coverage: 0.5,
  people: 100,
  k: 20,
  ...(ndcgInterval ? { ndcgInterval } : {}),
});

describe('the lift of a model over its baseline', () => {
  it('is the relative difference of NDCG', () => {
    expect(computeLift({ measures: measured(0.15), baseline: measured(0.1) })?.change).toBeCloseTo(0.5, 12);
  });

  it('is sure only when the intervals do not overlap', () => {
    const baseline = measured(0.1, { low: 0.09, high: 0.11 });
    expect(computeLift({ measures: measured(0.15, { low: 0.12, high: 0.18 }), baseline })?.isSure).toBe(true);
    expect(computeLift({ measures: measured(0.15, { low: 0.1, high: 0.2 }), baseline })?.isSure).toBe(false);
  });

  it('is unknown without measures, and where the baseline finds nothing', () => {
    expect(computeLift({ measures: null, baseline: null })).toBeNull();
    expect(computeLift({ measures: measured(0.1), baseline: measured(0) })).toBeNull();
  });
});
