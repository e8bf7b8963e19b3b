import type { DeedWeights } from '@zhiyin/contract';
import { deedNames, deeds } from '../people/deeds.ts';

const list = (values: readonly number[]) => `[${values.join(', ')}]`;
const codes = list(deedNames.map((name) => deeds[name].code));

/** Confidence of one deed at an instant: weight · 2^(−age / half-life), the half-life that of its kind. As `computeTaste` does it. */
export function weighSql(deed: string, at: string, now: string, weights: DeedWeights): string {
  const worth = list(deedNames.map((name) => weights[name].weight));
  const halfLives = list(deedNames.map((name) => weights[name].halfLifeDays * 86_400));
  const ofKind = (values: string, otherwise: string) =>
    `transform(${deed}, ${codes}, arrayMap(one -> toFloat64(one), ${values}), ${otherwise})`;
  return `${ofKind(worth, '0.')} * exp2(-greatest(0, dateDiff('second', ${at}, ${now})) / ${ofKind(halfLives, '1.')})`;
}
