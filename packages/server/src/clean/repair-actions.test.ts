import { expect, test } from 'vitest';
import type { JsonObject } from '../domain/events.ts';
import { applyRepairActions } from './repair-actions.ts';

const record: JsonObject = {
  userId: 7,
  properties: { price: '¥1,200', day: '2026/1/2 08:00', ok: '是', products: [{ id: 'a', price: '1' }, { id: 'b' }] },
};

test('each kind of mending does what it says and leaves the original alone', () => {
  const mended = applyRepairActions(
    record,
    [
      { do: 'convert', path: 'properties.price', to: 'number' },
      { do: 'convert', path: 'properties.day', to: 'instant' },
      { do: 'convert', path: 'properties.ok', to: 'boolean' },
      { do: 'convert', path: 'userId', to: 'text' },
      { do: 'rename', path: 'properties.products.id', to: 'properties.products.product_id' },
      { do: 'default', path: 'properties.products.price', value: 0 },
      { do: 'replace', path: 'properties.products.0.product_id', find: 'a', with: 'A$&' },
      { do: 'set', path: 'context.source', value: 'till' },
      { do: 'remove', path: 'properties.day' },
    ],
    'Asia/Shanghai',
  );
  expect(mended).toEqual({
    userId: '7',
    context: { source: 'till' },
    properties: {
      price: 1200,
      ok: true,
      products: [
        { product_id: 'A$&', price: '1' },
        { product_id: 'b', price: 0 },
      ],
    },
  });
  expect(record.userId).toBe(7);
});

test('a value moves between objects, and what is not there changes nothing', () => {
  expect(applyRepairActions({ a: { b: 1 } }, [{ do: 'rename', path: 'a.b', to: 'c' }])).toEqual({ a: {}, c: 1 });
  expect(
    applyRepairActions({ a: 1 }, [
      { do: 'rename', path: 'x.y', to: 'z' },
      { do: 'convert', path: 'a', to: 'boolean' },
    ]),
  ).toEqual({ a: true });
});

test('paths into prototypes do nothing', () => {
  for (const path of ['__proto__.polluted', 'constructor.prototype.polluted', 'a.__proto__.polluted']) {
    applyRepairActions({ a: {} }, [{ do: 'set', path, value: true }]);
    applyRepairActions({ a: {}, x: true }, [{ do: 'rename', path: 'x', to: path }]);
  }
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});
