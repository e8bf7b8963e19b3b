import { describe, expect, it } from 'vitest';
import { dayOf, daysUntil, formatDay, parseDay, startOfDayMs, weekdayOf } from './calendar.ts';
import { findPromotion } from './promotions.ts';
import { computeSeason, computeTraffic } from './season.ts';

const day = parseDay;

describe('the calendar', () => {
  it('begins a day at midnight in China', () => {
    expect(new Date(startOfDayMs(day('2026-11-11'))).toISOString()).toBe('2026-11-10T16:00:00.000Z');
    expect(formatDay(dayOf(Date.parse('2026-11-10T16:00:00Z')))).toBe('2026-11-11');
    expect(formatDay(dayOf(Date.parse('2026-11-10T15:59:59Z')))).toBe('2026-11-10');
  });

  it('knows weekdays', () => {
    expect(weekdayOf(day('2026-11-22'))).toBe(0);
    expect(weekdayOf(day('2026-11-24'))).toBe(2);
  });

  it('knows the festivals from 2024 to 2028, as the Chinese calendar of the runtime does', () => {
    const lunar = new Intl.DateTimeFormat('en-u-ca-chinese', { month: 'numeric', day: 'numeric', timeZone: 'UTC' });
    for (const date of ['2024-02-10', '2025-01-29', '2026-02-17', '2027-02-06', '2028-01-26']) {
      expect(daysUntil('chineseNewYear', day(date))).toBe(0);
      // The new moon of 2027 falls four minutes before midnight in Beijing; ICU’s rounding puts it a day later.
      expect(lunar.format(new Date(`${date}T12:00:00Z`))).toBe(date === '2027-02-06' ? '12/30' : '1/1');
    }
    for (const date of ['2024-09-17', '2025-10-06', '2026-09-25', '2027-09-15', '2028-10-03']) {
      expect(daysUntil('midAutumn', day(date))).toBe(0);
      expect(lunar.format(new Date(`${date}T12:00:00Z`))).toBe('8/15');
    }
  });

  it('says what is wrong with a date it cannot read', () => {
    expect(() => day('22.11.2026')).toThrow('2026-11-22');
  });

  it('has the sales of the year and none on a plain day', () => {
    expect(findPromotion(day('2026-11-11'))).toMatchObject({ id: 'double11', coupon: 'DOUBLE1126' });
    expect(findPromotion(day('2026-06-18'))?.id).toBe('618');
    expect(findPromotion(day('2026-12-12'))?.id).toBe('double12');
    expect(findPromotion(day('2026-02-01'))?.id).toBe('new-year');
    expect(findPromotion(day('2026-09-15'))?.id).toBe('mid-autumn');
    expect(findPromotion(day('2026-07-14'))).toBeNull();
  });

  it('empties the shop at new year and fills it on 11.11', () => {
    const traffic = (date: string) => computeTraffic(day(date), findPromotion(day(date)));
    expect(traffic('2026-02-17')).toBeLessThan(0.6);
    expect(traffic('2026-11-11')).toBeGreaterThan(3);
  });

  it('wants tea before the festivals', () => {
    expect(computeSeason('tea', day('2026-09-18'))).toBeGreaterThan(computeSeason('tea', day('2026-08-01')) + 0.5);
  });
});
