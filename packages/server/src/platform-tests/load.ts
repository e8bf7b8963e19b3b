import { setTimeout as sleep } from 'node:timers/promises';
import { type Address, collect } from './api-client.ts';
import type { Random } from './random.ts';

export type Load = {
  /** Message ids whose request got a 200. */
  readonly acknowledged: ReadonlySet<string>;
  /** All that ever left this process. */
  readonly sent: ReadonlySet<string>;
  /** Those with two order lines each. */
  readonly orders: ReadonlySet<string>;
  readonly refusals: ReadonlyMap<number, number>;
  stop(): Promise<void>;
};

type Call = { readonly messageId: string; readonly type: string } & Record<string, unknown>;

const personsMax = 300;
const senderPauseMs = 15;

/**
 * Clients as they are: batches and single calls, sent again with the same message ids after most failures, and after some given
 * up. Persons come as visitors, sign in, and are seen with e-mail addresses, so that profiles merge all the time.
 */
export function startLoad(
  at: Address,
  writeKey: string,
  random: Random,
  { senders = 4, prefix = 'm' }: { senders?: number; prefix?: string } = {},
): Load {
  const acknowledged = new Set<string>();
  const sent = new Set<string>();
  const orders = new Set<string>();
  const refusals = new Map<number, number>();
  let stopping = false;
  let made = 0;

  const newCall = (): Call => {
    made += 1;
    const call = makeCall(`${prefix}-${made}`, random);
    if (call.event === 'Order Completed') orders.add(call.messageId);
    return call;
  };

  async function send(): Promise<void> {
    while (!stopping) {
      const isSingle = random.chance(0.3);
      const calls = Array.from({ length: isSingle ? 1 : 1 + random.below(40) }, newCall);
      const [first] = calls;
      const [route, body] = isSingle && first ? [first.type, first] : ['batch', { batch: calls }];
      const isGivenUp = random.chance(0.2);
      for (;;) {
        for (const { messageId } of calls) sent.add(messageId);
        const status = await collect(at, writeKey, route, body).then(
          (answer) => answer.arrayBuffer().then(() => answer.status),
          () => 0,
        );
        if (status === 200) {
          for (const { messageId } of calls) acknowledged.add(messageId);
          break;
        }
        refusals.set(status, (refusals.get(status) ?? 0) + 1);
        if (isGivenUp || stopping) break;
        await sleep(100 + random.below(200));
      }
      await sleep(random.below(2 * senderPauseMs));
    }
  }

  const running = Array.from({ length: senders }, send);
  return {
    acknowledged,
    sent,
    orders,
    refusals,
    async stop() {
      stopping = true;
      await Promise.all(running);
    },
  };
}

function makeCall(messageId: string, random: Random): Call {
  const person = random.below(personsMax);
  const userId = `u-${person}`;
  const anonymousId = `a-${person}-${random.below(3)}`;
  const timestamp = new Date(Date.now() - random.below(3_600_000)).toISOString();
  const common = { messageId, timestamp };
  const kind = random.below(10);
  if (kind === 0) {
    const traits = { email: `person${person}@example.com`, check: messageId };
    return { ...common, type: 'identify', userId, anonymousId, traits };
  }
  if (kind === 1) {
    const products = [1, 2].map((n) => ({ product_id: `sku-${random.below(50)}-${n}`, price: 10 + n, quantity: n }));
    const properties = { check: messageId, order_id: `order-${messageId}`, total: 35, currency: 'CNY', products };
    return { ...common, type: 'track', event: 'Order Completed', userId, properties };
  }
  // Now and then the wrong person's device: merging two known people must be refused, and stay refused.
  const other = random.chance(0.02) ? { userId: `u-${random.below(personsMax)}` } : {};
  return {
    ...common,
    type: 'track',
    event: 'Product Viewed',
    anonymousId,
    ...other,
    properties: { check: messageId, product_id: `sku-${random.below(50)}` },
  };
}
