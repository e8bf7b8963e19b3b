import { describe, expect, it } from 'vitest';
import { escapeCell, formatCsv, formatTsv } from './format-csv.ts';

const panel = {
  columns: [
    { key: 'name', type: 'text' as const },
    { key: 'revenue', type: 'money' as const, currency: 'CNY' },
    { key: 'rate', type: 'rate' as const },
  ],
  rows: [
    { name: '山茶花, "特级"', revenue: 120_430_050, rate: 0.25 },
    { name: '=HYPERLINK("http://x","y")', revenue: -200, rate: null },
  ],
};

describe('a table as CSV', () => {
  it('quotes commas and quotation marks and writes money in the major unit', () => {
    const lines = formatCsv(panel, (key) => key.toUpperCase()).split('\r\n');
    expect(lines[0]).toBe('NAME,REVENUE,RATE');
    expect(lines[1]).toBe('"山茶花, ""特级""",1204300.5,0.25');
  });

  it('leaves missing values empty rather than zero', () => {
    expect(
      formatCsv(panel, (key) => key)
        .split('\r\n')[2]!
        .endsWith(',-2,'),
    ).toBe(true);
  });

  it('keeps yen whole, because yen have no minor unit', () => {
    const yen = { columns: [{ key: 'v', type: 'money' as const, currency: 'JPY' }], rows: [{ v: 1500 }] };
    expect(formatCsv(yen, (key) => key)).toBe('v\r\n1500\r\n');
  });

  it.each(['=1+1', '+1', '-cmd', '@SUM(A1)', '\t=1', ' =1', '＝1', '\r=1'])('disarms the formula %j', (text) => {
    expect(escapeCell(text).replace(/^"/, '').startsWith("'")).toBe(true);
  });

  it('does not touch negative numbers or ordinary words', () => {
    expect(escapeCell(-5)).toBe('-5');
    expect(escapeCell('plain')).toBe('plain');
    expect(escapeCell(Number.NaN)).toBe('');
  });

  it('puts tabs between cells for the clipboard', () => {
    expect(formatTsv(panel, (key) => key).split('\r\n')[0]).toBe('name\trevenue\trate');
  });
});
