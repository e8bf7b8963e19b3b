import { DomainError, ShapeError } from '../errors.ts';

/** Candidates for one person, best first. Each item stands there once. */
export type RankedList = {
  /** Indices into the catalogue, length n. */
  readonly item: Uint32Array;
  /** What the model said, or what the steps so far made of it; higher is better; finite; length n. */
  readonly score: Float64Array;
};

/**
 * Best first; equal scores keep the order in which they came.
 * @throws ShapeError when lengths differ; DomainError when a score is not finite or an item comes twice.
 * Cost: O(n log n).
 */
export function rankCandidates(items: ArrayLike<number>, scores: ArrayLike<number>): RankedList {
  if (items.length !== scores.length) {
    throw new ShapeError(`rankCandidates: ${items.length} items but ${scores.length} scores`);
  }
  const seen = new Set<number>();
  for (let i = 0; i < items.length; i++) {
    if (!Number.isFinite(scores[i])) {
      throw new DomainError(`rankCandidates: the score of item ${items[i]} must be a finite number, got ${scores[i]}`);
    }
    if (seen.has(items[i])) throw new DomainError(`rankCandidates: item ${items[i]} comes twice`);
    seen.add(items[i]);
  }
  return pickPositions({ item: Uint32Array.from(items), score: Float64Array.from(scores) }, orderByScore(scores));
}

/** Positions from the highest score to the lowest; equal ones by position. */
export function orderByScore(scores: ArrayLike<number>): Uint32Array {
  const order = new Uint32Array(scores.length);
  let isSorted = true;
  for (let i = 0; i < order.length; i++) {
    order[i] = i;
    if (i > 0 && !(scores[i] <= scores[i - 1])) isSorted = false;
  }
  return isSorted ? order : order.sort((a, b) => scores[b] - scores[a] || a - b);
}

/** The candidates at the given positions, in that order. */
export function pickPositions(list: RankedList, positions: Uint32Array): RankedList {
  const item = new Uint32Array(positions.length);
  const score = new Float64Array(positions.length);
  for (let at = 0; at < positions.length; at++) {
    item[at] = list.item[positions[at]];
    score[at] = list.score[positions[at]];
  }
  return { item, score };
}

/** The same candidates with other scores, best first again. */
export function withScores(list: RankedList, score: Float64Array): RankedList {
  return pickPositions({ item: list.item, score }, orderByScore(score));
}

/** Scores moved and stretched to [0, 1]: the lowest is 0, the highest 1. All equal: all 1. */
export function unitScores(scores: ArrayLike<number>): Float64Array {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < scores.length; i++) {
    low = Math.min(low, scores[i]);
    high = Math.max(high, scores[i]);
  }
  const unit = new Float64Array(scores.length).fill(1);
  if (high > low) for (let i = 0; i < unit.length; i++) unit[i] = (scores[i] - low) / (high - low);
  return unit;
}

/** Scores that factors may multiply: as they are, or moved up so that the lowest is 0 when any is negative. */
export function nonNegativeScores(scores: ArrayLike<number>): Float64Array {
  let low = 0;
  for (let i = 0; i < scores.length; i++) low = Math.min(low, scores[i]);
  return Float64Array.from(scores, (score) => score - low);
}

/** @throws DomainError naming `what` unless the value is in [0, 1]. */
export function assertShare(what: string, value: number): void {
  if (!(value >= 0 && value <= 1)) throw new DomainError(`${what} must be between 0 and 1, got ${value}`);
}

/** @throws DomainError naming `what` unless the value is a whole number of at least `least`. */
export function assertWhole(what: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new DomainError(`${what} must be a whole number of at least ${least}, got ${value}`);
  }
}
