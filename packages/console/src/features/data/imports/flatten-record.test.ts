import { describe, expect, it } from 'vitest';
import { flattenRecord } from './flatten-record.ts';

describe('a record as columns', () => {
  it('names nested values by their path', () => {
    expect(flattenRecord({ event: 'x', properties: { price: 12, tags: ['a'] } })).toEqual({
      event: 'x',
      'properties.price': '12',
      'properties.tags': '["a"]',
    });
  });
  it('leaves out what is empty and keeps zero and false', () => {
    expect(flattenRecord({ a: null, b: '', c: undefined, d: 0, e: false })).toEqual({ d: '0', e: 'false' });
  });
});
