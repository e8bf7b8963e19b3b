import { dayMs, startOfDayMs } from '../calendar.ts';
import { categories } from '../catalogue/build-catalogue.ts';
import type { MarketBase } from '../create-market.ts';
import { drawPerson } from '../people/build-people.ts';
import { discountFor, findPromotion } from '../promotions.ts';
import { bitsAt, Random, streamKey, uniformAt } from '../random.ts';
import type { Review, ReviewTruth } from '../reviews/write-review.ts';
import { computeSeason, computeTraffic, paydayEffect } from '../season.ts';
import { addBots } from './add-bots.ts';
import { addDirt, type DirtCounts, noDirt } from './add-dirt.ts';
import { type Call, CallRecorder, type TimedCall } from './calls.ts';
import { drawTime, runTasks } from './run-tasks.ts';
import { planMailings, sendMailing } from './send-messages.ts';
import { runVisit } from './visit.ts';
import type { Today, VisitReason, World } from './world.ts';

/** One day of the market, in time order. `truth` is for tests; senders take `calls` and `reviews` only. */
export type MarketDay = {
  readonly day: number;
  readonly calls: readonly Call[];
  readonly times: Float64Array;
  readonly reviews: readonly Review[];
  readonly truth: { readonly reviews: readonly ReviewTruth[]; readonly dirt: DirtCounts };
};

/**
 * Lives through the days one by one: what was due, messages, first visits, returning visits; then sorts, adds dirt.
 * Goes on for as long as it is asked; `base.endDay` only shapes when people first come.
 */
export function* simulate(base: MarketBase): Generator<MarketDay> {
  const world = makeWorld(base);
  const firstVisits = listFirstVisits(base);
  const dirtKey = streamKey(base.options.seed, 'dirt');
  let carried: TimedCall[] = [];
  for (let offset = 0; ; offset++) {
    const day = base.startDay + offset;
    world.today = makeToday(day);
    world.record.beginDay(day);
    world.reviews = [];
    world.reviewTruths = [];
    runTasks(world);
    for (const mailing of planMailings(day)) sendMailing(world, mailing);
    for (const first of firstVisits.get(offset) ?? drawNewcomers(world, base, offset)) {
      const person = world.people[first.person]!;
      if (!world.states[first.person]) runVisit(world, person, drawTime(world, first.person), first.reason);
    }
    runReturningVisits(world, offset);
    // A sign-up today asks for a welcome today.
    runTasks(world);
    const botCalls = addBots(world);
    for (let i = 0; i < world.recentSales.length; i++) {
      world.recentSales[i]! *= 0.96;
      world.popularity[i] = base.catalogue.items[i]!.fame + 0.25 * Math.log1p(world.recentSales[i]!);
    }
    const dirt = { ...noDirt(), bot: botCalls };
    const all = [...carried, ...addDirt(world.record.calls, dirtKey, dirt)].sort((a, b) => a.at - b.at);
    const nextDayMs = startOfDayMs(day) + dayMs;
    const today = all.filter((timed) => timed.at < nextDayMs);
    carried = all.filter((timed) => timed.at >= nextDayMs);
    yield {
      day,
      calls: today.map((timed) => timed.call),
      times: Float64Array.from(today, (timed) => timed.at),
      reviews: world.reviews,
      truth: { reviews: world.reviewTruths, dirt },
    };
  }
}

function makeWorld(base: MarketBase): World {
  const { seed } = base.options;
  return {
    seed,
    catalogue: base.catalogue,
    people: [...base.people],
    media: base.media,
    states: base.people.map(() => null),
    popularity: Float64Array.from(base.catalogue.items, (item) => item.fame),
    recentSales: new Float64Array(base.catalogue.items.length),
    agenda: new Map(),
    record: new CallRecorder(seed),
    random: new Random(),
    keys: {
      visit: streamKey(seed, 'visit'),
      delivery: streamKey(seed, 'delivery'),
      message: streamKey(seed, 'message'),
      order: streamKey(seed, 'order'),
    },
    waiting: base.people
      .filter((person) => bitsAt(streamKey(seed, 'waiting'), person.index, 0) % 8 === 0)
      .map((person) => person.index),
    reviews: [],
    reviewTruths: [],
    today: makeToday(base.startDay),
  };
}

