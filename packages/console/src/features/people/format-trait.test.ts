import { expect, it } from 'vitest';
import { formatTrait } from './format-trait.ts';

const formats = {
  day: (instant: string) => `day ${instant.slice(0, 10)}`,
  count: (value: number) => value.toLocaleString('en'),
};

it('reads like words, not like JSON', () => {
  expect(formatTrait('Hangzhou', formats)).toBe('Hangzhou');
  expect(formatTrait('2026-01-10T08:50:27.885Z', formats)).toBe('day 2026-01-10');
  expect(formatTrait({ city: 'Shanghai', country: 'CN' }, formats)).toBe('city Shanghai · country CN');
  expect(formatTrait(['a', 1_200], formats)).toBe('a · 1,200');
  expect(formatTrait(true, formats)).toBe('true');
  expect(formatTrait(null, formats)).toBe('null');
});
