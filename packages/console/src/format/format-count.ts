import type { Locale } from '@zhiyin/contract';

/** 12480 → "12,480"; decimals as given, at most two. */
export const formatCount = (value: number, locale: Locale): string =>
  new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(value);

/** 12480 → "12.5 k", "1.2 万". Below 10,000 nothing is shortened: four digits read as fast as three and a letter. */
export function formatCompact(value: number, locale: Locale): string {
  if (Math.abs(value) < 10_000)
    return new Intl.NumberFormat(locale, { maximumFractionDigits: Math.abs(value) < 100 ? 1 : 0 }).format(value);
  const parts = compactParts(value, locale, {});
  return parts;
}

/** The parts of a compact number joined with a thin space before the unit, which is k, M, bn in English. */
export function compactParts(value: number, locale: Locale, options: Intl.NumberFormatOptions): string {
  return new Intl.NumberFormat(locale, { notation: 'compact', maximumSignificantDigits: 3, ...options })
    .formatToParts(value)
    .map((part) => (part.type === 'compact' ? `\u202f${englishUnits[part.value] ?? part.value}` : part.value))
    .join('')
    .replace(/\s*\u202f/, '\u202f');
}

const englishUnits: Readonly<Record<string, string>> = { K: 'k', M: 'M', B: 'bn', T: 'tn' };
