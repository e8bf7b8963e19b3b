import type { GapHistories } from '@zhiyin/learn';
import type { PurchaseDays } from './read-purchases.ts';

export type PeopleGaps = GapHistories & {
  /** Customer number per entry. */
  readonly customer: Uint32Array;
  readonly gaps: Float64Array;
  readonly gapSum: Float64Array;
  readonly gapLogSum: Float64Array;
  readonly open: Float64Array;
};

/** Times between purchases of everybody who had bought by `until`, in days. */
export function toGaps(purchases: PurchaseDays, until: number): PeopleGaps {
  const entries: { customer: number; gaps: number; sum: number; logs: number; last: number }[] = [];
  purchases.customer.forEach((customer, i) => {
    const day = purchases.day[i]!;
    if (day > until) return;
    const entry = entries.at(-1);
    if (!entry || entry.customer !== customer) {
      entries.push({ customer, gaps: 0, sum: 0, logs: 0, last: day });
      return;
    }
    entry.gaps += 1;
    entry.sum += day - entry.last;
    entry.logs += Math.log(day - entry.last);
    entry.last = day;
  });
  const column = (of: (entry: (typeof entries)[number]) => number) => Float64Array.from(entries, of);
  return {
    customer: Uint32Array.from(entries, ({ customer }) => customer),
    gaps: column(({ gaps }) => gaps),
    gapSum: column(({ sum }) => sum),
    gapLogSum: column(({ logs }) => logs),
    open: column(({ last }) => until - last),
  };
}

/** Every so-manieth entry, for a fit that need not see everybody. */
export function thinGaps(gaps: PeopleGaps, most: number): PeopleGaps {
  const n = gaps.gaps.length;
  if (n <= most) return gaps;
  const at = (i: number) => Math.floor((i * n) / most);
  const take = (values: Float64Array) => Float64Array.from({ length: most }, (_, i) => values[at(i)]!);
  return {
    customer: Uint32Array.from({ length: most }, (_, i) => gaps.customer[at(i)]!),
    gaps: take(gaps.gaps),
    gapSum: take(gaps.gapSum),
    gapLogSum: take(gaps.gapLogSum),
    open: take(gaps.open),
  };
}

/** Own mean gap (or the usual one) less the time since the last purchase: what a person would say off hand. */
export function ownPace({ gaps, gapSum, open }: PeopleGaps, typicalDays: number): Float64Array {
  return open.map((since, i) => Math.max(0, (gaps[i]! > 0 ? gapSum[i]! / gaps[i]! : typicalDays) - since));
}
