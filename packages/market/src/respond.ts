import { computeMessageChances } from './behaviour/answer-message.ts';
import { addProbability, checkoutProbability, computeUtility, orderProbability, sigmoid } from './behaviour/choose.ts';
import { dayOf } from './calendar.ts';
import type { MarketItem } from './catalogue/build-catalogue.ts';
import type { MarketBase } from './create-market.ts';
import type { MessageChannel, Person } from './people/build-people.ts';
import type { MediaChannel } from './people/media.ts';
import { discountFor, findPromotion } from './promotions.ts';
import { stream, streamKey } from './random.ts';
import { computeSeason, computeTraffic, paydayEffect } from './season.ts';

/** Something done to one person at one moment. `at` is an instant in ms. Another `draw` asks the same question again. */
export type Stimulus = { readonly at: number; readonly draw?: number } & (
  | { readonly kind: 'nothing' }
  | { readonly kind: 'recommendation'; readonly itemIds: readonly string[] }
  | {
      readonly kind: 'message';
      readonly channel: MessageChannel;
      /** What it is about; empty: the brand as a whole. */
      readonly itemIds: readonly string[];
      readonly discount: number;
      /** Messages of the last days that are still felt. */
      readonly fatigue: number;
    }
  | { readonly kind: 'price'; readonly itemId: string; readonly price: number }
  | { readonly kind: 'ad'; readonly mediaChannel: MediaChannel; readonly itemIds: readonly string[] }
);

/** What happened, and the true chances it was drawn from. `buy` of nothing and message: within seven days. */
export type Outcome = {
  readonly chances: {
    readonly open: number;
    readonly click: number;
    readonly buy: number;
    readonly unsubscribe: number;
  };
  /** Chance of a click for each item shown, in the order shown. */
  readonly clickChances: readonly number[];
  readonly opened: boolean;
  readonly clickedItemIds: readonly string[];
  readonly clicked: boolean;
  readonly boughtItemIds: readonly string[];
  readonly bought: boolean;
  readonly unsubscribed: boolean;
  readonly revenue: number;
};

export type Respond = (userId: string, stimulus: Stimulus) => Outcome;

/**
 * The oracle of closed-loop tests: how a person really answers. Pure: the same person, stimulus and draw give the same
 * outcome. It knows taste and price, but not what the person lived through in the simulation.
 */
export function makeRespond(base: MarketBase): Respond {
  const people = new Map(base.people.map((person) => [person.userId, person]));
  const items = new Map(base.catalogue.items.map((item) => [item.shown.id, item]));
  return (userId, stimulus) => {
    const person = people.get(userId);
    if (!person) throw new RangeError(`respond: no person has the user id ${userId}`);
    const find = (id: string): MarketItem => {
      const item = items.get(id);
      if (!item) throw new RangeError(`respond: the catalogue has no item ${id}`);
      return item;
    };
    const scene: Scene = { base, person, stimulus, find };
    if (stimulus.kind === 'recommendation') return answerList(scene, stimulus.itemIds);
    if (stimulus.kind === 'price') return answerPrice(scene, find(stimulus.itemId), stimulus.price);
    if (stimulus.kind === 'ad') return answerAd(scene, stimulus);
    return answerMessage(scene);
  };
}

type Scene = {
  readonly base: MarketBase;
  readonly person: Person;
  readonly stimulus: Stimulus;
  readonly find: (id: string) => MarketItem;
};

