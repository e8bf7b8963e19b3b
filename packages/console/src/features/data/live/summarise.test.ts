import { describe, expect, it } from 'vitest';
import { summarise } from './summarise.ts';

describe('an event on one line', () => {
  it('shows the first properties and how many more there are', () => {
    expect(summarise({ a: 1, b: 'x', c: true, d: 2, e: 3, f: 4, g: 5 })).toBe(
      'a: 1 · b: x · c: true · d: 2 · e: 3 · +2',
    );
  });
  it('counts lists, folds objects and leaves out what is empty', () => {
    expect(summarise({ products: [1, 2], nested: { a: 1 }, none: null, blank: '' })).toBe(
      'products: [2] · nested: {…}',
    );
  });
  it('cuts long texts', () => {
    expect(summarise({ text: 'x'.repeat(100) })).toHaveLength('text: '.length + 40);
  });
  it('is empty for an event without properties', () => {
    expect(summarise({})).toBe('');
  });
});
