import fc from 'fast-check';
import { expect, test } from 'vitest';
import { currencyExponents } from '../../domain/currencies.ts';
import { findCurrency } from './currencies.ts';
import { formatDecimal, multiply, parseDecimal, roundTo } from './decimal.ts';
import { parseAmountText } from './parse-amount-text.ts';

test('amounts are read the way people write them', () => {
  const cases: [string, string, string | undefined][] = [
    ['¥1,234.50', '1234.50', 'CNY'],
    ['1.234,50 €', '1234.50', 'EUR'],
    ['￥12', '12', 'CNY'],
    ['12元', '12', 'CNY'],
    ['US$ 9.99', '9.99', 'USD'],
    ['(12.00)', '-12.00', undefined],
    ['-5', '-5', undefined],
    ['1 234,5', '1234.5', undefined],
    ['1,234', '1234', undefined],
    ['1,2', '1.2', undefined],
    ['1.234', '1.234', undefined],
    ['1.234.567', '1234567', undefined],
    ['１２．５', '12.5', undefined],
    ["1'234.50 CHF", '1234.50', 'CHF'],
  ];
  for (const [text, number, currency] of cases) {
    expect(parseAmountText(text, 'CNY'), text).toEqual({ number, currency });
  }
});

test('text that is no amount is not guessed at', () => {
  for (const text of ['', 'abc', '12 apples', '1,23,4', '1.2.3', '--1', '12-13', '(12', '1,234.5.6']) {
    expect(parseAmountText(text, 'CNY'), text).toBeUndefined();
  }
});

test('currencies are found by code, sign and name; a shared sign means the own currency', () => {
  expect(findCurrency(' cny ', 'USD')).toBe('CNY');
  expect(findCurrency('RMB', 'USD')).toBe('CNY');
  expect(findCurrency('¥', 'JPY')).toBe('JPY');
  expect(findCurrency('$', 'CNY')).toBe('USD');
  expect(findCurrency('XXX', 'CNY')).toBeUndefined();
  expect([currencyExponents.get('JPY'), currencyExponents.get('CNY'), currencyExponents.get('KWD')]).toEqual([0, 2, 3]);
});

test('decimals are exact', () => {
  expect(roundTo(parseDecimal(0.1 + 0.2)!, 2)).toBe(30n);
  expect(roundTo(parseDecimal('1.005')!, 2)).toBe(101n);
  expect(roundTo(parseDecimal('-1.005')!, 2)).toBe(-101n);
  expect(roundTo(multiply(parseDecimal(19.99)!, parseDecimal(3)!), 2)).toBe(5997n);
  expect(formatDecimal(parseDecimal('-0.05')!, 4)).toBe('-0.0500');
  expect(parseDecimal(1e30)).toBeUndefined();
  expect(parseDecimal(Number.NaN)).toBeUndefined();
});

test('every whole number of cents survives being written as a decimal number', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e12, max: 1e12 }), (cents) => {
      expect(roundTo(parseDecimal(cents / 100)!, 2)).toBe(BigInt(cents));
    }),
  );
});
