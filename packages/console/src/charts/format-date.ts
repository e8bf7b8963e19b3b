import type { Locale, OverviewQuery } from '@zhiyin/contract';

/** `2026-11-22` as 22 Nov or 11月22日; months as Nov 2026 or 2026年11月. Days are calendar days, no time zone applies. */
export function formatPeriod(date: string, granularity: OverviewQuery['granularity'], locale: Locale): string {
  const at = Date.parse(date);
  if (Number.isNaN(at)) return date;
  const options: Intl.DateTimeFormatOptions =
    granularity === 'month' ? { year: 'numeric', month: 'short' } : { month: 'short', day: 'numeric' };
  return dateFormat(locale, options).format(at);
}

/** 24 Oct – 22 Nov 2026, from a half-open range. */
export function formatDayRange(from: string, to: string, locale: Locale): string {
  const start = Date.parse(from);
  const last = Date.parse(to) - 86_400_000;
  if (Number.isNaN(start) || Number.isNaN(last)) return `${from} – ${to}`;
  return dateFormat(locale, { year: 'numeric', month: 'short', day: 'numeric' }).formatRange(
    start,
    Math.max(start, last),
  );
}

function dateFormat(locale: Locale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  // en-GB: day before month, which is not mistaken for anything by readers outside America.
  return new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, { ...options, timeZone: 'UTC' });
}