/** People read lists from the top: place k is looked at with chance 1 / (1 + 0.3 k). What is looked at is clicked by utility. */
function answerList(scene: Scene, itemIds: readonly string[]): Outcome {
  const random = drawFor(scene);
  const clickChances: number[] = [];
  const clickedItemIds: string[] = [];
  const boughtItemIds: string[] = [];
  let noClick = 1;
  let noBuy = 1;
  let revenue = 0;
  for (const [place, id] of itemIds.entries()) {
    const item = scene.find(id);
    const discount = discountOn(scene, item);
    const click = sigmoid(-3.4 + 0.9 * utilityOf(scene, item, discount)) / (1 + 0.3 * place);
    const price = item.shown.price * (1 - discount);
    const buy = buyChance(scene, item, price, discount);
    clickChances.push(click);
    noClick *= 1 - click;
    noBuy *= 1 - click * buy;
    // Both numbers are always drawn, so that one item more or less does not change the luck of those above it.
    const [lookLuck, buyLuck] = [random.uniform(), random.uniform()];
    if (lookLuck >= click) continue;
    clickedItemIds.push(id);
    if (buyLuck >= buy) continue;
    boughtItemIds.push(id);
    revenue += price;
  }
  return outcome({ click: 1 - noClick, buy: 1 - noBuy, clickChances, clickedItemIds, boughtItemIds, revenue });
}

/** Somebody stands before an item at a price: does it end in an order? */
function answerPrice(scene: Scene, item: MarketItem, price: number): Outcome {
  if (!(price > 0)) throw new RangeError(`respond: price must be above 0, got ${price}`);
  const discount = Math.max(0, 1 - price / item.shown.price);
  const surcharge = Math.max(0, Math.log(price / item.shown.price));
  const utility = utilityOf(scene, item, discount) - surcharge * (0.85 * scene.person.priceSensitivity);
  const buy = addProbability(scene.person, utility) * closeChance(scene, price);
  const bought = drawFor(scene).chance(buy);
  return outcome({ buy, boughtItemIds: bought ? [item.shown.id] : [], revenue: bought ? price : 0 });
}

/** Ads are clicked rarely, and by those whose taste they meet. */
function answerAd(scene: Scene, stimulus: Extract<Stimulus, { kind: 'ad' }>): Outcome {
  const items = stimulus.itemIds.map(scene.find);
  const fit = items.length === 0 ? 0 : Math.max(...items.map((item) => utilityOf(scene, item, 0)));
  const level = { search: -3.2, social: -4.2, short_video: -4.6, display: -5.6 }[stimulus.mediaChannel];
  const click = sigmoid(level + 0.45 * fit);
  const buy = click * visitConversion(scene, items, 0);
  const random = drawFor(scene);
  const clicked = random.chance(click);
  const bought = clicked && random.chance(buy / click);
  const best = items[0]?.shown;
  return outcome({
    click,
    buy,
    clickedItemIds: clicked && best ? [best.id] : [],
    clicked,
    boughtItemIds: bought && best ? [best.id] : [],
    bought,
    revenue: bought ? (best?.price ?? 0) : 0,
  });
}

/**
 * With nothing sent, a person buys within seven days with chance b = 1 − (1 − visit × conversion)^7. A message adds
 * open × click × conversion with its items and discount, and costs b × annoyance, where annoyance grows with fatigue:
 * so some are persuaded, some would have bought anyway, and some are driven away.
 */
function answerMessage(scene: Scene): Outcome {
  const { person, stimulus } = scene;
  const visit = Math.min(
    0.9,
    person.visitsPerDay * computeTraffic(dayOf(stimulus.at), findPromotion(dayOf(stimulus.at))),
  );
  const alone = 1 - (1 - visit * visitConversion(scene, [], 0)) ** 7;
  const random = drawFor(scene);
  const [baseLuck, openLuck, clickLuck, buyLuck, leaveLuck] = [0, 0, 0, 0, 0].map(() => random.uniform()) as [
    number,
    number,
    number,
    number,
    number,
  ];
  if (stimulus.kind !== 'message') return outcome({ buy: alone, bought: baseLuck < alone });
  const items = stimulus.itemIds.map(scene.find);
  const { discount, fatigue, channel } = stimulus;
  const topic = items[0]?.categoryIndex ?? -1;
  const chances = computeMessageChances(person, { channel, topic, discount, fatigue, hasLeft: false });
  const conversion = visitConversion(scene, items, discount);
  const annoyance = Math.min(
    0.6,
    0.03 * person.fatigability * Math.exp(0.5 * fatigue * person.fatigability) * (1 - chances.open),
  );
  const kept = alone * (1 - annoyance);
  const clicks = chances.open * chances.click;
  const opened = openLuck < chances.open;
  const clicked = opened && clickLuck < chances.click;
  const bought = baseLuck < kept || (clicked && buyLuck < conversion);
  const unsubscribed = !clicked && leaveLuck < chances.unsubscribe;
  const price = items[0] ? items[0].shown.price * (1 - discount) : 0;
  return outcome({
    open: chances.open,
    click: clicks,
    buy: 1 - (1 - kept) * (1 - clicks * conversion),
    unsubscribe: chances.unsubscribe * (1 - clicks),
    opened,
    clicked,
    clickedItemIds: clicked && items[0] ? [items[0].shown.id] : [],
    bought,
    boughtItemIds: bought && clicked && items[0] ? [items[0].shown.id] : [],
    unsubscribed,
    revenue: bought ? price : 0,
  });
}

