import type { RecommendQualityRow } from '@zhiyin/contract';
import { expect, it } from 'vitest';
import { findDrift, twoSidedP } from './find-drift.ts';
import { wilsonInterval } from './wilson-interval.ts';

it("gives Wilson's interval as published, and one without trials that says nothing is known", () => {
  // Newcombe (1998), Statistics in Medicine 17, table I, method 3: 81 of 263, 15 of 148, 0 of 20.
  for (const [hits, n, low, high] of [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
  ] as const) {
    const interval = wilsonInterval(hits, n);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  }
  expect(wilsonInterval(0, 0)).toEqual({ value: 0, low: 0, high: 1 });
});

it('compares two shares by their z value', () => {
  // z = 1.96: the two-sided tail of the normal distribution is 0.05.
  const n = 10_000;
  const spread = Math.sqrt(0.5 * 0.5 * (2 / n));
  expect(twoSidedP(0.5 + 0.98 * spread, n, 0.5 - 0.98 * spread, n)).toBeCloseTo(0.05, 3);
  expect(twoSidedP(0, 10, 0, 10)).toBe(1);
});

it('raises an alarm for the version that does worse beyond chance, and for no other', () => {
  const row = (modelVersion: string, answers: number, clicked: number): RecommendQualityRow => ({
    surface: 'home',
    model: 'item-knn',
    modelVersion,
    experiment: '',
    arm: '',
    answers,
    itemsShown: answers * 10,
    clicks: clicked,
    conversions: 0,
    revenueMinor: 0,
    clickRate: wilsonInterval(clicked, answers),
    conversionRate: wilsonInterval(0, answers),
    coverage: 1,
    diversity: null,
    popularity: null,
    calibrationError: null,
  });
  expect(findDrift([row('1', 5_000, 500), row('2', 5_000, 350)])).toMatchObject([
    { surface: 'home', measure: 'clickRate', modelVersion: '2', previousVersion: '1' },
  ]);
  expect(findDrift([row('1', 5_000, 350), row('2', 5_000, 500)])).toEqual([]);
  expect(findDrift([row('1', 100, 20), row('2', 100, 5)])).toEqual([]);
});
