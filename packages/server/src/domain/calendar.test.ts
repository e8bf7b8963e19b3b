import { describe, expect, it } from 'vitest';
import { addDays, dayOf, daysBetween, startOfDay } from './calendar.ts';

describe('calendar days in a time zone', () => {
  it('starts a day in Shanghai eight hours before UTC does', () => {
    expect(startOfDay('2026-03-01', 'Asia/Shanghai').toISOString()).toBe('2026-02-28T16:00:00.000Z');
  });

  it('follows the change of clocks in New York', () => {
    expect(startOfDay('2026-03-08', 'America/New_York').toISOString()).toBe('2026-03-08T05:00:00.000Z');
    expect(startOfDay('2026-03-09', 'America/New_York').toISOString()).toBe('2026-03-09T04:00:00.000Z');
  });

  it('starts a day that has no midnight at its first instant', () => {
    // Clocks in Santiago jump from 00:00 to 01:00 on 2026-09-06.
    const start = startOfDay('2026-09-06', 'America/Santiago');
    expect(dayOf(start, 'America/Santiago')).toBe('2026-09-06');
    expect(dayOf(new Date(start.getTime() - 1), 'America/Santiago')).toBe('2026-09-05');
  });

  it('gives back the day it started from, all year and everywhere', () => {
    for (const zone of ['UTC', 'Asia/Shanghai', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu']) {
      for (let i = 0; i < 366; i++) {
        const day = addDays('2026-01-01', i);
        expect(dayOf(startOfDay(day, zone), zone)).toBe(day);
      }
    }
  });

  it('counts days across a change of clocks', () => {
    expect(daysBetween('2026-03-01', '2026-04-01')).toBe(31);
  });
});
