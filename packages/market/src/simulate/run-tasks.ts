import { computeExperience, rate } from '../behaviour/experience.ts';
import { startOfDayMs } from '../calendar.ts';
import { writeReview } from '../reviews/write-review.ts';
import { hourWeights } from '../season.ts';
import { sendMessage } from './send-messages.ts';
import { runVisit } from './visit.ts';
import { type Order, schedule, type Task, type World } from './world.ts';

/** What was decided on an earlier day and happens today. */
export function runTasks(world: World): void {
  const tasks = world.agenda.get(world.today.day);
  if (!tasks) return;
  // A task may add another for today (a welcome after signing up): the list grows while it is walked.
  for (let i = 0; i < tasks.length; i++) runTask(world, tasks[i]!);
  world.agenda.delete(world.today.day);
}

function runTask(world: World, task: Task): void {
  if (task.kind === 'deliver') deliver(world, task.order, task.lateDays);
  else if (task.kind === 'refund') refund(world, task.order, task.lines);
  else if (task.kind === 'review') publish(world, task);
  else visitOrMessage(world, task);
}

function visitOrMessage(world: World, task: Extract<Task, { kind: 'visit' | 'welcome' | 'remind' }>): void {
  const state = world.states[task.person.index];
  if (task.kind === 'visit') {
    if (!state || task.reason.kind !== 'referral')
      runVisit(world, task.person, drawTime(world, task.person.index), task.reason);
    return;
  }
  if (!state?.isRegistered) return;
  if (task.kind === 'welcome') {
    sendMessage(world, task.person, state, {
      channel: 'email',
      campaign: 'welcome',
      topic: -1,
      discount: 0.1,
      hour: 21,
    });
  } else if (state.cart.length > 0 && state.cartDay < world.today.day) {
    const topic = state.cart[0]!.item.categoryIndex;
    sendMessage(world, task.person, state, {
      channel: 'email',
      campaign: 'cart-reminder',
      topic,
      discount: 0,
      hour: 12,
    });
  }
}

/** The parcel is there: what is felt decides on stars, words, returning, refunds and telling friends. */
function deliver(world: World, order: Order, lateDays: number): void {
  const { random, today } = world;
  const { person } = order;
  random.reset(world.keys.delivery, person.index, today.day);
  const state = world.states[person.index]!;
  const returned = [];
  for (const line of order.lines) {
    const paidRatio = line.item.relativePrice + Math.log(1 - line.discount);
    const experience = computeExperience(random, person, line.item, { paidRatio, lateDays });
    const { satisfaction } = experience;
    state.warmth = 0.7 * state.warmth + 0.3 * satisfaction;
    if (satisfaction < -0.6 && random.chance(0.12)) state.hasLeft = true;
    const returnChance = 0.015 + 0.32 / (1 + Math.exp(4 * (satisfaction + 0.55)));
    if (random.chance(returnChance)) returned.push(line);
    // The very glad and the very cross write more.
    const urge = person.writesReviews * (0.35 + 0.55 * Math.min(1.6, Math.abs(satisfaction - 0.4)));
    if (random.chance(urge)) {
      const delay = 1 + Math.floor(Math.min(24, random.exponential(3.5)));
      const rating = rate(satisfaction, person.strictness);
      const written = writeReview({
        seed: world.seed,
        random,
        person,
        item: line.item,
        experience,
        rating,
        orderId: order.orderId,
      });
      schedule(world, today.day + delay, { kind: 'review', person, line, ...written });
    }
    if (satisfaction > 0.5 && random.chance(person.tellsFriends * 0.9)) tellFriend(world);
  }
  if (returned.length > 0) schedule(world, today.day + 1 + random.below(6), { kind: 'refund', order, lines: returned });
}

function tellFriend(world: World): void {
  const { random } = world;
  for (let tries = 0; tries < 8 && world.waiting.length > 0; tries++) {
    const place = random.below(world.waiting.length);
    const index = world.waiting[place]!;
    world.waiting[place] = world.waiting.at(-1)!;
    world.waiting.pop();
    if (world.states[index]) continue;
    const reason = { kind: 'referral' } as const;
    schedule(world, world.today.day + 1 + random.below(9), { kind: 'visit', person: world.people[index]!, reason });
    return;
  }
}

function refund(world: World, order: Order, lines: Order['lines']): void {
  const total = lines.reduce((sum, line) => sum + line.price * line.quantity, 0);
  world.record.add(
    order.person.index,
    drawTime(world, order.person.index),
    { userId: order.person.userId },
    {
      type: 'track',
      event: 'Order Refunded',
      properties: {
        order_id: order.orderId,
        total: Math.round(total * 100) / 100,
        currency: 'CNY',
        products: lines.map(({ item, price, quantity }) => ({
          product_id: item.shown.id,
          name: item.shown.name,
          price,
          quantity,
        })),
      },
    },
  );
}

function publish(world: World, task: Extract<Task, { kind: 'review' }>): void {
  const at = drawTime(world, task.person.index);
  world.reviews.push({ ...task.review, timestamp: new Date(at).toISOString() });
  world.reviewTruths.push(task.truth);
  world.record.add(
    task.person.index,
    at,
    { userId: task.person.userId },
    {
      type: 'track',
      event: 'Product Reviewed',
      properties: { product_id: task.line.item.shown.id, review_id: task.review.reviewId, rating: task.review.rating },
    },
  );
}

/** A moment of today, as people's days go. */
export function drawTime(world: World, who: number): number {
  const { random, today } = world;
  random.reset(world.keys.visit, who, -today.day);
  return startOfDayMs(today.day) + random.weighted(hourWeights) * 3_600_000 + random.below(3_600_000);
}
