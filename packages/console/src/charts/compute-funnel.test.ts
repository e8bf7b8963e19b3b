import { describe, expect, it } from 'vitest';
import { computeFunnel, findLargestLoss } from './compute-funnel.ts';

const rows = [
  { step: 'viewed', people: 1_000 },
  { step: 'added', people: 400 },
  { step: 'checkout', people: 100 },
  { step: 'ordered', people: 80 },
];

describe('funnel', () => {
  it('compares each step with the first and with the one before', () => {
    const steps = computeFunnel(rows);
    expect(steps.map((step) => step.ofFirst)).toEqual([1, 0.4, 0.1, 0.08]);
    expect(steps.map((step) => step.ofPrevious)).toEqual([null, 0.4, 0.25, 0.8]);
    expect(steps.map((step) => step.lost)).toEqual([0, 600, 300, 20]);
  });

  it('names the step that loses the largest share', () => {
    expect(findLargestLoss(computeFunnel(rows))?.step).toBe('checkout');
  });

  it('has no rates when nobody entered', () => {
    const steps = computeFunnel([
      { step: 'viewed', people: 0 },
      { step: 'added', people: 0 },
    ]);
    expect(steps.map((step) => step.ofFirst)).toEqual([null, null]);
    expect(findLargestLoss(steps)).toBeNull();
    expect(findLargestLoss([])).toBeNull();
  });
});
