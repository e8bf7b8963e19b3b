import { addProbability, checkoutProbability, computeUtility } from '../behaviour/choose.ts';
import { categories, type MarketItem } from '../catalogue/build-catalogue.ts';
import type { Person } from '../people/build-people.ts';
import { checkOut, signUp } from './check-out.ts';
import { recordArrival } from './record-arrival.ts';
import { itemFatigue, newState } from './state.ts';
import { describe, priceAfter, recordTrack, type Visit } from './visit-calls.ts';
import { schedule, type VisitReason, type World } from './world.ts';

/** A visit from arrival to leaving: land → choose categories → list or search → look → cart → checkout → order. */
export function runVisit(world: World, person: Person, at: number, reason: VisitReason): void {
  const { random, today } = world;
  random.reset(world.keys.visit, person.index, Math.floor(at / 1_000) % 0x7fffffff);
  let state = world.states[person.index];
  if (!state) {
    state = newState(today.day, reason.kind === 'referral');
    world.states[person.index] = state;
  }
  const deviceSlot = pickDevice(world, person, reason);
  const visit: Visit = { person, state, device: person.devices[deviceSlot]!, deviceSlot, reason, at };
  state.visits++;
  state.lastVisitDay = today.day;
  if (reason.kind === 'message') state.hasLeft = false;
  recordArrival(world, visit);
  signInWhereKnown(world, visit);
  const bounced = random.chance(state.visits === 1 ? 0.34 : 0.16);
  if (!bounced) browse(world, visit);
  if (state.cart.length > 0) considerCheckout(world, visit);
  if (random.chance(person.churnHazard * 0.75 * Math.exp(-0.9 * state.warmth - 0.35 * Math.min(2, state.orders))))
    state.hasLeft = true;
}

function pickDevice(world: World, person: Person, reason: VisitReason): number {
  const last = person.devices.length - 1;
  if (last === 0) return 0;
  if (reason.kind === 'message' && reason.channel === 'push') {
    const app = person.devices.findIndex((device) => device.kind === 'app');
    if (app >= 0) return app;
  }
  return world.random.chance(0.68) ? 0 : 1 + world.random.below(last);
}

/** A known person on a device where they are not signed in: some sign in on arrival. Some sign up without buying. */
function signInWhereKnown(world: World, visit: Visit): void {
  const { state, person } = visit;
  const isSignedIn = (state.signedIn & (1 << visit.deviceSlot)) !== 0;
  if (isSignedIn) return;
  if (state.isRegistered ? world.random.chance(person.signsInOnNewDevice) : state.visits >= person.registersAtVisit) {
    visit.at += 8_000 + world.random.below(40_000);
    signUp(world, visit);
  }
}

function browse(world: World, visit: Visit): void {
  const { random } = world;
  const rounds = 1 + (random.chance(0.32) ? 1 : 0) + (random.chance(0.12) ? 1 : 0);
  for (let round = 0; round < rounds; round++) {
    const category = pickCategory(world, visit, round);
    const seenFrom = showItems(world, visit, category);
    if (seenFrom) lookAt(world, visit, category, seenFrom);
  }
}

/** Softmax over categories: pull of taste, season, offers; a message's topic comes first. */
function pickCategory(world: World, visit: Visit, round: number): number {
  const { random, today } = world;
  if (round === 0 && visit.reason.kind === 'message' && visit.reason.topic >= 0 && random.chance(0.7))
    return visit.reason.topic;
  let best = 0;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < categories.length; c++) {
    const score =
      (visit.person.categoryPull[c] as number) +
      Math.log(categories[c]!.weight) +
      (today.season[c] as number) +
      1.5 * (today.discount[c] as number) +
      random.gumbel();
    if (score > bestScore) [best, bestScore] = [c, score];
  }
  return best;
}

function showItems(world: World, visit: Visit, category: number): 'list' | 'search' {
  const { random, catalogue } = world;
  const parts = categories[category]!;
  visit.at += 4_000 + random.below(25_000);
  if (random.chance(0.2)) {
    const item = random.pick(catalogue.byCategory[category]!);
    recordTrack(world, visit, 'Products Searched', {
      query: visit.person.known.language === 'zh' ? item.nounZh : item.nounEn,
    });
    return 'search';
  }
  recordTrack(world, visit, 'Product List Viewed', { list_id: parts.id, category: parts.zh });
  return 'list';
}

/** Looks at the few items with the largest utility + noise, and puts those that convince into the cart. */
function lookAt(world: World, visit: Visit, category: number, from: 'list' | 'search'): void {
  const { random, today } = world;
  const { person, state } = visit;
  const items = world.catalogue.byCategory[category]!;
  const discount = today.discount[category] as number;
  const looks = Math.min(items.length, 1 + random.poisson(0.95 + 0.25 * (state.orders > 0 ? 1 : 0)));
  const utilities = new Float64Array(items.length);
  const scores = new Float64Array(items.length);
  for (let i = 0; i < items.length; i++) {
    const item = items[i]!;
    const popularity = world.popularity[item.index] as number;
    const offer = {
      discount,
      popularity,
      season: today.season[category] as number,
      fatigue: itemFatigue(state, item, today.day),
    };
    utilities[i] = computeUtility(person, item, offer);
    scores[i] = (utilities[i] as number) + 0.9 * random.gumbel();
  }
  for (let look = 0; look < looks; look++) {
    const best = indexOfLargest(scores);
    scores[best] = Number.NEGATIVE_INFINITY;
    view(world, visit, items[best]!, utilities[best] as number, discount, from, look);
  }
}

function view(
  world: World,
  visit: Visit,
  item: MarketItem,
  utility: number,
  discount: number,
  from: string,
  position: number,
): void {
  const { random, today } = world;
  const { person, state } = visit;
  visit.at += 6_000 + Math.floor(random.exponential(35_000));
  const price = priceAfter(item, discount);
  recordTrack(world, visit, 'Product Viewed', { ...describe(item, price), list: from, position: position + 1 });
  state.seen.push(item.index);
  if (state.seen.length > 8) state.seen.shift();
  if (!random.chance(addProbability(person, utility))) return;
  if (state.cart.some((line) => line.item === item)) return;
  const quantity = item.cycleDays > 0 && random.chance(0.22) ? 2 : 1;
  visit.at += 5_000 + random.below(20_000);
  state.cart.push({ item, quantity, price, discount });
  state.cartDay = today.day;
  recordTrack(world, visit, 'Product Added', { ...describe(item, price), quantity });
}

function considerCheckout(world: World, visit: Visit): void {
  const { random, today } = world;
  const { person, state } = visit;
  if (random.chance(0.12)) {
    const [line] = state.cart.splice(random.below(state.cart.length), 1);
    visit.at += 5_000 + random.below(15_000);
    recordTrack(world, visit, 'Product Removed', { ...describe(line!.item, line!.price), quantity: line!.quantity });
    if (state.cart.length === 0) return;
  }
  for (const line of state.cart) {
    line.discount = today.discount[line.item.categoryIndex] as number;
    line.price = priceAfter(line.item, line.discount);
  }
  const total = state.cart.reduce((sum, line) => sum + line.price * line.quantity, 0);
  if (random.chance(checkoutProbability(person, total, today.moment)) && checkOut(world, visit, total)) return;
  if (state.cartDay === today.day) schedule(world, today.day + 1, { kind: 'remind', person });
  else if (today.day - state.cartDay > 10) state.cart = [];
}

function indexOfLargest(values: Float64Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] as number) > (values[best] as number)) best = i;
  return best;
}
