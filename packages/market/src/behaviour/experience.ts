import type { MarketItem } from '../catalogue/build-catalogue.ts';
import { dot, type Person } from '../people/build-people.ts';
import type { Random } from '../random.ts';

export const aspects = ['quality', 'price', 'delivery', 'packaging', 'service', 'appearance'] as const;
export type Aspect = (typeof aspects)[number];

/** How each aspect felt, about standard normal: above 0 is good. */
export type Experience = { readonly felt: Readonly<Record<Aspect, number>>; readonly satisfaction: number };

const weights: Readonly<Record<Aspect, number>> = {
  quality: 0.5,
  price: 0.2,
  delivery: 0.2,
  packaging: 0.14,
  service: 0.12,
  appearance: 0.22,
};

export type Purchase = { readonly paidRatio: number; readonly lateDays: number };

/**
 * What a person felt after unpacking.
 * quality = 1.1 × (quality − 0.55 × promise) + noise; price = −sensitivity × ln(paid / middle) + 0.4 × quality;
 * delivery falls with days late; packaging with fragility; appearance follows taste. Satisfaction is their weighted sum + mood.
 */
export function computeExperience(random: Random, person: Person, item: MarketItem, purchase: Purchase): Experience {
  const quality = 1.1 * (item.quality - 0.55 * item.promise) + 0.55 * random.normal() + 0.3;
  const broken = random.chance(item.fragility * 0.09);
  const felt: Record<Aspect, number> = {
    quality: broken ? Math.min(quality, -0.6) : quality,
    price: 0.35 - 0.8 * person.priceSensitivity * purchase.paidRatio + 0.4 * quality + 0.35 * random.normal(),
    delivery: 0.9 - 0.75 * Math.max(-0.6, purchase.lateDays) + 0.35 * random.normal(),
    packaging: broken ? -2 : 0.7 - 0.6 * item.fragility + 0.6 * random.normal(),
    service: 0.35 + 0.8 * random.normal() - 0.25 * Math.max(0, purchase.lateDays),
    appearance: 2.2 * (dot(person.taste, item.taste) - 0.35) + 0.25 + 0.55 * random.normal(),
  };
  let satisfaction = 0.12 + 0.6 * person.mood + 0.2 * random.normal();
  for (const aspect of aspects) satisfaction += weights[aspect] * felt[aspect];
  return { felt, satisfaction };
}

/** Stars: four thresholds on satisfaction, moved by how strict the person is. Most ratings are 5, as in life. */
export function rate(satisfaction: number, strictness: number): 1 | 2 | 3 | 4 | 5 {
  const score = satisfaction - 0.45 * strictness;
  if (score < -0.42) return 1;
  if (score < -0.08) return 2;
  if (score < 0.36) return 3;
  return score < 0.85 ? 4 : 5;
}
