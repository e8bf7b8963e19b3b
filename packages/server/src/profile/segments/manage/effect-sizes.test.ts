import { describe, expect, it } from 'vitest';
import { cohensD, cramersV, rateRatio, withZeros } from './effect-sizes.ts';

describe("Cohen's d", () => {
  it('is the difference of means in standard deviations within, with its interval', () => {
    // 1, 2, 3, 4 against 3, 4, 5, 6: means 2.5 and 4.5, squares 5 and 5 over 6 degrees of freedom.
    const found = cohensD({ people: 4, mean: 2.5, variance: 1.25 }, { people: 4, mean: 4.5, variance: 1.25 });
    const d = -2 / Math.sqrt(10 / 6);
    const half = 1.959963984540054 * Math.sqrt(8 / 16 + 2.4 / 16);
    expect(found.effect).toBeCloseTo(d, 12);
    expect([found.low, found.high]).toEqual([expect.closeTo(d - half, 12), expect.closeTo(d + half, 12)]);
    // d² = 2.4: the correlation with the side is √(2.4 / 6.4).
    expect(found.strength).toBeCloseTo(Math.sqrt(0.375), 12);
    expect(found.isClear).toBe(false);
    expect(
      cohensD({ people: 100, mean: 2.5, variance: 1.25 }, { people: 100, mean: 4.5, variance: 1.25 }).isClear,
    ).toBe(true);
  });

  it('has no size where nobody differs within the sides', () => {
    const one = { people: 30, mean: 1, variance: 0 };
    expect(cohensD(one, { ...one, mean: 2 })).toMatchObject({ effect: null, strength: 1, isClear: true });
    expect(cohensD(one, one)).toMatchObject({ effect: 0, strength: 0, isClear: false });
    const none = { people: 30, mean: 0, variance: 0 };
    expect(cohensD(none, none)).toMatchObject({ effect: 0, isClear: false });
  });

  it('counts people without an amount as 0', () => {
    // 2, 4 of four people: 0, 0, 2, 4.
    expect(withZeros({ people: 2, mean: 3, variance: 1 }, 4)).toEqual({ people: 4, mean: 1.5, variance: 2.75 });
    expect(withZeros({ people: 0, mean: 0, variance: 0 }, 4)).toEqual({ people: 4, mean: 0, variance: 0 });
  });
});

describe('the ratio of shares', () => {
  it('has the interval of its logarithm', () => {
    // 30 of 100 against 10 of 100: ratio 3, variance of its logarithm 1/30 − 1/100 + 1/10 − 1/100 = 17/150.
    const found = rateRatio({ of: 30, people: 100 }, { of: 10, people: 100 });
    const factor = Math.exp(1.959963984540054 * Math.sqrt(17 / 150));
    expect(found.effect).toBeCloseTo(3, 12);
    expect([found.low, found.high]).toEqual([expect.closeTo(3 / factor, 12), expect.closeTo(3 * factor, 12)]);
    // Phi of 30, 70 against 10, 90: (30·90 − 70·10) / √(100·100·40·160) = .25.
    expect(found.strength).toBeCloseTo(0.25, 12);
    expect(found.isClear).toBe(true);
  });

  it('is a number where nobody did it on a side, and none where nobody did it at all', () => {
    expect(rateRatio({ of: 5, people: 50 }, { of: 0, people: 50 })).toMatchObject({ effect: expect.closeTo(11, 12) });
    expect(rateRatio({ of: 0, people: 50 }, { of: 0, people: 50 })).toMatchObject({ effect: null, isClear: false });
    expect(rateRatio({ of: 50, people: 50 }, { of: 50, people: 50 })).toMatchObject({ effect: 1, isClear: false });
  });
});

describe("Cramér's V", () => {
  it('is phi for two values', () => {
    // 20, 30 against 10, 40: chi-squared 100 (20·40 − 30·10)² / (50·50·30·70) = 4.7619, over 100 people.
    const found = cramersV([20, 30], [10, 40]);
    expect(found.effect).toBeCloseTo(Math.sqrt(1 / 21), 12);
    expect(found.strength).toBeCloseTo(Math.sqrt(1 / 21), 12);
    expect(found.isClear).toBe(true);
    // The same shares among fewer people: 4.7619 / 2 is less than the 3.84 of one degree of freedom.
    expect(cramersV([10, 15], [5, 20])).toMatchObject({ effect: expect.closeTo(found.effect!, 12), isClear: false });
  });

  it('is 1 where the side says the value, 0 where it says nothing, and strong in a small side too', () => {
    expect(cramersV([25, 0, 0], [0, 30, 45])).toMatchObject({ effect: expect.closeTo(1, 12), isClear: true });
    expect(cramersV([10, 20, 0], [20, 40, 0])).toMatchObject({ effect: 0, strength: 0, isClear: false });
    // Shares .5 against .1: with sides of one size phi is .4 / (2 √(.3 · .7)).
    const found = cramersV([20, 20], [100, 900]);
    expect(found.strength).toBeCloseTo(0.2 / Math.sqrt(0.21), 12);
    expect(found.effect!).toBeLessThan(found.strength);
  });
});
