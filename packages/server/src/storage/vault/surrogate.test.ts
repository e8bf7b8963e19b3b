import { createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyedHash } from './keyed-hash.ts';
import { computeMessageKey, computeSurrogate } from './surrogate.ts';

const key = randomBytes(32);

test('the keyed hash is HMAC-SHA-256', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(keyedHash(key, text)).toBe(createHmac('sha256', key).update(text, 'utf8').digest('hex'));
    }),
  );
  for (const text of ['', 'a'.repeat(341), '知'.repeat(342), 'x'.repeat(5_000)]) {
    expect(keyedHash(key, text)).toBe(createHmac('sha256', key).update(text).digest('hex'));
  }
});

test('a surrogate is a positive 63-bit number that depends on key, kind and value', () => {
  const surrogates = [
    computeSurrogate(key, 'user_id', 'a'),
    computeSurrogate(key, 'email', 'a'),
    computeSurrogate(key, 'user_id', 'b'),
    computeSurrogate(randomBytes(32), 'user_id', 'a'),
  ];
  expect(new Set(surrogates).size).toBe(4);
  for (const surrogate of surrogates) {
    expect(BigInt(surrogate)).toBeGreaterThan(0n);
    expect(BigInt(surrogate)).toBeLessThan(1n << 63n);
  }
});

test('a message key has the shape of a UUID and depends on the source', () => {
  expect(computeMessageKey(key, 1, 'm')).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(computeMessageKey(key, 1, 'm')).not.toBe(computeMessageKey(key, 2, 'm'));
});
