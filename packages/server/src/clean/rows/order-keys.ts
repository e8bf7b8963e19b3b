import type { MessageKey } from '../../domain/ids.ts';
import type { KeptRows } from './chunk-rows.ts';

/**
 * An order counts once, however many messages report it: a retry under another message id, the browser and the server.
 *
 * A sale's products count once each per order and person: what comes later adds products that were not there and changes none. An order
 * reported as a whole (no products) and one reported by its products do not add up: what came first stands. The same order with the same
 * products and total is the same order whoever it is said to be by, because a visitor may be known to one sender and not to the other.
 * Refunds may be many to an order: those with the same products and total are one, unless their `refund_id` differs.
 */
export type OrderKeys = {
  /** Same order, products and total. Taken: all lines were counted. */
  readonly content: MessageKey;
  /** Of sales: the order by this person. */
  readonly order: MessageKey | undefined;
  /** Of sales with products: that this person's order was reported by its products, and each product. */
  readonly byProducts: MessageKey | undefined;
  readonly lines: readonly MessageKey[];
};

export type NamedOrder = {
  readonly kind: 'sale' | 'refund';
  readonly orderId: string;
  readonly identityId: string;
  readonly currency: string;
  readonly total: bigint;
  readonly refundId: string;
};

/** @param items names of the products in the order of the lines; undefined where the order names none. */
export function orderKeys(
  order: NamedOrder,
  items: readonly string[] | undefined,
  key: (name: string) => MessageKey,
): OrderKeys {
  const { kind, orderId, identityId, currency, total, refundId } = order;
  const content = [kind, orderId, refundId, currency, String(total), [...(items ?? [])].sort()];
  const own = (...more: readonly string[]) => key(JSON.stringify([kind, orderId, identityId, ...more]));
  const isSale = kind === 'sale';
  return {
    content: key(JSON.stringify(content)),
    order: isSale ? own('order') : undefined,
    byProducts: isSale && items ? own('products') : undefined,
    lines: isSale && items ? countedNames(items).map((name) => own('line', name)) : [],
  };
}

/** What an event says of itself when its order, or products of it, were counted before. */
export const orderRepeated = 'order:repeated';

/** All keys that an order wants. */
export function keysOfOrder({ content, order, byProducts, lines }: OrderKeys): MessageKey[] {
  return [content, ...(order ? [order] : []), ...(byProducts ? [byProducts] : []), ...lines];
}

export type JudgedOrder = {
  /** Positions of the lines that were counted before; 'all' with none to add. */
  readonly repeated: 'none' | 'all' | ReadonlySet<number>;
  /** Keys this order holds from now on. */
  readonly held: readonly MessageKey[];
};

/** Which lines of an order are new. @param isTaken whether an order before this one holds a key. */
export function judgeOrder(keys: OrderKeys, isTaken: (key: MessageKey) => boolean): JudgedOrder {
  if (isTaken(keys.content)) return { repeated: 'all', held: [] };
  if (!keys.order || !isTaken(keys.order)) {
    return { repeated: 'none', held: keysOfOrder(keys) };
  }
  // Reported before: as a whole, or now as a whole. The two would add up to twice the order.
  if (!keys.byProducts || !isTaken(keys.byProducts)) return { repeated: 'all', held: [] };
  const repeated = new Set(keys.lines.flatMap((key, i) => (isTaken(key) ? [i] : [])));
  if (repeated.size === keys.lines.length) return { repeated: 'all', held: [] };
  const held = [keys.content, ...keys.lines.filter((_, i) => !repeated.has(i))];
  return { repeated: repeated.size === 0 ? 'none' : repeated, held };
}

/** The record without lines that were counted before. The event stays, and says so among its repairs. */
export function withoutLines(rows: KeptRows, repeated: 'all' | ReadonlySet<number>): KeptRows {
  const repairs = [...rows.repairs, orderRepeated];
  let line = -1;
  const tables = rows.tables.flatMap(({ table, row }): KeptRows['tables'][number][] => {
    if (table === 'events') return [{ table, row: { ...row, repairs } }];
    if (table !== 'order_lines') return [{ table, row }];
    line += 1;
    return repeated === 'all' || repeated.has(line) ? [] : [{ table, row }];
  });
  return { ...rows, tables, repairs };
}

/** The same product twice in one order is two lines: the second is named so. */
function countedNames(items: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return items.map((item) => {
    const n = seen.get(item) ?? 0;
    seen.set(item, n + 1);
    return `${item}\0${n}`;
  });
}
