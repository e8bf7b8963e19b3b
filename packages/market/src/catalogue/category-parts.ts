/** A name in both languages, and for nouns the usual price in yuan, for variants the factor on it. */
export type Part = readonly [zh: string, en: string, amount: number];

/** What the goods of one category are made of. The catalogue is composed from these, seeded. */
export type CategoryParts = {
  readonly id: string;
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  /** How often this kind of thing is bought relative to the others. */
  readonly weight: number;
  /** Days one purchase lasts; 0 for things that are not used up. */
  readonly cycleDays: number;
  /** How easily it arrives broken, 0 to 1. */
  readonly fragility: number;
  readonly nouns: readonly Part[];
  readonly variants: readonly Part[];
  readonly detailsZh: readonly string[];
  readonly detailsEn: readonly string[];
};
