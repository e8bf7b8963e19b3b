import type { Aspect } from '../behaviour/experience.ts';

/** Ways to say one thing: about an aspect, felt well, badly, or neither. `{n}` is the thing, `{d}` a word of degree. */
export type AspectPhrases = {
  readonly good: readonly string[];
  readonly bad: readonly string[];
  readonly plain: readonly string[];
};

export type Phrases = {
  readonly aspects: Readonly<Record<Aspect, AspectPhrases>>;
  /** Words of quality that only fit one category: taste of tea, fit of clothes, feel on the skin. */
  readonly byCategory: Readonly<Record<string, { readonly good: readonly string[]; readonly bad: readonly string[] }>>;
  /** First words, by stars 1 to 5. */
  readonly openers: readonly (readonly string[])[];
  readonly closers: readonly (readonly string[])[];
  /** Sentences that say nothing about the goods. */
  readonly stories: readonly string[];
  readonly degrees: readonly string[];
  readonly turns: readonly string[];
  readonly marks: readonly string[];
};
