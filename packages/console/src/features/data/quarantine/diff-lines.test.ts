import { describe, expect, it } from 'vitest';
import { diffLines, spreadJson } from './diff-lines.ts';

const signs = { same: ' ', gone: '-', new: '+' };
const show = (before: string, after: string) => diffLines(before, after).map(({ kind, text }) => signs[kind] + text);

describe('before and after', () => {
  it('shows what goes and what comes in place', () => {
    expect(show('a\nb\nc', 'a\nx\nc')).toEqual([' a', '-b', '+x', ' c']);
  });
  it('finds nothing in equal texts', () => {
    expect(show('a\nb', 'a\nb')).toEqual([' a', ' b']);
  });
  it('shows additions and removals at the ends', () => {
    expect(show('a', 'a\nb')).toEqual([' a', '+b']);
    expect(show('a\nb', 'b')).toEqual(['-a', ' b']);
  });
  it('gives back either text when read in one way', () => {
    const lines = diffLines('1\n2\n3\n4', '2\n3\n5\n4');
    expect(
      lines
        .filter(({ kind }) => kind !== 'new')
        .map(({ text }) => text)
        .join('\n'),
    ).toBe('1\n2\n3\n4');
    expect(
      lines
        .filter(({ kind }) => kind !== 'gone')
        .map(({ text }) => text)
        .join('\n'),
    ).toBe('2\n3\n5\n4');
  });
  it('does not compare very long records line by line', () => {
    const long = Array.from({ length: 1_000 }, (_, index) => String(index)).join('\n');
    expect(diffLines(long, `${long}\nx`)).toHaveLength(2_001);
  });
  it('spreads JSON and leaves other text alone', () => {
    expect(spreadJson('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(spreadJson('{oops')).toBe('{oops');
  });
});
