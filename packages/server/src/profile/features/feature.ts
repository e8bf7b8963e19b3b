import type { FeatureWords } from '@zhiyin/contract';

/** How a value is shown: days as days, shares in percent, money in the workspace's currency. */
export type FeatureUnit = 'count' | 'days' | 'share' | 'money' | 'ratio' | 'stars' | 'number' | 'category';

/**
 * One thing known of a person at an instant. `sql` is an expression over the measures of the sub-select `source`; a person without rows
 * there has measures of 0, so an expression says itself when nothing is known (nan, or '' for a category).
 */
export type Feature = {
  /** Stable: models remember their features by it. */
  readonly key: string;
  readonly unit: FeatureUnit;
  readonly words: FeatureWords;
  readonly source: FeatureSource;
  readonly sql: string;
};

export type FeatureSource = 'seen' | 'told' | 'bought' | 'kinds' | 'rated';

/** What a sub-select computes per person: aggregates by name. */
export type Measures = Readonly<Record<string, string>>;

/** What of the brand's own becomes features: found when a model is trained, kept with it. Plain data. */
export type FeaturePlan = {
  readonly version: 1;
  readonly currency: string;
  readonly timeZone: string;
  /** Events of the brand's own that are counted, most frequent first. */
  readonly events: readonly string[];
  /** Traits of few values, and traits that are numbers. */
  readonly traits: readonly { readonly name: string; readonly kind: 'category' | 'number' }[];
};

/** Names of standard events, for `IN`. */
export const listOf = (names: readonly string[]): string => `(${names.map((name) => `'${name}'`).join(', ')})`;

/** `part / whole`, or not known where there is no whole. */
export const shareOf = (part: string, whole: string): string => `if(${whole} > 0, ${part} / ${whole}, nan)`;

/** Seconds as days. */
export const days = (seconds: string): string => `${seconds} / 86400`;
