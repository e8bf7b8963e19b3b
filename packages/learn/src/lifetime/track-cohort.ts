import { DomainError } from '../errors.ts';
import { buildHistories, orderPurchases, type Purchases } from './build-histories.ts';
import { getPurchaseFamily, listParameters, type PurchaseModel } from './purchase-model.ts';

/** Repeat purchases of everybody so far, at the end of each step: what the model expects and what came. */
export type CohortTrack = {
  readonly endsAt: Float64Array;
  readonly expected: Float64Array;
  readonly actual: Float64Array;
};

export type TrackOptions = {
  /** In the time of the purchases: when counting begins, the length of a step and how many steps. */
  readonly from: number;
  readonly step: number;
  readonly steps: number;
};

/**
 * The plot that shows whether a model tracks reality: cumulative repeat purchases week by week, also beyond the period it was
 * fitted on. The model knows nothing but when each customer first bought. Customers who first bought after the last step, and
 * purchases at equal times, are not counted.
 * @throws as `buildHistories`; DomainError for options out of range.
 * Cost: O(n log n + distinct first times · steps). Source: Fader, Hardie, Lee (2005), figure 2.
 */
export function trackCohort(
  model: Pick<PurchaseModel, 'kind' | 'parameters'>,
  purchases: Purchases,
  { from, step, steps }: TrackOptions,
): CohortTrack {
  if (!(step > 0 && Number.isInteger(steps) && steps > 0 && Number.isFinite(from + step * steps))) {
    throw new DomainError(
      `trackCohort: step must be above 0 and steps a whole number above 0, got from ${from}, step ${step}, steps ${steps}`,
    );
  }
  const family = getPurchaseFamily(model.kind);
  const parameters = listParameters(model);
  const endsAt = Float64Array.from({ length: steps }, (_, i) => from + (i + 1) * step);
  const { birth } = buildHistories(purchases, endsAt[steps - 1]);
  const customersBornAt = new Map<number, number>();
  for (const time of birth) customersBornAt.set(time, (customersBornAt.get(time) ?? 0) + 1);
  const expected = endsAt.map((end) => {
    let sum = 0;
    for (const [time, customers] of customersBornAt) {
      if (time < end) sum += customers * family.expectedOfNewcomer(parameters, end - time);
    }
    return sum;
  });

  const actual = new Float64Array(steps);
  let previous = -1;
  for (const i of orderPurchases(purchases, 'trackCohort')) {
    const isRepeat =
      previous >= 0 &&
      purchases.customer[previous] === purchases.customer[i] &&
      purchases.time[previous] < purchases.time[i];
    previous = i;
    if (!isRepeat || purchases.time[i] > endsAt[steps - 1]) continue;
    actual[Math.max(0, Math.ceil((purchases.time[i] - from) / step) - 1)]++;
  }
  for (let i = 1; i < steps; i++) actual[i] += actual[i - 1];
  return { endsAt, expected, actual };
}
