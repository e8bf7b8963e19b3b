import type { MarketItem } from '../catalogue/build-catalogue.ts';
import { dot, type Person } from '../people/build-people.ts';

/** Weights of the choice model. The README explains them; tests and `respond` use the same numbers. */
export const choiceWeights = {
  taste: 3.4,
  price: 0.85,
  popularity: 0.42,
  season: 0.8,
  promotionBadge: 0.25,
  addBase: -4.6,
  addUtility: 0.8,
  addEagerness: 0.55,
  checkoutBase: -0.4,
  checkoutBudget: 0.75,
  orderBase: 0.75,
} as const;

export type Offer = {
  /** Taken off the list price, 0 to 1. */
  readonly discount: number;
  readonly popularity: number;
  readonly season: number;
  /** Worn out by seeing it, or already owned; negative when it is time to buy again. */
  readonly fatigue: number;
};

/**
 * utility = taste · item × 3.4 − sensitivity × 0.85 × ln(price / middle price) + 0.42 × popularity + 0.8 × season
 *           + 0.25 if on offer − fatigue
 */
export function computeUtility(person: Person, item: MarketItem, offer: Offer): number {
  const w = choiceWeights;
  const lnPrice = item.relativePrice + (offer.discount > 0 ? Math.log(1 - offer.discount) : 0);
  return (
    w.taste * dot(person.taste, item.taste) -
    w.price * person.priceSensitivity * lnPrice +
    w.popularity * offer.popularity +
    w.season * offer.season +
    (offer.discount > 0 ? w.promotionBadge : 0) -
    offer.fatigue
  );
}

/** Chance to put an item that one is looking at into the cart. */
export function addProbability(person: Person, utility: number): number {
  const w = choiceWeights;
  return sigmoid(w.addBase + w.addUtility * utility + w.addEagerness * person.eagerness);
}

export type Moment = { readonly urgency: number; readonly payday: number };

/** Chance to go to the checkout with what is in the cart: a cart above one's budget waits, a deadline hurries. */
export function checkoutProbability(person: Person, cartTotal: number, moment: Moment): number {
  const w = choiceWeights;
  const strain = Math.max(-1, Math.log(cartTotal / person.budget));
  return sigmoid(w.checkoutBase + moment.urgency + moment.payday - w.checkoutBudget * strain);
}

/** Chance to finish a checkout once begun; people who have done it before know the way. */
export function orderProbability(ordersBefore: number, moment: Moment): number {
  return sigmoid(choiceWeights.orderBase + 0.5 * moment.urgency + (ordersBefore > 0 ? 0.5 : 0));
}

export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
