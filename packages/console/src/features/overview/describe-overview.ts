import type { Locale, Panel } from '@zhiyin/contract';
import { formatWholeMoney } from '../../charts/format-whole-money.ts';
import { currencyOf, numberOf } from '../../charts/panel-values.ts';
import { formatCount } from '../../format/format-count.ts';
import { formatDate } from '../../format/format-instant.ts';
import { computeChange, formatRate } from '../../format/format-rate.ts';

/** A piece of a sentence: a key of `overview.json` and what goes into it. */
export type Clause = { readonly key: string; readonly values: Readonly<Record<string, string | number>> };

type Input = {
  readonly summary: Panel;
  readonly range: { readonly from: string; readonly to: string };
  /** The day of the last event: a range that ends with it is "the last n days". */
  readonly lastDay: string;
  /** The day of the first event: a range before it that reaches further back is not compared with. */
  readonly firstDay?: string;
  readonly locale: Locale;
};

/** A change smaller than this is called "about the same": half a percent is less than two ordinary weeks differ. */
const sameBelow = 0.005;

/**
 * The overview's answer as clauses, to be joined in order: how much revenue (or, for a brand without
 * orders, how many people), how that compares, and how much of it came from returning customers.
 */
export function describeOverview({ summary, range, lastDay, firstDay, locale }: Input): Clause[] {
  const row = summary.rows[0];
  const value = (key: string) => numberOf(row, key) ?? 0;
  const days = Math.max(1, Math.round((Date.parse(range.to) - Date.parse(range.from)) / 86_400_000));
  const last = previousDay(range.to);
  // Days of this year need no year; others would be read as this year's.
  const isThisYear = [range.from, last].every((day) => day.slice(0, 4) === lastDay.slice(0, 4));
  const say = (day: string) => formatDate(day, locale, isThisYear ? 'short' : 'medium');
  const period = {
    period: last === lastDay ? 'last' : 'between',
    count: days,
    from: say(range.from),
    to: say(last),
  };
  if (value('events') === 0) return [{ key: `nothing.${period.period}`, values: period }];

  const hasOrders = value('orders') > 0 || value('previous_orders') > 0;
  const measure = hasOrders ? 'revenue' : 'active_people';
  const amount = hasOrders
    ? formatWholeMoney(value('revenue'), currencyOf(summary) ?? 'USD', locale)
    : formatCount(value('active_people'), locale);
  const clauses: Clause[] = [
    { key: `${hasOrders ? 'revenue' : 'people'}.${period.period}`, values: { ...period, amount } },
    describeChange(
      isComparable(range, firstDay),
      computeChange(value(measure), value(`previous_${measure}`)),
      days,
      locale,
    ),
  ];
  if (hasOrders && value('revenue') > 0 && numberOf(row, 'returning_revenue') !== null) {
    // Both are after refunds. Refunds of first orders can leave the part larger than the whole.
    const share = Math.min(1, Math.max(0, value('returning_revenue') / value('revenue')));
    clauses.push(
      share === 0
        ? { key: 'returningNone', values: {} }
        : { key: 'returning', values: { share: formatRate(share, locale, 0) } },
    );
  } else if (!hasOrders) {
    clauses.push({ key: 'noOrders', values: {} });
  }
  // That there is nothing fair to compare with is an aside, and comes last.
  const aside = clauses[1];
  return aside?.key === 'change.partial' ? [...clauses.filter((clause) => clause !== aside), aside] : clauses;
}

/** Does the equally long range before this one have data from its beginning? Half a range would make any growth look huge. */
export function isComparable(range: Input['range'], firstDay: string | undefined): boolean {
  if (firstDay === undefined) return true;
  const from = Date.parse(range.from);
  const before = from - (Date.parse(range.to) - from);
  // Nothing at all before is said in its own words.
  return firstDay >= range.from || Date.parse(firstDay) <= before;
}

function describeChange(comparable: boolean, change: number | null, days: number, locale: Locale): Clause {
  if (!comparable) return { key: 'change.partial', values: { count: days } };
  if (change === null) return { key: 'change.first', values: { count: days } };
  if (Math.abs(change) < sameBelow) return { key: 'change.same', values: { count: days } };
  const rate = formatRate(Math.abs(change), locale, Math.abs(change) < 0.1 ? 1 : 0);
  return { key: change > 0 ? 'change.up' : 'change.down', values: { count: days, rate } };
}

function previousDay(day: string): string {
  return new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
}
