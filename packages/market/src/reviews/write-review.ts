import type { Aspect, Experience } from '../behaviour/experience.ts';
import type { MarketItem } from '../catalogue/build-catalogue.ts';
import type { Person } from '../people/build-people.ts';
import { bitsAt, type Random, streamKey } from '../random.ts';
import { composeText } from './compose-text.ts';

/** A review as it is pushed to `/v1/reviews`. */
export type Review = {
  readonly reviewId: string;
  readonly itemId: string;
  readonly userId: string;
  readonly rating: number;
  readonly title?: string;
  readonly text: string;
  readonly language: 'zh' | 'en';
  readonly timestamp: string;
};

/** What the writer felt: kept apart, for tests of sentiment and aspects. -1, 0 or 1 for each aspect the text speaks of. */
export type ReviewTruth = {
  readonly reviewId: string;
  readonly satisfaction: number;
  readonly aspects: Readonly<Partial<Record<Aspect, -1 | 0 | 1>>>;
};

export type ReviewInput = {
  readonly seed: number;
  readonly random: Random;
  readonly person: Person;
  readonly item: MarketItem;
  readonly experience: Experience;
  readonly rating: 1 | 2 | 3 | 4 | 5;
  readonly orderId: string;
};

export function writeReview(input: ReviewInput): { review: Review; truth: ReviewTruth } {
  const { seed, person, item, experience, rating, orderId } = input;
  const key = streamKey(seed, `review-${orderId}`);
  const reviewId = `r${bitsAt(key, item.index, 0).toString(36)}${bitsAt(key, item.index, 1).toString(36)}`;
  const language = person.known.language;
  const { text, title, aspects } = composeText({
    random: input.random,
    language,
    item,
    experience,
    rating,
    wordiness: person.wordiness,
  });
  const review = { reviewId, itemId: item.shown.id, userId: person.userId, rating, text, language, timestamp: '' };
  return {
    review: title ? { ...review, title } : review,
    truth: { reviewId, satisfaction: experience.satisfaction, aspects },
  };
}
