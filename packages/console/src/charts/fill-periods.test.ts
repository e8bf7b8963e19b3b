import { describe, expect, it } from 'vitest';
import { fillPeriods, isPartialPeriod, listPeriods } from './fill-periods.ts';

describe('periods of a chart', () => {
  it('lists days up to and without the end of the range', () => {
    expect(listPeriods('2026-02-27', '2026-03-02', 'day')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01']);
  });

  it('starts weeks on Monday, also the one the range begins in', () => {
    expect(listPeriods('2026-11-18', '2026-12-01', 'week')).toEqual(['2026-11-16', '2026-11-23', '2026-11-30']);
  });

  it('steps over months of any length', () => {
    expect(listPeriods('2026-01-31', '2026-04-01', 'month')).toEqual(['2026-01-01', '2026-02-01', '2026-03-01']);
  });

  it('is empty when the range is empty or cannot be read', () => {
    expect(listPeriods('2026-01-02', '2026-01-02', 'day')).toEqual([]);
    expect(listPeriods('yesterday', '2026-01-02', 'day')).toEqual([]);
  });

  it('leaves null, not zero, where no row came', () => {
    const rows = [{ date: '2026-01-01', n: 0 }];
    expect(fillPeriods(rows, ['2026-01-01', '2026-01-02'])).toEqual([rows[0], null]);
  });

  it('knows a week that the range cuts off', () => {
    expect(isPartialPeriod('2026-11-16', '2026-11-18', '2026-12-01', 'week')).toBe(true);
    expect(isPartialPeriod('2026-11-23', '2026-11-18', '2026-12-01', 'week')).toBe(false);
    expect(isPartialPeriod('2026-11-30', '2026-11-18', '2026-12-01', 'week')).toBe(true);
  });
});
