import { describe, expect, it } from 'vitest';
import { formatCompact, formatCount } from './format-count.ts';
import { formatBytes, formatDuration } from './format-duration.ts';
import { dayOf, formatDate, formatExact, formatRelative } from './format-instant.ts';
import { formatMoney, formatMoneyCompact, minorDigits, toMajor } from './format-money.ts';
import { computeChange, formatChange, formatRate } from './format-rate.ts';

const thin = '\u202f';

describe('numbers', () => {
  it('are grouped as the language does', () => {
    expect(formatCount(1_234_567, 'en')).toBe('1,234,567');
    expect(formatCount(0, 'zh-CN')).toBe('0');
  });

  it('are shortened from ten thousand on, in k and in wan', () => {
    expect(formatCompact(9_999, 'en')).toBe('9,999');
    expect(formatCompact(12_000, 'en')).toBe(`12${thin}k`);
    expect(formatCompact(12_000, 'zh-CN')).toBe(`1.2${thin}\u4e07`);
    expect(formatCompact(-3_450_000, 'en')).toBe(`-3.45${thin}M`);
  });

  it('in per cent keep one decimal and their sign', () => {
    expect(formatRate(0.0834, 'en')).toBe(`8.3${thin}%`);
    expect(formatRate(0.0834, 'zh-CN')).toBe('8.3%');
    expect(formatChange(-0.02, 'zh-CN')).toBe('−2%');
    expect(formatChange(0.5, 'en')).toBe(`+50${thin}%`);
  });

  it('have no change from nothing', () => {
    expect(computeChange(5, 0)).toBeNull();
    expect(computeChange(110, 100)).toBeCloseTo(0.1);
  });
});

describe('money', () => {
  it('knows the minor unit of each currency', () => {
    expect([minorDigits('CNY'), minorDigits('JPY'), minorDigits('KWD')]).toEqual([2, 0, 3]);
    expect(toMajor(52_000, 'JPY')).toBe(52_000);
  });

  it('is written with its currency', () => {
    expect(formatMoney(52_000, 'CNY', 'zh-CN')).toBe('¥520.00');
    expect(formatMoney(52_000, 'CNY', 'en')).toBe('¥520.00');
    expect(formatMoney(-1_250, 'GBP', 'en')).toBe('-£12.50');
    expect(formatMoneyCompact(1_250_000_00, 'CNY', 'zh-CN')).toBe(`¥125${thin}\u4e07`);
  });

  it('survives a currency nobody knows', () => {
    expect(formatMoney(100, '???', 'en')).toBe('??? 1');
  });
});

describe('times', () => {
  const now = new Date('2026-11-22T12:00:00Z');

  it('are relative in the largest unit that is still exact enough', () => {
    expect(formatRelative('2026-11-22T11:59:40Z', now, 'en')).toBe('just now');
    expect(formatRelative('2026-11-22T11:55:00Z', now, 'en')).toBe('5 minutes ago');
    expect(formatRelative('2026-11-21T11:00:00Z', now, 'en')).toBe('yesterday');
    expect(formatRelative('2026-11-13T12:00:00Z', now, 'en')).toBe('9 days ago');
    expect(formatRelative('2026-11-25T13:00:00Z', now, 'zh-CN')).toBe('3天后');
    expect(formatRelative('2024-01-01T00:00:00Z', now, 'en')).toBe('2 years ago');
  });

  it('are exact in the time zone, which is named', () => {
    expect(formatExact('2026-11-19T06:05:09Z', 'Asia/Shanghai', 'en')).toBe(
      '19 Nov 2026, 14:05:09 (Asia/Shanghai, GMT+8)',
    );
    expect(formatExact('2026-11-19T06:05:09Z', 'UTC', 'zh-CN')).toContain('2026年11月19日');
  });

  it('fall on the day of the zone, not of the machine', () => {
    expect(dayOf('2026-11-19T16:30:00Z', 'Asia/Shanghai')).toBe('2026-11-20');
    expect(dayOf('2026-11-19T16:30:00Z', 'America/New_York')).toBe('2026-11-19');
    expect(formatDate('2026-11-19', 'en')).toBe('19 Nov 2026');
  });

  it('and sizes take the unit that fits', () => {
    expect(formatDuration(45_000, 'en')).toBe('45 sec');
    expect(formatDuration(90_000, 'en')).toBe('1.5 min');
    expect(formatBytes(1_400_000, 'en')).toBe('1.4 MB');
    expect(formatBytes(0, 'en')).toBe('0 bytes');
  });
});
