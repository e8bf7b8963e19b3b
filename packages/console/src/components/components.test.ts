import { describe, expect, it } from 'vitest';
import { flatten } from './apply-field-errors.ts';
import { addDays, daysBetween, lastDays, parseRange, today } from './range.ts';
import { trendTone } from './trend-tone.ts';

describe('the range of the address bar', () => {
  it('is taken when it is two days in order, else the page decides', () => {
    expect(parseRange({ from: '2026-11-01', to: '2026-11-08' })).toEqual({ from: '2026-11-01', to: '2026-11-08' });
    expect(parseRange({ from: '2026-11-08', to: '2026-11-08' })).toEqual({});
    expect(parseRange({ from: "1' or 1=1", to: '2026-11-08' })).toEqual({});
  });

  it('ends before the day after the last one', () => {
    expect(lastDays(7, '2026-03-02')).toEqual({ from: '2026-02-24', to: '2026-03-03' });
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(daysBetween('2026-11-01', '2026-11-08')).toBe(7);
  });

  it('knows today in the time zone of the workspace', () => {
    expect(today('Asia/Shanghai', new Date('2026-11-19T16:30:00Z'))).toBe('2026-11-20');
  });
});

describe('the colour of a change', () => {
  it('follows the custom of the language: red rises in Chinese, green in English', () => {
    expect(trendTone({ change: 0.1, convention: 'locale', locale: 'zh-CN' })).toBe('cinnabar');
    expect(trendTone({ change: 0.1, convention: 'locale', locale: 'en' })).toBe('jade');
  });

  it('follows the operator where she has chosen', () => {
    expect(trendTone({ change: 0.1, convention: 'green', locale: 'zh-CN' })).toBe('jade');
    expect(trendTone({ change: -0.1, convention: 'red', locale: 'en' })).toBe('jade');
  });

  it('is by welcome where green is good, and none when nothing changed', () => {
    expect(trendTone({ change: 0.1, lessIsBetter: true, convention: 'green', locale: 'en' })).toBe('cinnabar');
    expect(trendTone({ change: 0, convention: 'red', locale: 'en' })).toBe('flat');
  });
});

describe('the fields of a form', () => {
  it('are named by their path, as in the request', () => {
    expect(flatten({ name: 'a', workspace: { timeZone: 'UTC', list: [1] } })).toEqual({
      name: 'a',
      'workspace.timeZone': 'UTC',
      'workspace.list': [1],
    });
  });
});
