import { expect, test } from 'vitest';
import { normaliseIdentifier } from './normalise-identifier.ts';

test('an e-mail address is the same however it is written', () => {
  for (const written of ['Li@Example.com', ' li@example.com\n', 'ｌｉ@example.com', 'LI@EXAMPLE.COM']) {
    expect(normaliseIdentifier('email', written, 'CN')).toBe('li@example.com');
  }
});

test('a Chinese mobile number is the same with and without its country code', () => {
  for (const written of ['13800138000', '138 0013 8000', '+86 138-0013-8000', '008613800138000', '8613800138000']) {
    expect(normaliseIdentifier('phone', written, 'CN')).toBe('+8613800138000');
  }
});

test('a number without country code gets the one of the workspace', () => {
  expect(normaliseIdentifier('phone', '(415) 555-2671', 'US')).toBe('+14155552671');
  expect(normaliseIdentifier('phone', '1 415 555 2671', 'US')).toBe('+14155552671');
  expect(normaliseIdentifier('phone', '020 7946 0018', 'GB')).toBe('+442079460018');
  expect(normaliseIdentifier('phone', '010-12345678', 'CN')).toBe('+861012345678');
});

test('text that is no phone number stays, trimmed', () => {
  expect(normaliseIdentifier('phone', ' n/a ', 'CN')).toBe('n/a');
});

test('other identifiers keep their case and are only trimmed', () => {
  expect(normaliseIdentifier('user_id', ' Ab-1 ', 'CN')).toBe('Ab-1');
});
