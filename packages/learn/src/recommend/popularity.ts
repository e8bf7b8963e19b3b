import { DomainError } from '../errors.ts';
import type { Recommender } from './recommender.ts';

/** The baseline every other model has to beat: what most people took. */
export type Popularity = {
  readonly kind: 'popularity';
  readonly version: 1;
  readonly items: number;
  readonly score: Float32Array;
};

export type PopularityOptions = {
  /** What somebody took this many seconds ago counts half. Without it, or where no times are known, age does not matter. */
  readonly halfLifeSeconds?: number;
  /** Seconds from which ages count; the latest entry unless given. */
  readonly now?: number;
};

/** score(i) = Σ over entries of i of weight · 2^(−age / halfLife): the same for everybody. Cost: O(n). */
export const popularity: Recommender<Popularity, PopularityOptions> = {
  kind: 'popularity',

  fit({ interactions, at }, { halfLifeSeconds, now }) {
    if (halfLifeSeconds !== undefined && !(halfLifeSeconds > 0)) {
      throw new DomainError(`popularity: halfLifeSeconds must be above 0, got ${halfLifeSeconds}`);
    }
    const latest = now ?? at?.reduce((most, second) => Math.max(most, second), Number.NEGATIVE_INFINITY) ?? 0;
    const sums = new Float64Array(interactions.items);
    interactions.itemOf.forEach((item, entry) => {
      const age = at && halfLifeSeconds ? Math.max(0, latest - at[entry]) / halfLifeSeconds : 0;
      sums[item] += interactions.weightOf[entry] * 2 ** -age;
    });
    return { kind: 'popularity', version: 1, items: interactions.items, score: Float32Array.from(sums) };
  },

  scoreInto(model, _history, scores) {
    scores.set(model.score);
  },

  scoreManyInto(model, histories, scores) {
    for (let row = 0; row < histories.length; row++) scores.set(model.score, row * model.items);
  },
};
