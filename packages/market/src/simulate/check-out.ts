import { orderProbability } from '../behaviour/choose.ts';
import { bitsAt } from '../random.ts';
import type { JsonRecord } from './calls.ts';
import { contextOf, recordTrack, senderOf, type Visit } from './visit-calls.ts';
import { type Order, schedule, type World } from './world.ts';

/** Sign-up or sign-in: from here the device's calls carry the user id, and what came before can be joined. */
export function signUp(world: World, visit: Visit): void {
  const { person, state } = visit;
  const isNew = !state.isRegistered;
  state.signedIn |= 1 << visit.deviceSlot;
  // Somebody else's session on a shared device ends here.
  for (const [other, device] of sharers(world, visit)) world.states[other]!.signedIn &= ~(1 << device);
  if (isNew) {
    state.isRegistered = true;
    state.registeredDay = world.today.day;
    schedule(world, world.today.day, { kind: 'welcome', person });
  }
  world.record.add(person.index, visit.at, senderOf(visit), {
    type: 'identify',
    traits: traitsOf(visit, isNew),
    context: contextOf(visit),
  });
}

function traitsOf(visit: Visit, isNew: boolean): JsonRecord {
  const { known, channels } = visit.person;
  const traits: JsonRecord = { name: known.name };
  if (known.email) traits.email = known.email;
  if (known.phone) traits.phone = known.phone;
  if (visit.device.kind === 'mini_program') traits.openid = visit.person.known.openId;
  if (!isNew) return traits;
  traits.gender = known.gender;
  if (known.birthday) traits.birthday = known.birthday;
  traits.language = known.language === 'zh' ? 'zh-CN' : 'en';
  traits.address = { city: known.language === 'zh' ? known.city.zh : known.city.en, country: 'CN' };
  traits.createdAt = new Date(visit.at).toISOString();
  if (known.email) traits.consent_email = channels.email.consent;
  if (known.phone) traits.consent_sms = channels.sms.consent;
  return traits;
}

function* sharers(world: World, visit: Visit): Generator<[number, number]> {
  for (const index of [visit.person.index - 1, visit.person.index + 1]) {
    const slot = world.states[index] ? (world.people[index]?.devices.indexOf(visit.device) ?? -1) : -1;
    if (slot >= 0) yield [index, slot];
  }
}

/** From the checkout page to the order. @returns whether the order was completed. */
export function checkOut(world: World, visit: Visit, total: number): boolean {
  const { random, today } = world;
  const { state, person } = visit;
  visit.at += 10_000 + random.below(60_000);
  if ((state.signedIn & (1 << visit.deviceSlot)) === 0) signUp(world, visit);
  const orderId = `XW${today.day}-${bitsAt(world.keys.order, person.index, today.day * 64 + state.visits)
    .toString(36)
    .toUpperCase()}`;
  const products = state.cart.map((line) => ({
    ...describeLine(line.item.shown, line.price),
    quantity: line.quantity,
  }));
  visit.at += 1_000;
  recordTrack(world, visit, 'Checkout Started', { order_id: orderId, value: yuan(total), currency: 'CNY', products });
  if (!random.chance(orderProbability(state.orders, today.moment))) return false;
  visit.at += 15_000 + random.below(90_000);
  completeOrder(world, visit, orderId, products, total);
  return true;
}

function describeLine(item: { id: string; name: string; category: string }, price: number): JsonRecord {
  return { product_id: item.id, name: item.name, category: item.category, price };
}

function completeOrder(world: World, visit: Visit, orderId: string, products: JsonRecord[], total: number): void {
  const { today } = world;
  const { state, person } = visit;
  const isFirst = state.orders === 0;
  const discount = isFirst && total >= 150 ? 20 : 0;
  const shipping = total >= 99 ? 0 : 8;
  const properties: JsonRecord = {
    order_id: orderId,
    total: yuan(total - discount + shipping),
    revenue: yuan(total - discount),
    shipping,
    currency: 'CNY',
    products,
  };
  if (discount > 0) properties.discount = discount;
  const coupon =
    discount > 0 ? 'HELLO20' : state.cart.some((line) => line.discount > 0) ? today.promotion?.coupon : undefined;
  if (coupon) properties.coupon = coupon;
  recordTrack(world, visit, 'Order Completed', properties);
  const order: Order = { orderId, person, lines: state.cart, at: visit.at };
  state.orders++;
  state.bought ??= new Map();
  for (const line of state.cart) {
    state.bought.set(line.item.index, today.day);
    world.recentSales[line.item.index]! += line.quantity;
  }
  state.cart = [];
  const lateDays = drawLateness(world, person.known.city.tier);
  schedule(world, today.day + Math.max(1, Math.round(3 + lateDays)), { kind: 'deliver', order, lateDays });
}

/** Days later than promised (negative: earlier). Sales and the new year clog the carriers. */
function drawLateness(world: World, tier: number): number {
  const { promotion } = world.today;
  const rush = promotion && promotion.traffic >= 1.8 ? 1.3 : promotion ? 0.3 : 0;
  return [-1.1, -0.5, 0.2][tier - 1]! + world.random.exponential(0.6 + rush) - 0.2;
}

function yuan(value: number): number {
  return Math.round(value * 100) / 100;
}
