import { computeMessageChances, fadeFatigue } from '../behaviour/answer-message.ts';
import { civilDate, startOfDayMs, weekdayOf } from '../calendar.ts';
import { categories } from '../catalogue/build-catalogue.ts';
import type { MessageChannel, Person } from '../people/build-people.ts';
import { findPromotion } from '../promotions.ts';
import type { PersonState } from './state.ts';
import { runVisit } from './visit.ts';
import type { World } from './world.ts';

export type Mailing = {
  readonly channel: MessageChannel;
  readonly campaign: string;
  readonly topic: number;
  readonly discount: number;
  readonly hour: number;
};

const eventNames: Readonly<
  Record<MessageChannel, { delivered: string; opened: string | null; clicked: string; unsubscribed: string }>
> = {
  email: {
    delivered: 'Email Delivered',
    opened: 'Email Opened',
    clicked: 'Email Link Clicked',
    unsubscribed: 'Unsubscribed',
  },
  sms: { delivered: 'SMS Delivered', opened: null, clicked: 'SMS Link Clicked', unsubscribed: 'SMS Unsubscribed' },
  push: {
    delivered: 'Push Notification Received',
    opened: null,
    clicked: 'Push Notification Tapped',
    unsubscribed: 'Push Notifications Disabled',
  },
};

/** What the brand sends on a day to everyone who agreed: a newsletter on Tuesdays, a push on Fridays, an SMS before sales. */
export function planMailings(day: number): Mailing[] {
  const promotion = findPromotion(day);
  const discount = promotion?.discount ?? 0;
  const week = Math.floor(day / 7);
  const topic = promotion ? -1 : week % categories.length;
  const name = promotion ? promotion.id : `weekly-${categories[week % categories.length]!.id}`;
  const mailings: Mailing[] = [];
  if (weekdayOf(day) === 2) mailings.push({ channel: 'email', campaign: `${name}-email`, topic, discount, hour: 10 });
  if (weekdayOf(day) === 5) mailings.push({ channel: 'push', campaign: `${name}-push`, topic, discount, hour: 19 });
  const { month, dayOfMonth } = civilDate(day);
  const isEve =
    (month === 11 && dayOfMonth === 10) || (month === 6 && dayOfMonth === 17) || (month === 12 && dayOfMonth === 11);
  const begins = promotion !== null && findPromotion(day - 1)?.id !== promotion.id;
  if (isEve || (begins && promotion.traffic >= 1.2)) {
    mailings.push({
      channel: 'sms',
      campaign: `${promotion?.id ?? 'eve'}-sms`,
      topic: -1,
      discount: discount || 0.15,
      hour: 11,
    });
  }
  return mailings;
}

export function sendMailing(world: World, mailing: Mailing): void {
  const { day } = world.today;
  const turn = Math.floor(day / 7);
  for (const person of world.people) {
    const state = world.states[person.index];
    if (!state?.isRegistered || day - state.lastVisitDay > 150) continue;
    // Newsletters go to everyone every other week, so that two halves of the list can be compared.
    if (mailing.channel !== 'sms' && (person.index + turn) % 2 === 1) continue;
    sendMessage(world, person, state, mailing);
  }
}

/** Delivered → perhaps opened → perhaps clicked (and then a visit) → perhaps unsubscribed. */
export function sendMessage(world: World, person: Person, state: PersonState, mailing: Mailing): void {
  const { channel } = mailing;
  if (!canReach(person, state, channel)) return;
  const { random, today, record } = world;
  random.reset(world.keys.message, person.index, today.day * 4 + ['email', 'sms', 'push'].indexOf(channel));
  const fatigue = fadeFatigue(state.messageFatigue, today.day - state.messageFatigueDay);
  const chances = computeMessageChances(person, { ...mailing, fatigue, hasLeft: state.hasLeft });
  state.messageFatigue = fatigue + 1;
  state.messageFatigueDay = today.day;
  const names = eventNames[channel];
  const sender = { userId: person.userId };
  const properties = { campaign_id: `${mailing.campaign}-${today.day}`, campaign_name: mailing.campaign };
  let at = startOfDayMs(today.day) + mailing.hour * 3_600_000 + random.below(1_500_000);
  record.add(person.index, at, sender, { type: 'track', event: names.delivered, properties });
  if (random.chance(chances.open)) {
    at += 60_000 + Math.floor(Math.min(8 * 3_600_000, random.exponential(5_400_000)));
    if (names.opened) record.add(person.index, at, sender, { type: 'track', event: names.opened, properties });
    if (random.chance(chances.click)) {
      at += 4_000 + random.below(60_000);
      record.add(person.index, at, sender, { type: 'track', event: names.clicked, properties });
      runVisit(world, person, at + 2_000, {
        kind: 'message',
        channel,
        campaign: mailing.campaign,
        topic: mailing.topic,
      });
      return;
    }
  }
  if (random.chance(chances.unsubscribe)) {
    state.unsubscribed[channel] = true;
    record.add(person.index, at + 30_000, sender, { type: 'track', event: names.unsubscribed, properties });
  }
}

function canReach(person: Person, state: PersonState, channel: MessageChannel): boolean {
  if (!person.channels[channel].consent || state.unsubscribed[channel]) return false;
  if (channel === 'email') return person.known.email !== null;
  if (channel === 'sms') return person.known.phone !== null;
  return person.devices.some((device) => device.kind === 'app');
}
