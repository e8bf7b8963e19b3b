import { DomainError, ShapeError } from '../errors.ts';
import { logGamma } from '../numerics/gamma.ts';
import { incompleteBeta } from '../numerics/incomplete.ts';
import { minimiseSimplex } from '../numerics/minimise-simplex.ts';

/** What is known of the times between a customer's purchases, one entry each, all times in one unit. */
export type GapHistories = {
  /** Completed gaps (purchases less one), their sum, and the sum of their logarithms. */
  readonly gaps: ArrayLike<number>;
  readonly gapSum: ArrayLike<number>;
  readonly gapLogSum: ArrayLike<number>;
  /** Time since the last purchase: the gap that is still open. */
  readonly open: ArrayLike<number>;
};

/** Gaps vary as Gamma(shape, rate); rates differ between customers as Gamma(a, b). `b` is a time. Plain data. */
export type GapModel = {
  readonly kind: 'gamma-gaps';
  readonly version: 1;
  readonly shape: number;
  readonly a: number;
  readonly b: number;
  readonly logLikelihood: number;
  readonly converged: boolean;
};

/**
 * When customers come back. A shape of 1 is buying at random moments (then this is the NBD), a larger one is regular buying. The open
 * gap counts as "longer than this", so that slow customers are not forgotten. Nobody leaves for good: who has long been away is simply
 * expected late.
 * @throws ShapeError when lengths differ; DomainError when times are negative or nobody came back.
 * Cost: O(customers · evaluations). Source: Gamma renewals with Gamma rates, Wheat & Morrison (1990), Journal of Marketing
 * Research 27(1); the rate integrated out.
 */
export function fitPurchaseGaps(histories: GapHistories): GapModel {
  const { gaps, gapSum, gapLogSum, open } = histories;
  checkGaps(histories, 'fitPurchaseGaps');
  let [count, sum] = [0, 0];
  for (let i = 0; i < gaps.length; i++) {
    count += gaps[i];
    sum += gapSum[i];
  }
  if (count === 0) throw new DomainError('fitPurchaseGaps: gaps are all 0, somebody must have bought twice');
  const unit = sum / count;
  const loss = (point: Float64Array) => {
    const [shape, a, b] = point.map(Math.exp);
    if (!(shape < 1e3 && a < 1e4 && b < 1e6)) return Number.POSITIVE_INFINITY;
    let total = 0;
    const constant = a * Math.log(b) - logGamma(a);
    for (let i = 0; i < gaps.length; i++) {
      const n = gaps[i];
      const [after, late] = [a + n * shape, b + gapSum[i] / unit];
      total += constant + logGamma(after) - after * Math.log(late);
      if (n > 0) total += (shape - 1) * (gapLogSum[i] - n * Math.log(unit)) - n * logGamma(shape);
      total += Math.log(Math.max(1e-300, gapSurvival(shape, after, late, open[i] / unit)));
    }
    return -total / gaps.length;
  };
  const found = minimiseSimplex(loss, [0, Math.log(1.5), Math.log(1.5)], { tolerance: 1e-9 });
  const [shape, a, b] = found.point.map(Math.exp);
  return {
    kind: 'gamma-gaps',
    version: 1,
    shape,
    a,
    b: b * unit,
    logLikelihood: -found.value * gaps.length - count * Math.log(unit),
    converged: found.report.converged,
  };
}

/** Chance that each customer comes back within the next `horizon`. */
export function predictReturn(model: GapModel, histories: GapHistories, horizon: number): Float64Array {
  checkGaps(histories, 'predictReturn');
  if (!(horizon >= 0)) throw new DomainError(`predictReturn: horizon must be 0 or more, got ${horizon}`);
  return Float64Array.from({ length: histories.gaps.length }, (_, i) => {
    const later = openCustomer(model, histories, i);
    return 1 - later(horizon);
  });
}

/** Time until each customer's next purchase that is exceeded with the given chance (0.5: the median); Infinity beyond `horizonMax`. */
export function predictReturnTime(
  model: GapModel,
  histories: GapHistories,
  options: { readonly chance?: number; readonly horizonMax: number },
): Float64Array {
  checkGaps(histories, 'predictReturnTime');
  const { chance = 0.5, horizonMax } = options;
  return Float64Array.from({ length: histories.gaps.length }, (_, i) => {
    const later = openCustomer(model, histories, i);
    if (later(horizonMax) > chance) return Number.POSITIVE_INFINITY;
    let [low, high] = [0, horizonMax];
    while (high - low > 1e-6 * horizonMax) {
      const middle = (low + high) / 2;
      if (later(middle) > chance) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  });
}

/** Survival beyond another `time`, given what is known of customer i. */
function openCustomer({ shape, a, b }: GapModel, histories: GapHistories, i: number): (time: number) => number {
  const after = a + histories.gaps[i] * shape;
  const late = b + histories.gapSum[i];
  const until = histories.open[i];
  const now = Math.max(1e-300, gapSurvival(shape, after, late, until));
  return (time) => Math.min(1, gapSurvival(shape, after, late, until + time) / now);
}

/** P(gap > time), the rate integrated out: gap / (gap + late) is Beta(shape, after). */
function gapSurvival(shape: number, after: number, late: number, time: number): number {
  return time <= 0 ? 1 : incompleteBeta(late / (late + time), after, shape);
}

function checkGaps({ gaps, gapSum, gapLogSum, open }: GapHistories, who: string): void {
  const n = gaps.length;
  if (gapSum.length !== n || gapLogSum.length !== n || open.length !== n) {
    throw new ShapeError(`${who}: gaps, gapSum, gapLogSum and open must have one length`);
  }
  for (let i = 0; i < n; i++) {
    if (!(Number.isInteger(gaps[i]) && gaps[i] >= 0)) {
      throw new DomainError(`${who}: gaps must be whole numbers from 0, got ${gaps[i]} for customer ${i}`);
    }
    if (!(gapSum[i] >= 0 && open[i] >= 0 && Number.isFinite(gapSum[i] + gapLogSum[i] + open[i]))) {
      throw new DomainError(
        `${who}: times must be finite and from 0, got ${gapSum[i]} and ${open[i]} for customer ${i}`,
      );
    }
  }
}
