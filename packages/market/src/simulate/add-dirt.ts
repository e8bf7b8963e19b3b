import { uniformAt } from '../random.ts';
import type { JsonRecord, TimedCall } from './calls.ts';

/** What goes wrong on the way: share of all calls drawn for it. Where it does not fit the call, the call stays clean; about 0.6 % end up dirty. */
export const dirtShares = {
  duplicate: 0.003,
  bad_timestamp: 0.0008,
  missing_property: 0.0009,
  price_as_text: 0.0008,
  odd_currency: 0.0006,
  missing_identity: 0.0003,
  negative_quantity: 0.0015,
  future_clock: 0.0003,
} as const;

export type DirtKind = keyof typeof dirtShares;
export type DirtCounts = Record<DirtKind | 'bot', number>;

export function noDirt(): DirtCounts {
  return { ...Object.fromEntries(Object.keys(dirtShares).map((kind) => [kind, 0])), bot: 0 } as DirtCounts;
}

/** Spoils a few calls. Which ones hangs on the call's own mark, so a clean call stays the same whatever happens around it. */
export function addDirt(calls: readonly TimedCall[], key: number, counts: DirtCounts): TimedCall[] {
  const out: TimedCall[] = [];
  for (const timed of calls) {
    const kind = findKind(uniformAt(key, timed.mark, 1));
    if (kind === null) {
      out.push(timed);
      continue;
    }
    // A retry after an answer that got lost: the same message again, up to ten minutes later.
    if (kind === 'duplicate') out.push(timed, { ...timed, at: timed.at + 1_000 * (timed.mark % 600) });
    const spoiled = kind === 'duplicate' ? null : spoil(kind, timed);
    if (kind !== 'duplicate') out.push(spoiled ?? timed);
    if (kind === 'duplicate' || spoiled) counts[kind]++;
  }
  return out;
}

function findKind(draw: number): DirtKind | null {
  let left = draw;
  for (const [kind, share] of Object.entries(dirtShares)) {
    left -= share;
    if (left < 0) return kind as DirtKind;
  }
  return null;
}

/** @returns null where this kind of dirt does not apply to this call. */
function spoil(kind: Exclude<DirtKind, 'duplicate'>, timed: TimedCall): TimedCall | null {
  const call = structuredClone(timed.call);
  const properties = call.properties;
  const first = (properties?.products as JsonRecord[] | undefined)?.[0] ?? properties;
  switch (kind) {
    case 'bad_timestamp':
      call.timestamp = ['yesterday', '0000-00-00T00:00:00Z', '2026/13/45 10:00', 'Invalid Date'][timed.mark % 4]!;
      break;
    case 'future_clock':
      call.timestamp = new Date(timed.at + 4 * 365 * 86_400_000).toISOString();
      break;
    case 'missing_identity':
      delete call.userId;
      delete call.anonymousId;
      break;
    case 'missing_property': {
      const required = call.event === 'Order Completed' || call.event === 'Order Refunded' ? 'order_id' : 'product_id';
      if (properties?.[required] === undefined) return null;
      delete properties[required];
      break;
    }
    case 'price_as_text':
      if (typeof first?.price !== 'number') return null;
      first.price = timed.mark % 2 === 0 ? `¥${first.price.toFixed(2)}` : `${first.price} 元`;
      break;
    case 'odd_currency':
      if (properties?.currency === undefined) return null;
      properties.currency = ['RMB', 'cny', '人民币', '¥'][timed.mark % 4]!;
      break;
    case 'negative_quantity':
      if (typeof first?.quantity !== 'number') return null;
      first.quantity = -first.quantity;
      break;
  }
  return { ...timed, call };
}
