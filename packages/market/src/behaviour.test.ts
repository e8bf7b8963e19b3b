import { beforeAll, describe, expect, it } from 'vitest';
import { dot } from './people/build-people.ts';
import { phrasesEn } from './reviews/phrases-en.ts';
import { phrasesZh } from './reviews/phrases-zh.ts';
import type { Review, ReviewTruth } from './reviews/write-review.ts';
import { correlation, liveOneYear, named, productsOf, type Year } from './testing.ts';

let year: Year;
let reviews: { review: Review; truth: ReviewTruth }[];
beforeAll(() => {
  year = liveOneYear();
  reviews = [...year.market.days()].flatMap((day) =>
    day.reviews.map((review, index) => ({ review, truth: day.truth.reviews[index]! })),
  );
});

describe('what people choose', () => {
  it('is cheaper within its category for those who look at the price', () => {
    const items = new Map(year.market.base.catalogue.items.map((item) => [item.shown.id, item]));
    const people = new Map(year.market.base.people.map((person) => [person.userId, person]));
    const pairs = named(year.calls, 'Order Completed').flatMap((call) =>
      productsOf(call).flatMap(({ product_id }) => {
        const [item, person] = [items.get(String(product_id)), people.get(call.userId!)];
        return item && person ? [[person.priceSensitivity, item.relativePrice] as const] : [];
      }),
    );
    const mean = (list: typeof pairs) => list.reduce((sum, pair) => sum + pair[1], 0) / list.length;
    const sorted = [...pairs].sort((a, b) => a[0] - b[0]);
    const quarter = Math.floor(sorted.length / 4);
    expect(mean(sorted.slice(-quarter))).toBeLessThan(mean(sorted.slice(0, quarter)) - 0.25);
  });

  it('lies closer to their taste than the catalogue at large', () => {
    const items = new Map(year.market.base.catalogue.items.map((item) => [item.shown.id, item]));
    const people = new Map(year.market.base.people.map((person) => [person.userId, person]));
    let [chosen, usual, n] = [0, 0, 0];
    for (const call of named(year.calls, 'Product Viewed')) {
      const [item, person] = [items.get(String(call.properties?.product_id)), people.get(call.userId ?? '')];
      if (!item || !person) continue;
      chosen += dot(person.taste, item.taste);
      usual += dot(person.taste, year.market.base.catalogue.items[n % items.size]!.taste);
      n++;
    }
    expect(n).toBeGreaterThan(1_000);
    expect(chosen / n).toBeGreaterThan(usual / n + 0.2);
  });
});

describe('reviews', () => {
  it('follow the experience: stars rise with satisfaction', () => {
    expect(reviews.length).toBeGreaterThan(200);
    expect(
      correlation(reviews.map(({ review, truth }) => [review.rating, truth.satisfaction] as const)),
    ).toBeGreaterThan(0.6);
  });

  it('speak well and badly of the aspects that felt so', () => {
    const score = ({ truth }: (typeof reviews)[number]) =>
      Object.values(truth.aspects).reduce((sum: number, polarity) => sum + polarity, 0);
    expect(correlation(reviews.map((each) => [score(each), each.truth.satisfaction] as const))).toBeGreaterThan(0.3);
    for (const { review, truth } of reviews) {
      if (truth.aspects.service !== -1) continue;
      const known = (review.language === 'zh' ? phrasesZh : phrasesEn).aspects.service.bad;
      const stems = known.map((phrase) => phrase.split('{d}')[0]!.trim().toLowerCase()).filter((stem) => stem !== '');
      expect(stems.some((stem) => review.text.toLowerCase().includes(stem))).toBe(true);
    }
  });

  it('come in Chinese and English, mostly short with a long tail, and mostly their own', () => {
    const lengths = reviews.map(({ review }) => review.text.length).sort((a, b) => a - b);
    const at = (share: number) => lengths[Math.floor(share * (lengths.length - 1))]!;
    expect(at(0.99)).toBeGreaterThan(2.2 * at(0.5));
    expect(reviews.filter(({ review }) => review.language === 'en').length / reviews.length).toBeGreaterThan(0.05);
    expect(new Set(reviews.map(({ review }) => review.text)).size / reviews.length).toBeGreaterThan(0.75);
    for (const { review } of reviews) expect(review.text).not.toMatch(/[{}]|undefined/);
  });

  it('are mostly glad, with all stars given', () => {
    const share = (stars: number) => reviews.filter(({ review }) => review.rating === stars).length / reviews.length;
    expect(share(5)).toBeGreaterThan(0.5);
    expect(share(5)).toBeLessThan(0.8);
    for (const stars of [1, 2, 3, 4]) expect(share(stars)).toBeGreaterThan(0.01);
  });
});
