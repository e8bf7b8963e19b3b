import { describe, expect, it } from 'vitest';
import { computeChange, formatChange, formatCompact, formatCount, formatMoney, formatRate } from './format-number.ts';

describe('numbers as people read them', () => {
  it('counts in thousands in English and in 万 in Chinese', () => {
    expect(formatCompact(12_400, 'en')).toBe('12.4k');
    expect(formatCompact(12_400, 'zh-CN')).toBe('1.2万');
    expect(formatCompact(2_480, 'zh-CN')).toBe('2,480');
    expect(formatCompact(3_000_000, 'en')).toBe('3M');
    expect(formatCount(1_204_300, 'en')).toBe('1,204,300');
  });

  it('writes money with its sign and drops cents when the amount is large', () => {
    expect(formatMoney(120_430_012, 'CNY', 'en')).toBe('¥1,204,300');
    expect(formatMoney(120_430_012, 'CNY', 'zh-CN')).toBe('¥1,204,300');
    expect(formatMoney(1_995, 'GBP', 'en')).toBe('£19.95');
    expect(formatMoney(120_430_012, 'CNY', 'en', 'exact')).toBe('¥1,204,300.12');
  });

  it('knows that yen have no cents', () => {
    expect(formatMoney(1_500, 'JPY', 'en')).toBe('¥1,500');
  });

  it('still writes an amount whose currency code is broken', () => {
    expect(formatMoney(150_000, '??', 'en')).toContain('1,500');
  });

  it('shows one decimal of small rates', () => {
    expect(formatRate(0.084, 'en')).toBe('8.4%');
    expect(formatRate(0.62, 'zh-CN')).toBe('62%');
    expect(formatRate(0, 'en')).toBe('0%');
  });

  it('gives a change its sign', () => {
    expect(formatChange(0.08, 'en')).toBe('+8%');
    expect(formatChange(-0.123, 'en')).toBe('−12%');
    expect(formatChange(0, 'en')).toBe('0%');
  });

  it('compares with nothing by saying so', () => {
    expect(computeChange(10, 0)).toBeNull();
    expect(computeChange(10, null)).toBeNull();
    expect(computeChange(108, 100)).toBeCloseTo(0.08);
    expect(computeChange(-50, -100)).toBeCloseTo(0.5);
  });
});