/** Chance that a visit ends in an order: looks at the three best of what it is about, or of the two categories that pull most. */
function visitConversion(scene: Scene, about: readonly MarketItem[], discount: number): number {
  const { person, base } = scene;
  const pulls = Array.from(person.categoryPull.keys()).sort(
    (a, b) => person.categoryPull[b]! - person.categoryPull[a]!,
  );
  const shelf =
    about.length > 0 ? about : pulls.slice(0, 2).flatMap((category) => base.catalogue.byCategory[category]!);
  const chances = shelf
    .map((item) => ({ item, off: Math.max(discount, discountOn(scene, item)) }))
    .map(({ item, off }) => buyChance(scene, item, item.shown.price * (1 - off), off))
    .sort((a, b) => b - a);
  const none = chances.slice(0, 3).reduce((product, chance) => product * (1 - chance), 1);
  return 1 - none;
}

function buyChance(scene: Scene, item: MarketItem, price: number, discount: number): number {
  return addProbability(scene.person, utilityOf(scene, item, discount)) * closeChance(scene, price);
}

function closeChance({ person, stimulus }: Scene, total: number): number {
  const day = dayOf(stimulus.at);
  const moment = { urgency: findPromotion(day)?.urgency ?? 0, payday: paydayEffect(day) };
  return checkoutProbability(person, total, moment) * orderProbability(0, moment);
}

function utilityOf({ person, stimulus }: Scene, item: MarketItem, discount: number): number {
  const season = computeSeason(item.categoryId, dayOf(stimulus.at));
  return computeUtility(person, item, { discount, popularity: item.fame, season, fatigue: 0 });
}

function discountOn({ stimulus }: Scene, item: MarketItem): number {
  return discountFor(findPromotion(dayOf(stimulus.at)), item.categoryId);
}

function drawFor({ base, person, stimulus }: Scene) {
  const { draw = 0, ...question } = stimulus;
  return stream(streamKey(base.options.seed, JSON.stringify(question)), 'respond', person.index, draw);
}

type Happened = Partial<Omit<Outcome, 'chances'>> & {
  open?: number;
  click?: number;
  buy?: number;
  unsubscribe?: number;
};

function outcome(happened: Happened): Outcome {
  const { open = 0, click = 0, buy = 0, unsubscribe = 0, ...rest } = happened;
  const clickedItemIds = rest.clickedItemIds ?? [];
  const boughtItemIds = rest.boughtItemIds ?? [];
  return {
    chances: { open, click, buy, unsubscribe },
    clickChances: rest.clickChances ?? [],
    opened: rest.opened ?? false,
    clickedItemIds,
    clicked: rest.clicked ?? clickedItemIds.length > 0,
    boughtItemIds,
    bought: rest.bought ?? boughtItemIds.length > 0,
    unsubscribed: rest.unsubscribed ?? false,
    revenue: rest.revenue ?? 0,
  };
}
