import { DomainError, ShapeError } from '../errors.ts';
import { normalProbability, normalQuantile } from '../numerics/normal-quantile.ts';

export type PurchaseLog = {
  readonly profile: ArrayLike<number>;
  readonly item: ArrayLike<number>;
  /** Days since any epoch, parallel to `item`; the same day counts once. */
  readonly day: ArrayLike<number>;
};

/** How long people take until they buy the same thing again. Days are log-normal per item; what is rare leans on its group. */
export type RepurchaseCycles = {
  readonly kind: 'repurchase-cycles';
  readonly version: 1;
  /** Mean and standard deviation of log days between two purchases, per item; NaN where nobody ever came back. */
  readonly logMean: Float64Array;
  readonly logDeviation: Float64Array;
  /** Gaps seen per item. */
  readonly gaps: Uint32Array;
  /** Share of an item's buyers who bought it again, shrunk towards its group's. */
  readonly repeatShare: Float64Array;
};

export type CycleOptions = {
  readonly items: number;
  /** Group (category) of each item, length items. */
  readonly groupOf: ArrayLike<number>;
  /** The group counts as so many gaps (and buyers) of the item itself. */
  readonly priorGaps?: number;
};

/**
 * Item means are pulled towards their group: (n·own + κ·group) / (n + κ), variances alike, around the item's own mean.
 * Gaps that are still open are not seen, so cycles of a short history come out somewhat short.
 * @throws ShapeError when lengths differ; DomainError when an item is outside the catalogue.
 * Cost: O(n log n).
 */
export function fitRepurchaseCycles(log: PurchaseLog, options: CycleOptions): RepurchaseCycles {
  const { items, groupOf, priorGaps = 10 } = options;
  if (groupOf.length !== items) {
    throw new ShapeError(`fitRepurchaseCycles: ${items} items but ${groupOf.length} groups`);
  }
  const own = emptySums(items);
  collectGaps(log, own);
  const groups = emptySums(1 + Array.from(groupOf).reduce((max, group) => Math.max(max, group), -1));
  for (let item = 0; item < items; item++) addSums(groups, groupOf[item], own, item);

  const logMean = new Float64Array(items);
  const logDeviation = new Float64Array(items);
  const repeatShare = new Float64Array(items);
  for (let item = 0; item < items; item++) {
    const group = groupOf[item];
    const n = own.gaps[item];
    const groupMean = groups.sum[group] / groups.gaps[group]; // NaN without any gap in the group: then the item has none either
    const groupVariance = Math.max(0, groups.squares[group] / groups.gaps[group] - groupMean ** 2);
    const mean = n > 0 ? own.sum[item] / n : groupMean;
    const scatter = n > 0 ? Math.max(0, own.squares[item] - n * mean ** 2) : 0;
    logMean[item] = (n * mean + priorGaps * groupMean) / (n + priorGaps);
    logDeviation[item] = Math.sqrt((scatter + priorGaps * groupVariance) / (n + priorGaps));
    const groupShare = groups.repeaters[group] / Math.max(1, groups.buyers[group]);
    repeatShare[item] = (own.repeaters[item] + priorGaps * groupShare) / (own.buyers[item] + priorGaps);
  }
  return {
    kind: 'repurchase-cycles',
    version: 1,
    logMean,
    logDeviation,
    gaps: Uint32Array.from(own.gaps),
    repeatShare,
  };
}

/** Quantile of the days until an item is bought again by those who do: 0.5 is the median. NaN where nobody ever came back. */
export function repurchaseQuantile(cycles: RepurchaseCycles, item: number, probability: number): number {
  if (Number.isNaN(cycles.logMean[item])) return Number.NaN;
  return Math.exp(cycles.logMean[item] + cycles.logDeviation[item] * normalQuantile(probability));
}

