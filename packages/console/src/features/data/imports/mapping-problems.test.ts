import { describe, expect, it } from 'vitest';
import { findMappingProblems } from './mapping-problems.ts';

describe('a mapping', () => {
  it('is complete when required fields and one identifier are there', () => {
    expect(
      findMappingProblems('orders', { Invoice: 'order_id', Date: 'timestamp', Customer: 'user_id', Note: '*' }),
    ).toEqual([]);
  });
  it('names what is missing', () => {
    const problems = findMappingProblems('orders', { Invoice: 'order_id' });
    expect(problems[0]).toEqual({ kind: 'missing', field: 'timestamp' });
    expect(problems[1]?.kind).toBe('one_of');
  });
  it('takes an event name for the whole file in place of a column', () => {
    const mapping = { at: 'timestamp', who: 'email' };
    expect(findMappingProblems('events', mapping)).toEqual([{ kind: 'missing', field: 'event' }]);
    expect(findMappingProblems('events', mapping, true)).toEqual([]);
  });
  it('refuses two columns for one field, but not two kept as they are', () => {
    const problems = findMappingProblems('catalogue', { a: 'item_id', b: 'item_id', c: '*', d: '*', e: null });
    expect(problems).toEqual([{ kind: 'twice', field: 'item_id', columns: ['a', 'b'] }]);
  });
});
