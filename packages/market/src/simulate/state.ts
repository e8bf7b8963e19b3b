import type { MarketItem } from '../catalogue/build-catalogue.ts';
import type { MessageChannel } from '../people/build-people.ts';

export type CartLine = { item: MarketItem; quantity: number; price: number; discount: number };

/** What changes about a person as the days go by. Made at the first visit. */
export type PersonState = {
  firstDay: number;
  lastVisitDay: number;
  visits: number;
  hasLeft: boolean;
  isRegistered: boolean;
  registeredDay: number;
  /** Devices on which the person is signed in, one bit each. */
  signedIn: number;
  cart: CartLine[];
  cartDay: number;
  orders: number;
  /** Item index → day last bought. */
  bought: Map<number, number> | null;
  /** The last few items seen: seeing the same again and again tires. */
  seen: number[];
  /** Good experiences bring people back sooner; bad ones later. */
  warmth: number;
  messageFatigue: number;
  messageFatigueDay: number;
  unsubscribed: Partial<Record<MessageChannel, boolean>>;
  isReferred: boolean;
};

export function newState(day: number, isReferred: boolean): PersonState {
  return {
    firstDay: day,
    lastVisitDay: day,
    visits: 0,
    hasLeft: false,
    isRegistered: false,
    registeredDay: -1,
    signedIn: 0,
    cart: [],
    cartDay: -1,
    orders: 0,
    bought: null,
    seen: [],
    warmth: 0,
    messageFatigue: 0,
    messageFatigueDay: day,
    unsubscribed: {},
    isReferred,
  };
}

/** How much less (or, for things used up, more) a person wants an item because of what went before. */
export function itemFatigue(state: PersonState, item: MarketItem, day: number): number {
  let fatigue = 0;
  for (const index of state.seen) if (index === item.index) fatigue += 0.3;
  const boughtDay = state.bought?.get(item.index);
  if (boughtDay === undefined) return fatigue;
  if (item.cycleDays === 0) return fatigue + 2.2;
  const used = (day - boughtDay) / item.cycleDays;
  return used < 0.6 ? fatigue + 1.8 : -1.6;
}
