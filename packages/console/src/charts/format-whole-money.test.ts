import { describe, expect, it } from 'vitest';
import { formatWholeMoney } from './format-whole-money.ts';

describe('money in a sentence', () => {
  it('drops cents when the amount is large', () => {
    expect(formatWholeMoney(120_430_012, 'CNY', 'en')).toBe('¥1,204,300');
    expect(formatWholeMoney(120_430_012, 'CNY', 'zh-CN')).toBe('¥1,204,300');
    expect(formatWholeMoney(-120_430_012, 'GBP', 'en')).toBe('-£1,204,300');
  });

  it('keeps cents of small amounts', () => {
    expect(formatWholeMoney(1_995, 'GBP', 'en')).toBe('£19.95');
    expect(formatWholeMoney(2_000, 'GBP', 'en')).toBe('£20');
  });

  it('knows that yen have no cents', () => {
    expect(formatWholeMoney(150_000, 'JPY', 'en')).toBe('¥150,000');
  });

  it('still writes an amount whose currency code is broken', () => {
    expect(formatWholeMoney(150_000, '??', 'en')).toContain('1500');
  });
});
