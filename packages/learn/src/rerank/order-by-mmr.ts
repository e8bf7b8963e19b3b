import { assertShare, assertWhole, orderByScore, unitScores } from './ranked-list.ts';
import type { SimilarityInto } from './similarity.ts';

export type DiversityOptions = {
  /** How many places are filled with diversity in mind; the rest follows by score. */
  readonly count: number;
  /** 1: the order of scores. 0: scores do not matter, only how different the items are. */
  readonly relevanceWeight: number;
};

/**
 * Maximal marginal relevance: each place goes to the candidate with the greatest
 * λ · relevance − (1 − λ) · (similarity to the most similar item already placed).
 *
 * @param scores best first or not, length n; relevance is the score on [0, 1] within the list.
 * @returns all n positions in their new order.
 * Cost: O(count × n) and `count` calls of `similarityInto`. Source: Carbonell and Goldstein (1998), SIGIR.
 */
export function orderByMmr(
  scores: ArrayLike<number>,
  similarityInto: SimilarityInto,
  { count, relevanceWeight }: DiversityOptions,
): Uint32Array {
  assertShare('orderByMmr: relevanceWeight', relevanceWeight);
  assertWhole('orderByMmr: count', count, 0);
  const relevance = unitScores(scores);
  const nearest = new Float64Array(scores.length);
  const row = new Float64Array(scores.length);
  const gains = relevance.map((value) => relevanceWeight * value);
  const place = (position: number, placed: number) => {
    similarityInto(position, row);
    for (let i = 0; i < row.length; i++) {
      if (placed > 0 && row[i] <= nearest[i]) continue;
      nearest[i] = row[i];
      gains[i] = relevanceWeight * relevance[i] - (1 - relevanceWeight) * row[i];
    }
  };
  return orderGreedily(scores, count, { gains, place });
}

/**
 * Fills the first `count` places one by one with the candidate of the greatest gain (equal: the higher score, then the earlier),
 * then appends the rest by score. A gain of -Infinity ends the greedy part.
 */
export function orderGreedily(
  scores: ArrayLike<number>,
  count: number,
  greedy: {
    /** Of each candidate, were it placed next. */
    readonly gains: Float64Array;
    /** Called after a candidate was placed, to bring `gains` up to date; `placed` is how many stood there before it. */
    readonly place: (position: number, placed: number) => void;
  },
): Uint32Array {
  const { gains, place } = greedy;
  // Those not placed yet, in their order of scores, in the first `remaining` places.
  const left = orderByScore(scores);
  let remaining = left.length;
  const order = new Uint32Array(left.length);
  let placed = 0;
  while (placed < count && remaining > 0) {
    let at = -1;
    let bestGain = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < remaining; i++) {
      const gain = gains[left[i]];
      if (gain > bestGain) {
        at = i;
        bestGain = gain;
      }
    }
    if (at < 0) break;
    const best = left[at];
    left.copyWithin(at, at + 1, remaining--);
    place(best, placed);
    order[placed++] = best;
  }
  order.set(left.subarray(0, remaining), placed);
  return order;
}
