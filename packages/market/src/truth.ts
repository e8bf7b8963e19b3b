import type { Market } from './create-market.ts';
import { type MediaTruth, mediaTruth } from './people/media.ts';

/** What the market knows and no event tells. For tests and evaluations only; it is never sent to a platform. */
export type Truth = {
  readonly people: readonly PersonTruth[];
  readonly items: readonly ItemTruth[];
  readonly media: readonly (MediaTruth & {
    readonly newLift: readonly number[];
    readonly returnLift: readonly number[];
  })[];
};

export type PersonTruth = {
  readonly userId: string;
  readonly anonymousIds: readonly string[];
  readonly taste: readonly number[];
  readonly priceSensitivity: number;
  readonly eagerness: number;
  readonly budget: number;
  readonly visitsPerDay: number;
  readonly churnHazard: number;
  readonly fatigability: number;
  readonly mood: number;
  readonly strictness: number;
  readonly channels: Market['base']['people'][number]['channels'];
};

export type ItemTruth = {
  readonly id: string;
  readonly taste: readonly number[];
  readonly quality: number;
  readonly promise: number;
  readonly fame: number;
};

export function readTruth({ base }: Market): Truth {
  return {
    people: base.people.map((person) => ({
      userId: person.userId,
      anonymousIds: person.devices.map((device) => device.anonymousId),
      taste: Array.from(person.taste),
      priceSensitivity: person.priceSensitivity,
      eagerness: person.eagerness,
      budget: person.budget,
      visitsPerDay: person.visitsPerDay,
      churnHazard: person.churnHazard,
      fatigability: person.fatigability,
      mood: person.mood,
      strictness: person.strictness,
      channels: person.channels,
    })),
    items: base.catalogue.items.map((item) => ({
      id: item.shown.id,
      taste: Array.from(item.taste),
      quality: item.quality,
      promise: item.promise,
      fame: item.fame,
    })),
    media: mediaTruth.map((truth, index) => ({
      ...truth,
      newLift: Array.from(base.media.newLift[index]!),
      returnLift: Array.from(base.media.returnLift[index]!),
    })),
  };
}
