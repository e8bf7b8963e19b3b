import { ShapeError } from '../errors.ts';
import type { Interactions } from './interactions.ts';
import { topK } from './top-k.ts';

export type RankingReport = {
  /** Share of a person's held-out items that are in their top k, averaged over people with any. */
  readonly recall: number;
  /** Gain discounted by log2 of the rank, against the best possible order of min(k, held out) hits. */
  readonly ndcg: number;
  /** Share of people with at least one hit. */
  readonly hit: number;
  /** Share of all items that are in somebody's top k. */
  readonly coverage: number;
  readonly usersEvaluated: number;
};

/**
 * Full ranking over all items except those in the person's training row.
 * @param scoreInto writes the scores of all items for a user into the given array (length items).
 */
export function evaluateRanking(
  train: Interactions,
  test: Interactions,
  k: number,
  scoreInto: (user: number, scores: Float64Array) => void,
): RankingReport {
  if (train.items !== test.items || train.users !== test.users) {
    throw new ShapeError(
      `evaluateRanking: train is ${train.users} × ${train.items}, test is ${test.users} × ${test.items}`,
    );
  }
  const scores = new Float64Array(train.items);
  const discounts = Float64Array.from({ length: k }, (_, rank) => 1 / Math.log2(rank + 2));
  const shown = new Uint8Array(train.items);
  const sums = { recall: 0, ndcg: 0, hit: 0, users: 0 };
  for (let user = 0; user < test.users; user++) {
    const held = new Set(test.itemOf.subarray(test.offsets[user], test.offsets[user + 1]));
    if (held.size === 0) continue;
    scoreInto(user, scores);
    for (let at = train.offsets[user]; at < train.offsets[user + 1]; at++)
      scores[train.itemOf[at]] = Number.NEGATIVE_INFINITY;
    let hits = 0;
    let gain = 0;
    topK(scores, k).forEach((item, rank) => {
      shown[item] = 1;
      if (!held.has(item)) return;
      hits++;
      gain += discounts[rank];
    });
    let best = 0;
    for (let rank = 0; rank < Math.min(k, held.size); rank++) best += discounts[rank];
    sums.recall += hits / held.size;
    sums.ndcg += gain / best;
    sums.hit += hits > 0 ? 1 : 0;
    sums.users++;
  }
  const people = Math.max(1, sums.users);
  return {
    recall: sums.recall / people,
    ndcg: sums.ndcg / people,
    hit: sums.hit / people,
    coverage: shown.reduce((sum, flag) => sum + flag, 0) / Math.max(1, train.items),
    usersEvaluated: sums.users,
  };
}
