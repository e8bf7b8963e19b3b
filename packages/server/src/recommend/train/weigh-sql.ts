import { deedNames, deeds } from '../people/deeds.ts';

const list = (values: readonly number[]) => `[${values.join(', ')}]`;
const codes = list(deedNames.map((name) => deeds[name].code));
const weights = list(deedNames.map((name) => deeds[name].weight));
const halfLives = list(deedNames.map((name) => deeds[name].halfLifeDays * 86_400));

/** Confidence of one deed at an instant: weight · 2^(−age / half-life), the half-life that of its kind. As `computeTaste` does it. */
export const weighSql = (deed: string, at: string, now: string): string =>
  `transform(${deed}, ${codes}, arrayMap(one -> toFloat64(one), ${weights}), 0.) * exp2(-greatest(0, dateDiff('second', ${at}, ${now})) / transform(${deed}, ${codes}, arrayMap(one -> toFloat64(one), ${halfLives}), 1.))`;
