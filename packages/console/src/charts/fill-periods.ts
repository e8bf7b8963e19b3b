import type { OverviewQuery } from '@zhiyin/contract';

type Granularity = OverviewQuery['granularity'];
const dayMs = 86_400_000;
/** More points than any screen has columns; a guard against a range typed by hand. */
const periodsMax = 4_000;

/**
 * Every period that touches `[from, to)`, as the first day of each: days as they are, weeks from
 * Monday, months from the 1st. A chart is drawn over these, so a period without data is a gap.
 */
export function listPeriods(from: string, to: string, granularity: Granularity): string[] {
  const end = Date.parse(to);
  const periods: string[] = [];
  let at = startOfPeriod(Date.parse(from), granularity);
  while (at < end && periods.length < periodsMax) {
    periods.push(new Date(at).toISOString().slice(0, 10));
    at = nextPeriod(at, granularity);
  }
  return periods;
}

/** Rows keyed by their `date` laid over the periods; null where there is no row. */
export function fillPeriods<Row extends Readonly<Record<string, unknown>>>(
  rows: readonly Row[],
  periods: readonly string[],
): (Row | null)[] {
  const byDate = new Map(rows.map((row) => [String(row.date).slice(0, 10), row]));
  return periods.map((period) => byDate.get(period) ?? null);
}

/** Is the period cut off by the range, so that its number is lower than a whole one's would be? */
export function isPartialPeriod(period: string, from: string, to: string, granularity: Granularity): boolean {
  const start = Date.parse(period);
  return start < Date.parse(from) || nextPeriod(start, granularity) > Date.parse(to);
}

function startOfPeriod(at: number, granularity: Granularity): number {
  const date = new Date(at);
  if (granularity === 'month') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  if (granularity === 'week') return at - ((date.getUTCDay() + 6) % 7) * dayMs;
  return at;
}

function nextPeriod(at: number, granularity: Granularity): number {
  const date = new Date(at);
  if (granularity === 'month') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
  return at + (granularity === 'week' ? 7 : 1) * dayMs;
}
