import type { Locale } from '@zhiyin/contract';

const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['week', 7 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];
/** A unit is used from two of it on ("9 days ago", not "last week"); minutes, hours and days from one. */
const leastOf: Partial<Record<Intl.RelativeTimeFormatUnit, number>> = { week: 2, month: 2 };

/** "3 hours ago", "3小时前"; under a minute "just now". */
export function formatRelative(instant: string | Date, now: Date, locale: Locale): string {
  const seconds = (new Date(instant).getTime() - now.getTime()) / 1_000;
  for (const [unit, size] of units) {
    if (Math.abs(seconds) < size * (leastOf[unit] ?? 1)) continue;
    // "yesterday" reads better than "1 day ago", but "last year" may be two months or twenty-three ago.
    const format = new Intl.RelativeTimeFormat(locale, { numeric: unit === 'day' ? 'auto' : 'always' });
    return format.format(Math.trunc(seconds / size), unit);
  }
  return locale === 'zh-CN' ? '刚刚' : 'just now';
}

/** To the second, with the zone said: "19 Nov 2026, 14:05:09 (Asia/Shanghai, GMT+8)". */
export function formatExact(instant: string | Date, timeZone: string, locale: Locale): string {
  const date = new Date(instant);
  const text = new Intl.DateTimeFormat(dateLocale(locale), {
    dateStyle: 'medium',
    timeStyle: 'medium',
    hour12: false,
    timeZone,
  }).format(date);
  const offset = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'shortOffset' })
    .formatToParts(date)
    .find((part) => part.type === 'timeZoneName')?.value;
  const zone = offset && offset !== timeZone ? `${timeZone}, ${offset}` : timeZone;
  return locale === 'zh-CN' ? `${text}\uff08${zone}\uff09` : `${text} (${zone})`;
}

/** "14:05" */
export const formatTime = (instant: string | Date, timeZone: string, locale: Locale): string =>
  new Intl.DateTimeFormat(dateLocale(locale), { hour: '2-digit', minute: '2-digit', hour12: false, timeZone }).format(
    new Date(instant),
  );

/** "19 Nov 2026", "2026年11月19日", of an instant in the workspace's zone. */
export const formatDay = (instant: string | Date, timeZone: string, locale: Locale): string =>
  new Intl.DateTimeFormat(dateLocale(locale), { dateStyle: 'medium', timeZone }).format(new Date(instant));

/** A calendar day (`2026-11-19`), which has no zone. */
export const formatDate = (day: string, locale: Locale, style: 'medium' | 'short' = 'medium'): string =>
  style === 'medium'
    ? formatDay(`${day}T00:00:00Z`, 'UTC', locale)
    : new Intl.DateTimeFormat(dateLocale(locale), { month: 'short', day: 'numeric', timeZone: 'UTC' }).format(
        new Date(`${day}T00:00:00Z`),
      );

/** `2026-11-19`: the calendar day of an instant in a zone. */
export const dayOf = (instant: string | Date, timeZone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    new Date(instant),
  );

/** English dates with the day first and no comma riddles: 19 Nov 2026. */
const dateLocale = (locale: Locale) => (locale === 'en' ? 'en-GB' : locale);