export type DueOptions = {
  /** The window opens when this share of those who come back have come back… */
  readonly from?: number;
  /** …and closes at this share: who has not come by then is rather lost to this item. */
  readonly to?: number;
  /** Least share of buyers who come back for an item to be one that runs out. */
  readonly leastRepeatShare?: number;
};

export type RepurchaseState =
  /** People buy it once: a teapot. */
  | { readonly kind: 'once' }
  /** Runs out, but not yet. */
  | { readonly kind: 'too-soon'; readonly dueInDays: number }
  | { readonly kind: 'due'; readonly medianDays: number; readonly cameBack: number }
  /** Long past the window. */
  | { readonly kind: 'overdue'; readonly medianDays: number };

/** Where a person stands who bought `item` so many days ago. `cameBack`: share of returning buyers who were back by now. */
export function judgeRepurchase(
  cycles: RepurchaseCycles,
  item: number,
  daysSince: number,
  { from = 0.25, to = 0.9, leastRepeatShare = 0.1 }: DueOptions = {},
): RepurchaseState {
  if (!(daysSince >= 0)) throw new DomainError(`judgeRepurchase: daysSince must be 0 or more, got ${daysSince}`);
  if (!(cycles.repeatShare[item] >= leastRepeatShare) || Number.isNaN(cycles.logMean[item])) return { kind: 'once' };
  const opens = repurchaseQuantile(cycles, item, from);
  const medianDays = repurchaseQuantile(cycles, item, 0.5);
  if (daysSince < opens) return { kind: 'too-soon', dueInDays: opens - daysSince };
  if (daysSince > repurchaseQuantile(cycles, item, to)) return { kind: 'overdue', medianDays };
  const deviation = cycles.logDeviation[item];
  const cameBack = deviation > 0 ? normalProbability((Math.log(daysSince) - cycles.logMean[item]) / deviation) : 0.5;
  return { kind: 'due', medianDays, cameBack };
}

type Sums = {
  readonly gaps: Float64Array;
  readonly sum: Float64Array;
  readonly squares: Float64Array;
  readonly buyers: Float64Array;
  readonly repeaters: Float64Array;
};

function emptySums(n: number): Sums {
  const zeros = () => new Float64Array(n);
  return { gaps: zeros(), sum: zeros(), squares: zeros(), buyers: zeros(), repeaters: zeros() };
}

function addSums(to: Sums, at: number, from: Sums, item: number): void {
  to.gaps[at] += from.gaps[item];
  to.sum[at] += from.sum[item];
  to.squares[at] += from.squares[item];
  to.buyers[at] += from.buyers[item];
  to.repeaters[at] += from.repeaters[item];
}

function collectGaps({ profile, item, day }: PurchaseLog, sums: Sums): void {
  const n = item.length;
  if (profile.length !== n || day.length !== n) {
    throw new ShapeError(
      `fitRepurchaseCycles: profile, item and day must have one length, got ${profile.length}, ${n}, ${day.length}`,
    );
  }
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort(
    (a, b) => profile[a] - profile[b] || item[a] - item[b] || day[a] - day[b],
  );
  let isRepeater = false;
  order.forEach((row, at) => {
    if (!(item[row] < sums.gaps.length)) {
      throw new DomainError(
        `fitRepurchaseCycles: item ${item[row]} of row ${row} is outside ${sums.gaps.length} items`,
      );
    }
    const before = order[at - 1];
    const isSamePair = at > 0 && profile[before] === profile[row] && item[before] === item[row];
    if (!isSamePair) {
      sums.buyers[item[row]]++;
      isRepeater = false;
      return;
    }
    const days = Math.floor(day[row]) - Math.floor(day[before]);
    if (days < 1) return;
    const log = Math.log(days);
    sums.gaps[item[row]]++;
    sums.sum[item[row]] += log;
    sums.squares[item[row]] += log * log;
    if (!isRepeater) sums.repeaters[item[row]]++;
    isRepeater = true;
  });
}
