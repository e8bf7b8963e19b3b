import type { EventRow } from '@zhiyin/contract';
import type { TFunction } from 'i18next';
import { minorDigits } from '../../format/format-money.ts';
import type { Formats } from '../../format/use-formats.ts';
import { type Properties, readAmount, readItems, readName, readQuantity, readText } from './read-properties.ts';

export type EventTone = 'plain' | 'good' | 'care';
export interface EventWords {
  /** What happened, as a sentence. */
  sentence: string;
  /** What it was about, when known: item, page, search. */
  about: string;
  tone: EventTone;
}

type Words = Pick<Formats, 'count' | 'money'>;

/** An event in the reader's language: standard events as sentences, a brand's own by their name. `t` is of the namespace `events`. */
export function describeEvent(
  event: Pick<EventRow, 'type' | 'name' | 'properties'>,
  t: TFunction,
  formats: Words,
): EventWords {
  const { type, name, properties } = event;
  const tone: EventTone = goodEvents.has(name) ? 'good' : careEvents.has(name) ? 'care' : 'plain';
  if (type !== 'track')
    return { sentence: sentenceOf(`type.${type}`, properties, t, formats), about: aboutOf(type, properties), tone };
  const key = `event.${keyOf(name)}`;
  const known = t(key, { defaultValue: '', count: 1 }) !== '' || t(`${key}.plain`, { defaultValue: '' }) !== '';
  return {
    sentence: known ? sentenceOf(key, properties, t, formats) : name,
    about: aboutOf(name, properties),
    tone,
  };
}

const typeOfName: Readonly<Record<string, EventRow['type']>> = {
  page_viewed: 'page',
  screen_viewed: 'screen',
  profile_identified: 'identify',
  group_joined: 'group',
  profile_aliased: 'alias',
};

/** A kind of event in the reader's language, for rankings: "Viewed a product". A brand's own names stay as sent. */
export function describeEventName(name: string, t: TFunction, formats: Words): string {
  return describeEvent({ type: typeOfName[name] ?? 'track', name, properties: {} }, t, formats).sentence;
}

/** `Email Opened`, `email_opened` → `email_opened`: standard names come that way, a brand's own as it sent them. */
export const keyOf = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s.:-]+/g, '_');

const goodEvents = new Set(['order_completed']);
const careEvents = new Set(['order_refunded', 'order_cancelled', 'product_removed', 'coupon_denied', 'unsubscribed']);

/**
 * Picks the fullest sentence the properties allow: `.full` needs quantity and amount, `.amount` an amount,
 * `.named` a name; `.plain` nothing.
 */
function sentenceOf(key: string, properties: Properties, t: TFunction, formats: Words): string {
  const amount = readAmount(properties);
  const quantity = readQuantity(properties);
  const named = readName(properties);
  const money = amount && formats.money(Math.round(amount.major * 10 ** minorDigits(amount.currency)), amount.currency);
  const values = {
    count: quantity ?? 1,
    quantity: quantity === null ? '' : formats.count(quantity),
    money,
    name: named,
  };
  const attempts = [
    ...(money && quantity !== null ? [`${key}.full`] : []),
    ...(money ? [`${key}.amount`] : []),
    ...(named ? [`${key}.named`] : []),
    `${key}.plain`,
  ];
  for (const attempt of attempts) {
    const sentence = t(attempt, { ...values, defaultValue: '' });
    if (sentence) return spaceScripts(sentence);
  }
  return t(key, { ...values, defaultValue: key });
}

/** A thin rule of Chinese type: a space where Chinese characters meet Latin letters or figures. */
const spaceScripts = (sentence: string): string =>
  sentence.replaceAll(/(\p{Script=Han})(?=[A-Za-z\d])|([A-Za-z\d])(?=\p{Script=Han})/gu, '$1$2 ');

/** What the sentence leaves out: the items of an order, the address of a page. */
function aboutOf(name: string, properties: Properties): string {
  if (name === 'page' || name === 'screen') return readText(properties, ['path', 'url']) ?? '';
  return readItems(properties).slice(0, 4).join(' · ');
}
