import { DomainError, ShapeError } from '../errors.ts';
import { nonNegativeScores } from './ranked-list.ts';

/**
 * score / popularity^β: less of what everybody gets anyway. β 0 changes nothing, 1 divides popularity out.
 * Negative scores are first moved up so that the lowest is 0.
 * @param popularity people or sales per candidate, length n; anything below 1 counts as 1.
 */
export function debiasPopularity(scores: ArrayLike<number>, popularity: ArrayLike<number>, beta: number): Float64Array {
  assertLengths('debiasPopularity', scores, popularity);
  if (!(beta >= 0 && beta <= 2)) throw new DomainError(`debiasPopularity: beta must be between 0 and 2, got ${beta}`);
  return nonNegativeScores(scores).map((score, i) => score / Math.max(1, popularity[i]) ** beta);
}

/**
 * score · (1 + strength · signal). Negative scores are first moved up so that the lowest is 0.
 * @param signal per candidate in [-1, 1]: margin, stock, anything the brand wants more (or less) of.
 * @param strength 0 to 1: 0.5 means a full signal counts for half as much again.
 */
export function boostScores(scores: ArrayLike<number>, signal: ArrayLike<number>, strength: number): Float64Array {
  assertLengths('boostScores', scores, signal);
  if (!(strength >= 0 && strength <= 1)) {
    throw new DomainError(`boostScores: strength must be between 0 and 1, got ${strength}`);
  }
  return nonNegativeScores(scores).map((score, i) => {
    if (!(signal[i] >= -1 && signal[i] <= 1)) {
      throw new DomainError(`boostScores: signal ${i} must be between -1 and 1, got ${signal[i]}`);
    }
    return score * (1 + strength * signal[i]);
  });
}

/** Margin as a share of the price, 0 to 1; 0 where the cost is unknown or above the price. */
export function marginSignal(price: number, cost: number): number {
  return price > 0 && cost >= 0 ? Math.max(0, (price - cost) / price) : 0;
}

export type StockBounds = {
  /** Below so many days of sales in stock the item is pushed less, down to -1 at none. */
  readonly scarceDays: number;
  /** Above so many days it is pushed more, up to 1 at twice as many. */
  readonly ampleDays: number;
};

/** From stock and speed of sale to a signal in [-1, 1]. What does not sell at all is ample; unknown stock (NaN) is neutral. */
export function stockSignal(units: number, unitsPerDay: number, { scarceDays, ampleDays }: StockBounds): number {
  if (!(scarceDays >= 0 && ampleDays > scarceDays)) {
    throw new DomainError(`stockSignal: needs 0 <= scarceDays < ampleDays, got ${scarceDays} and ${ampleDays}`);
  }
  if (Number.isNaN(units)) return 0;
  if (units <= 0) return -1;
  const days = unitsPerDay > 0 ? units / unitsPerDay : Number.POSITIVE_INFINITY;
  if (days < scarceDays) return days / scarceDays - 1;
  return days > ampleDays ? Math.min(1, days / ampleDays - 1) : 0;
}

function assertLengths(name: string, scores: ArrayLike<number>, other: ArrayLike<number>): void {
  if (scores.length !== other.length) {
    throw new ShapeError(`${name}: ${scores.length} scores but ${other.length} values beside them`);
  }
}
