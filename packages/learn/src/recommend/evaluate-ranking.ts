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

/** What a ranking is worth, person by person: `recall`, `ndcg` and `hit` have one number per row of `users`. */
export type RankingScores = {
  readonly users: Uint32Array;
  readonly recall: Float64Array;
  readonly ndcg: Float64Array;
  readonly hit: Float64Array;
  /** Per item: in how many lists it stands. */
  readonly shown: Uint32Array;
};

/**
 * Full ranking over all items except those in the person's training row.
 * @param scoreInto writes the scores of all items for a user into the given array (length items).
 */
export function evaluateRanking(
  train: Interactions,
  test: Interactions,
  k: number,
  scoreInto: (user: number, scores: Float32Array) => void,
): RankingReport {
  if (train.items !== test.items || train.users !== test.users) {
    throw new ShapeError(
      `evaluateRanking: train is ${train.users} × ${train.items}, test is ${test.users} × ${test.items}`,
    );
  }
  const scores = new Float32Array(train.items);
  return summariseRanking(
    scoreLists(test, k, usersOf(test), (user) => {
      scoreInto(user, scores);
      for (let at = train.offsets[user]; at < train.offsets[user + 1]; at++)
        scores[train.itemOf[at]] = Number.NEGATIVE_INFINITY;
      return topK(scores, k);
    }),
  );
}

/** The people who have anything in `test`. */
export function usersOf(test: Interactions): Uint32Array {
  return Uint32Array.from({ length: test.users }, (_, user) => user).filter(
    (user) => test.offsets[user + 1] > test.offsets[user],
  );
}

/** @param listOf the person's top k, best first; asked once for each of `users`, in order. */
export function scoreLists(
  test: Interactions,
  k: number,
  users: Uint32Array,
  listOf: (user: number, row: number) => ArrayLike<number>,
): RankingScores {
  const discounts = Float64Array.from({ length: k }, (_, rank) => 1 / Math.log2(rank + 2));
  const scores = {
    users,
    recall: new Float64Array(users.length),
    ndcg: new Float64Array(users.length),
    hit: new Float64Array(users.length),
    shown: new Uint32Array(test.items),
  };
  users.forEach((user, row) => {
    const held = new Set(test.itemOf.subarray(test.offsets[user], test.offsets[user + 1]));
    const list = listOf(user, row);
    let hits = 0;
    let gain = 0;
    for (let rank = 0; rank < Math.min(k, list.length); rank++) {
      scores.shown[list[rank]]++;
      if (!held.has(list[rank])) continue;
      hits++;
      gain += discounts[rank];
    }
    let best = 0;
    for (let rank = 0; rank < Math.min(k, held.size); rank++) best += discounts[rank];
    scores.recall[row] = held.size === 0 ? 0 : hits / held.size;
    scores.ndcg[row] = best === 0 ? 0 : gain / best;
    scores.hit[row] = hits > 0 ? 1 : 0;
  });
  return scores;
}

export function summariseRanking({ users, recall, ndcg, hit, shown }: RankingScores): RankingReport {
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  return {
    recall: mean(recall),
    ndcg: mean(ndcg),
    hit: mean(hit),
    coverage: shown.reduce((sum, lists) => sum + (lists > 0 ? 1 : 0), 0) / Math.max(1, shown.length),
    usersEvaluated: users.length,
  };
}
