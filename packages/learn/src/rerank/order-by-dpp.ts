import { type DiversityOptions, orderGreedily } from './order-by-mmr.ts';
import { assertShare, assertWhole, orderByScore, unitScores } from './ranked-list.ts';
import type { SimilarityInto } from './similarity.ts';

/** Below this a candidate adds no volume: it is a copy of what is already there. */
const leastVolume = 1e-9;

/**
 * Determinantal point process: the list whose vectors, as long as the items are relevant, span the largest volume. Greedy: each
 * place goes to the candidate that makes det(L) of the placed items largest, L_ij = q_i S_ij q_j, log q_i = α · relevance_i,
 * α = θ / (2 (1 − θ)). Unlike MMR it sees an item that is a mixture of several others as redundant.
 *
 * The Cholesky factor grows by one row per place: e = (S_ji − ⟨c_j, c_i⟩) / d_j, c_i ← [c_i, e], d_i² ← d_i² − e². Qualities stay
 * outside of it as logarithms, so any θ below 1 is safe.
 * @param scores length n; relevance is the score on [0, 1] within the list. `relevanceWeight` is θ.
 * @returns all n positions in their new order.
 * Cost: O(count² × n), count × n numbers. Source: Chen, Zhang, Zhou (2018), NeurIPS.
 */
export function orderByDpp(
  scores: ArrayLike<number>,
  similarityInto: SimilarityInto,
  { count, relevanceWeight }: DiversityOptions,
): Uint32Array {
  assertShare('orderByDpp: relevanceWeight', relevanceWeight);
  assertWhole('orderByDpp: count', count, 0);
  if (relevanceWeight === 1) return orderByScore(scores);
  const n = scores.length;
  const places = Math.min(count, n);
  const relevance = unitScores(scores);
  const steepness = relevanceWeight / (1 - relevanceWeight); // 2 α: the gain is log q_i² + log d_i²
  const volumes = new Float64Array(n).fill(1);
  const factor = new Float64Array(places * n); // row k: the k-th coordinate of every candidate
  const row = new Float64Array(n);
  const gains = relevance.map((value) => steepness * value);
  const place = (position: number, placed: number) => {
    similarityInto(position, row);
    const length = Math.sqrt(volumes[position]);
    for (let k = 0; k < placed; k++) {
      const own = factor[k * n + position];
      for (let i = 0; i < n; i++) row[i] -= own * factor[k * n + i];
    }
    for (let i = 0; i < n; i++) {
      const coordinate = row[i] / length;
      factor[placed * n + i] = coordinate;
      volumes[i] -= coordinate * coordinate;
      gains[i] = volumes[i] > leastVolume ? steepness * relevance[i] + Math.log(volumes[i]) : Number.NEGATIVE_INFINITY;
    }
  };
  return orderGreedily(scores, places, { gains, place });
}
