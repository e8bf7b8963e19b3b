import { expect, it } from 'vitest';
import { currencyExponents } from './currencies.ts';

it('knows the minor unit of each currency', () => {
  const exponents = ['CNY', 'JPY', 'KWD', 'IQD', 'CLF'].map((code) => currencyExponents.get(code));
  expect(exponents).toEqual([2, 0, 3, 3, 4]);
});

it('lists each currency once, and only codes of three letters', () => {
  expect(currencyExponents.size).toBe(158);
  for (const code of currencyExponents.keys()) expect(code).toMatch(/^[A-Z]{3}$/);
});

it('leaves out what is no money of people: metals, funds and testing codes', () => {
  for (const code of ['XAU', 'XTS', 'XXX']) expect(currencyExponents.has(code)).toBe(false);
});