function makeToday(day: number): Today {
  const promotion = findPromotion(day);
  return {
    day,
    promotion,
    moment: { urgency: promotion?.urgency ?? 0, payday: paydayEffect(day) },
    season: Float64Array.from(categories, (category) => computeSeason(category.id, day)),
    discount: Float64Array.from(categories, (category) => discountFor(promotion, category.id)),
  };
}

type FirstVisit = { readonly person: number; readonly reason: VisitReason };

/** When each person first comes and why: organic growth, and what each media channel's money brings that day. */
function listFirstVisits(base: MarketBase): Map<number, FirstVisit[]> {
  const { seed } = base.options;
  const { days, media } = base;
  const totals = new Float64Array(days);
  for (let offset = 0; offset < days; offset++) {
    const day = base.startDay + offset;
    // Many know the brand from the time before; they come in the first weeks.
    const known = 9 * Math.exp(-offset / 30);
    let lift = 1 + 0.2 * (offset / days) + known;
    for (const channel of media.newLift) lift += channel[offset] as number;
    totals[offset] = lift * Math.sqrt(computeTraffic(day, findPromotion(day)));
  }
  const visits = new Map<number, FirstVisit[]>();
  const random = new Random();
  const cumulative = totals.slice();
  for (let offset = 1; offset < days; offset++) cumulative[offset]! += cumulative[offset - 1]!;
  for (const person of base.people) {
    random.reset(streamKey(seed, 'first-visit'), person.index);
    const offset = lowerBound(cumulative, random.uniform() * (cumulative[days - 1] as number));
    const source = random.weighted([1.1, ...media.newLift.map((channel) => channel[offset] as number), 0.5]);
    const reason: VisitReason =
      source === 0
        ? { kind: 'organic' }
        : source <= media.newLift.length
          ? { kind: 'media', channel: source - 1 }
          : { kind: 'direct' };
    const list = visits.get(offset);
    if (list) list.push({ person: person.index, reason });
    else visits.set(offset, [{ person: person.index, reason }]);
  }
  return visits;
}

/** After the last planned day new people keep coming, as many a day as before: a live market does not run dry. */
function drawNewcomers(world: World, base: MarketBase, offset: number): FirstVisit[] {
  if (offset < base.days) return [];
  const { seed, people, englishShare } = base.options;
  const random = new Random().reset(streamKey(seed, 'newcomers'), world.today.day);
  const count = random.poisson(
    (people / base.days) * Math.sqrt(computeTraffic(world.today.day, world.today.promotion)),
  );
  return Array.from({ length: count }, () => {
    const index = world.people.length;
    const reason: VisitReason = random.chance(0.5) ? { kind: 'organic' } : { kind: 'media', channel: random.below(4) };
    const draw = new Random().reset(streamKey(seed, 'person'), index);
    world.people.push(drawPerson(draw, seed, index, englishShare, base.catalogue));
    world.states.push(null);
    return { person: index, reason };
  });
}

/** Everyone who has been here and has not left may come back, by their own rate and the day's traffic. */
function runReturningVisits(world: World, offset: number): void {
  const { day, promotion } = world.today;
  const lifts = world.media.returnLift.map((channel) => channel[Math.min(offset, channel.length - 1)] as number);
  const traffic = computeTraffic(day, promotion);
  const paid = lifts.reduce((sum, lift) => sum + lift, 0);
  const key = streamKey(world.seed, 'returning');
  for (const person of world.people) {
    const state = world.states[person.index];
    if (!state || state.hasLeft || state.lastVisitDay === day) continue;
    const cart = state.cart.length > 0 && day - state.cartDay <= 3 ? 2.2 : 1;
    const chance = person.visitsPerDay * traffic * (1 + paid) * Math.exp(0.5 * state.warmth) * cart;
    if (uniformAt(key, person.index, day) >= chance) continue;
    const at = drawTime(world, person.index);
    const source = world.random.weighted([0.75, 0.35, ...lifts]);
    const reason: VisitReason =
      source === 0 ? { kind: 'direct' } : source === 1 ? { kind: 'organic' } : { kind: 'media', channel: source - 2 };
    runVisit(world, person, at, reason);
  }
}

function lowerBound(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
