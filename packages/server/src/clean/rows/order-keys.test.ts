import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asMessageKey } from '../../domain/ids.ts';
import { judgeOrder, type OrderKeys, orderKeys } from './order-keys.ts';

type Sent = {
  orderId: string;
  who: string;
  products?: readonly string[];
  total: number;
  kind?: 'sale' | 'refund';
  refundId?: string;
};

const keysOf = ({ orderId, who, products, total, kind = 'sale', refundId = '' }: Sent): OrderKeys =>
  orderKeys(
    { kind, orderId, identityId: who, currency: 'CNY', total: BigInt(total), refundId },
    products,
    asMessageKey,
  );

/** Which products (or 'whole') of each message are counted, when they come one after the other. */
function countAll(messages: readonly Sent[]): string[][] {
  const held = new Set<string>();
  return messages.map((message) => {
    const { repeated, held: taken } = judgeOrder(keysOf(message), (key) => held.has(key));
    for (const key of taken) held.add(key);
    const lines = message.products ?? ['whole'];
    if (repeated === 'all') return [];
    return lines.filter((_, i) => repeated === 'none' || !repeated.has(i));
  });
}

describe('an order', () => {
  const order: Sent = { orderId: 'A1', who: 'u', products: ['tea', 'tea', 'cup'], total: 300 };

  test('counts once when it is sent again, and a till may still scan a product twice', () => {
    expect(countAll([order, order])).toEqual([['tea', 'tea', 'cup'], []]);
  });

  test('takes products that were not in it before, and changes none', () => {
    expect(countAll([order, { ...order, products: ['cup', 'tea', 'pot'], total: 900 }])[1]).toEqual(['pot']);
  });

  test('may come product by product', () => {
    const one = { ...order, products: ['tea'], total: 100 };
    expect(countAll([one, { ...one, products: ['cup'] }, one])).toEqual([['tea'], ['cup'], []]);
  });

  test('does not count as a whole and by its products, whichever comes first', () => {
    const { products: _products, ...whole } = order;
    expect(countAll([order, whole])).toEqual([['tea', 'tea', 'cup'], []]);
    expect(countAll([whole, order, { ...order, products: ['pot'] }])).toEqual([['whole'], [], []]);
  });

  test('is the same for a visitor whom only one of two senders knows', () => {
    expect(countAll([order, { ...order, who: 'anonymous' }])[1]).toEqual([]);
  });

  test('of another person under the same number is another order', () => {
    expect(countAll([order, { ...order, who: 'v', products: ['tea'], total: 100 }])[1]).toEqual(['tea']);
  });

  test('may be refunded in parts, the same part once unless its refund_id differs', () => {
    const part: Sent = { ...order, kind: 'refund', products: ['tea'], total: -100 };
    const other = { ...part, products: ['cup'] };
    expect(countAll([order, part, part, other, { ...part, refundId: 'R2' }]).slice(1)).toEqual([
      ['tea'],
      [],
      ['cup'],
      ['tea'],
    ]);
  });
});

test('however often and in whatever order messages of an order come, no product counts more often than in its fullest message', () => {
  const message = fc.record({
    orderId: fc.constantFrom('A', 'B'),
    who: fc.constantFrom('u', 'v'),
    products: fc.option(fc.array(fc.constantFrom('tea', 'cup', 'pot'), { minLength: 1, maxLength: 4 }), {
      nil: undefined,
    }),
    total: fc.constantFrom(100, 200),
  });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 12 }), (messages) => {
      const counted = countAll(messages as Sent[]);
      for (const orderId of ['A', 'B']) {
        for (const who of ['u', 'v']) {
          const own = messages
            .map((_, i) => i)
            .filter((i) => messages[i]!.orderId === orderId && messages[i]!.who === who);
          const lines = own.flatMap((i) => counted[i]!);
          for (const product of ['tea', 'cup', 'pot']) {
            const most = Math.max(
              0,
              ...own.map((i) => (messages[i]!.products ?? []).filter((one) => one === product).length),
            );
            expect(lines.filter((line) => line === product).length).toBeLessThanOrEqual(most);
          }
          // One way of reporting it, never both.
          expect(lines.includes('whole') && lines.some((line) => line !== 'whole')).toBe(false);
          expect(lines.filter((line) => line === 'whole').length).toBeLessThanOrEqual(1);
        }
      }
      // Sent all over again nothing is added.
      expect(
        countAll([...messages, ...messages] as Sent[])
          .slice(messages.length)
          .flat(),
      ).toEqual([]);
    }),
    { seed: 7, numRuns: 500 },
  );
});
