import type { MarketItem } from '../catalogue/build-catalogue.ts';
import type { Device, Person } from '../people/build-people.ts';
import type { JsonRecord, Sender } from './calls.ts';
import type { PersonState } from './state.ts';
import type { VisitReason, World } from './world.ts';

/** One visit in progress: the clock moves with every look. */
export type Visit = {
  readonly person: Person;
  readonly state: PersonState;
  readonly device: Device;
  readonly deviceSlot: number;
  readonly reason: VisitReason;
  at: number;
};

export function senderOf(visit: Visit): Sender {
  const isKnown = (visit.state.signedIn & (1 << visit.deviceSlot)) !== 0;
  return isKnown
    ? { anonymousId: visit.device.anonymousId, userId: visit.person.userId }
    : { anonymousId: visit.device.anonymousId };
}

export function recordTrack(world: World, visit: Visit, event: string, properties: JsonRecord): void {
  world.record.add(visit.person.index, visit.at, senderOf(visit), {
    type: 'track',
    event,
    properties,
    context: contextOf(visit),
  });
}

export function contextOf(visit: Visit): JsonRecord {
  const { device } = visit;
  if (device.kind === 'app' || device.kind === 'mini_program') {
    return {
      device: {
        id: device.deviceId,
        type: device.kind === 'app' ? (device.brandOfPhone === 'Apple' ? 'ios' : 'android') : 'wechat',
      },
    };
  }
  return { locale: visit.person.known.language === 'zh' ? 'zh-CN' : 'en-US' };
}

export function describe(item: MarketItem, price: number): JsonRecord {
  return {
    product_id: item.shown.id,
    name: item.shown.name,
    category: item.shown.category,
    brand: item.shown.brand,
    price,
    currency: 'CNY',
  };
}

export function priceAfter(item: MarketItem, discount: number): number {
  return discount > 0 ? Math.round(item.shown.price * (1 - discount) * 10) / 10 : item.shown.price;
}
