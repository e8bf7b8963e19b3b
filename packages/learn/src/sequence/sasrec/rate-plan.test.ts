import { describe, expect, it } from 'vitest';
import { openRatePlan } from './rate-plan.ts';

describe('the learning rate', () => {
  const begin = { isBetter: false, passes: 0, time: 0 };

  it('falls when held-out cases gain nothing for a while, and ends after the smallest', () => {
    const plan = openRatePlan(2);
    const rates = [plan.rate];
    const falls = [true, false, false, true, false, false, false, false].map((isBetter) => {
      const falls = plan.fallsAfter({ ...begin, isBetter });
      rates.push(plan.rate);
      return falls;
    });
    expect(rates).toEqual([1, 1, 1, 0.3, 0.3, 0.3, 0.1, 0.1, 0]);
    expect(falls).toEqual([false, false, true, false, false, true, false, false]);
    expect(plan.isByTime).toBe(false);
  });

  it('falls before the passes are over, though each brings something', () => {
    const plan = openRatePlan(3);
    const rates = [0.1, 0.6, 0.7, 0.85, 0.9, 1].map((passes) => {
      plan.fallsAfter({ ...begin, isBetter: true, passes });
      return plan.rate;
    });
    expect(rates).toEqual([1, 0.3, 0.3, 0.1, 0.1, 0]);
    expect(plan.isByTime).toBe(false);
  });

  it('says when it was the clock that made it fall', () => {
    const plan = openRatePlan(3);
    expect(plan.fallsAfter({ isBetter: true, passes: 0.1, time: 0.7 })).toBe(true);
    expect(plan).toMatchObject({ rate: 0.3, isByTime: true });
  });
});
