import { describe, expect, it } from 'vitest';
import { safeCell } from './safe-cell.ts';

describe('a CSV cell', () => {
  it.each([
    ['=HYPERLINK("http://x")', '"\'=HYPERLINK(""http://x"")"'],
    ['+1+1', "'+1+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['-1+cmd', "'-1+cmd"],
    ['\tx', "'\tx"],
  ])('of text that begins like a formula gets a quote in front: %s', (text, cell) => {
    expect(safeCell(text)).toBe(cell);
  });

  it('of a negative number stays a number', () => {
    expect(safeCell(-12.5)).toBe('-12.5');
    expect(safeCell('-12.50')).toBe('-12.50');
  });

  it('doubles quotes and wraps what has commas or line ends', () => {
    expect(safeCell('a "b", c\nd')).toBe('"a ""b"", c\nd"');
  });

  it('of nothing is empty', () => {
    expect(safeCell(null)).toBe('');
  });
});
