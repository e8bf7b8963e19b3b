import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { open, seal } from './seal.ts';

const key = randomBytes(32);

test('what was sealed opens with the same key at the same place', () => {
  expect(open(key, seal(key, Buffer.from('李雷'), '1/2/name'), '1/2/name').toString()).toBe('李雷');
});

test('a sealed value does not open at another place, with another key, or after a change', () => {
  const sealed = seal(key, Buffer.from('secret'), '1/2/name');
  expect(() => open(key, sealed, '1/3/name')).toThrow('could not be read');
  expect(() => open(randomBytes(32), sealed, '1/2/name')).toThrow('could not be read');
  sealed[14]! ^= 1;
  expect(() => open(key, sealed, '1/2/name')).toThrow('could not be read');
  expect(() => open(key, Buffer.alloc(3))).toThrow('at least 28 bytes');
});

test('the same value sealed twice gives different bytes', () => {
  expect(seal(key, Buffer.from('a')).equals(seal(key, Buffer.from('a')))).toBe(false);
});
