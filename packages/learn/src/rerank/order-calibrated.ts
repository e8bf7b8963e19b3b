import { DomainError, ShapeError } from '../errors.ts';
import { orderGreedily } from './order-by-mmr.ts';
import { assertShare, assertWhole, unitScores } from './ranked-list.ts';

/** Part of the target mixed into the list's shares, so that an absent group costs much but not everything. */
const smoothing = 0.01;

export type CalibrationOptions = {
  readonly count: number;
  /** Group (category, price band) of each candidate; length n; indices into `target`. */
  readonly groupOf: ArrayLike<number>;
  /** Share of each group in what the person took so far; adds up to 1. */
  readonly target: ArrayLike<number>;
  /** 0: the order of scores. 1: only the shares count. */
  readonly strength: number;
};

/**
 * A list whose groups stand in the proportions of the person's own history: who buys 70 % tea and 30 % cups sees about that,
 * not 100 % tea. Greedy on (1 − λ) Σ relevance − λ KL(target ‖ list).
 * @returns all n positions in their new order. Cost: O(count × n). Source: Steck (2018), RecSys, "Calibrated recommendations".
 */
export function orderCalibrated(
  scores: ArrayLike<number>,
  { count, groupOf, target, strength }: CalibrationOptions,
): Uint32Array {
  assertShare('orderCalibrated: strength', strength);
  assertWhole('orderCalibrated: count', count, 0);
  assertTarget(scores, groupOf, target);
  const relevance = unitScores(scores);
  const counts = new Float64Array(target.length);
  // KL after one more item differs between candidates by their group alone: one number per group and place.
  const gains = new Float64Array(relevance.length);
  const weigh = (placed: number) => {
    const divergences = divergenceWithOneMore(counts, target, placed);
    for (let i = 0; i < gains.length; i++) {
      gains[i] = (1 - strength) * relevance[i] - strength * divergences[groupOf[i]];
    }
  };
  const place = (position: number, placed: number) => {
    counts[groupOf[position]]++;
    weigh(placed + 1);
  };
  weigh(0);
  return orderGreedily(scores, count, { gains, place });
}

/** KL(target ‖ list) = Σ p log(p / q̃), q̃ = (1 − 0.01) q + 0.01 p; groups outside the target add nothing. Natural logarithm. */
export function calibrationDivergence(counts: ArrayLike<number>, target: ArrayLike<number>): number {
  let total = 0;
  for (let group = 0; group < target.length; group++) total += counts[group];
  let divergence = 0;
  for (let group = 0; group < target.length; group++) divergence += divergenceTerm(counts[group], target[group], total);
  return divergence;
}

function divergenceTerm(count: number, share: number, total: number): number {
  if (share === 0) return 0;
  const shown = total === 0 ? 0 : count / total;
  return share * Math.log(share / ((1 - smoothing) * shown + smoothing * share));
}

function divergenceWithOneMore(counts: Float64Array, target: ArrayLike<number>, placed: number): Float64Array {
  let base = 0;
  for (let group = 0; group < target.length; group++) base += divergenceTerm(counts[group], target[group], placed + 1);
  return counts.map(
    (count, group) =>
      base - divergenceTerm(count, target[group], placed + 1) + divergenceTerm(count + 1, target[group], placed + 1),
  );
}

function assertTarget(scores: ArrayLike<number>, groupOf: ArrayLike<number>, target: ArrayLike<number>): void {
  if (groupOf.length !== scores.length) {
    throw new ShapeError(`orderCalibrated: ${scores.length} candidates but ${groupOf.length} groups`);
  }
  let sum = 0;
  for (let group = 0; group < target.length; group++) {
    assertShare(`orderCalibrated: the target of group ${group}`, target[group]);
    sum += target[group];
  }
  if (Math.abs(sum - 1) > 1e-6) throw new DomainError(`orderCalibrated: targets must add up to 1, got ${sum}`);
  for (let i = 0; i < groupOf.length; i++) {
    if (!(groupOf[i] >= 0 && groupOf[i] < target.length)) {
      throw new DomainError(
        `orderCalibrated: candidate ${i} is of group ${groupOf[i]}, outside ${target.length} groups`,
      );
    }
  }
}
