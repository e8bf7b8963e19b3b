import { describe, expect, it } from 'vitest';
import { validateMapping } from './validate-mapping.ts';

describe('validateMapping', () => {
  const columns = ['a', 'b', 'c'];

  it('accepts a mapping that fills what the kind needs', () => {
    expect(validateMapping('orders', columns, { a: 'order_id', b: 'timestamp', c: 'user_id' }, {})).toEqual([]);
  });

  it('asks for each missing field and for who it was', () => {
    expect(validateMapping('orders', columns, { a: 'order_id' }, {}).map((problem) => problem.field)).toEqual([
      'timestamp',
      'user_id',
    ]);
  });

  it('refuses unknown fields, unknown columns and a field that is filled twice', () => {
    const problems = validateMapping('spend', columns, { a: 'day', b: 'media_channel', c: 'spend', d: 'clicks' }, {});
    expect(problems).toEqual([
      {
        field: 'mapping.d',
        message: 'The file has no column "d". It has: a, b, c.',
        explanation: { code: 'no_column', values: { column: 'd', columns: 'a, b, c' } },
      },
    ]);
    expect(validateMapping('reviews', columns, { a: 'text', b: 'text' }, {})[0]?.message).toContain(
      'filled by column "a" already',
    );
    expect(validateMapping('reviews', columns, { a: 'text', b: 'nonsense' }, {})[0]?.message).toContain(
      'is no field of reviews',
    );
  });

  it('takes an event name from the options when no column has one', () => {
    const mapping = { a: 'timestamp', b: 'user_id' };
    expect(validateMapping('events', columns, mapping, { eventName: 'store_visited' })).toEqual([]);
    expect(validateMapping('events', columns, mapping, {})[0]?.field).toBe('event');
  });

  it('refuses a time zone that is none', () => {
    expect(validateMapping('reviews', columns, { a: 'text' }, { timeZone: "UTC'); DROP" })[0]?.field).toBe(
      'options.timeZone',
    );
  });
});
