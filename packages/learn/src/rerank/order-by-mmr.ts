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
  return orderGreedily(scores, count, {
    gain: (position) => relevanceWeight * relevance[position] - (1 - relevanceWeight) * nearest[position],
    place: (position, placed) => {
      similarityInto(position, row);
      for (let i = 0; i < row.length; i++) nearest[i] = placed === 0 ? row[i] : Math.max(nearest[i], row[i]);
    },
  });
}

/**
 * Fills the first `count` places one by one with the candidate of the greatest gain (equal: the higher score, then the earlier),
 * then appends the rest by score. A gain of -Infinity ends the greedy part.
 */
export function orderGreedily(
  scores: ArrayLike<number>,
  count: number,
  greedy: {
    readonly gain: (position: number) => number;
    /** Called after a candidate was placed; `placed` is how many stood there before it. */
    readonly place: (position: number, placed: number) => void;
  },
): Uint32Array {
  const left = new Set(orderByScore(scores));
  const order: number[] = [];
  while (order.length < count && left.size > 0) {
    let [best, bestGain] = [-1, Number.NEGATIVE_INFINITY];
    for (const position of left) {
      const gain = greedy.gain(position);
      if (gain > bestGain) [best, bestGain] = [position, gain];
    }
    if (best < 0) break;
    left.delete(best);
    greedy.place(best, order.length);
    order.push(best);
  }
  return Uint32Array.from([...order, ...left]);
}
