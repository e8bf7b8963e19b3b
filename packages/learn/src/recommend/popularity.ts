import type { Interactions } from './interactions.ts';

/** The baseline every other model has to beat: what most people took. */
export type Popularity = { readonly kind: 'popularity'; readonly version: 1; readonly score: Float64Array };

/** @returns the number of people per item. Cost: O(n). */
export function fitPopularity(interactions: Interactions): Popularity {
  const score = new Float64Array(interactions.items);
  for (const item of interactions.itemOf) score[item]++;
  return { kind: 'popularity', version: 1, score };
}

/** Writes one score per item into `scores` (length items): the same for everybody. */
export function scoreByPopularityInto(model: Popularity, scores: Float64Array): void {
  scores.set(model.score);
}
