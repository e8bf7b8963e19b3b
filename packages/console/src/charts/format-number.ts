import type { Locale } from '@zhiyin/contract';

/** 12,480 */
export function formatCount(value: number, locale: Locale): string {
  return number(locale, 'count', { maximumFractionDigits: 0 }).format(value);
}

/** 12k or 1.2万: for axes and narrow places; small numbers stay whole. */
export function formatCompact(value: number, locale: Locale): string {
  if (Math.abs(value) < (locale === 'zh-CN' ? 10_000 : 1_000)) {
    return number(locale, 'small', { maximumFractionDigits: 1 }).format(value);
  }
  const text = number(locale, 'compact', { notation: 'compact', maximumFractionDigits: 1 }).format(value);
  return locale === 'en' ? text.replace('K', 'k') : text;
}

/** ¥1,204,300 from 120430000 minor units. Cents are shown below 1,000 and left out above, where they only distract. */
export function formatMoney(minor: number, currency: string, locale: Locale, precision: Precision = 'auto'): string {
  const major = toMajorUnits(minor, currency);
  if (precision === 'compact') {
    return money(locale, currency, { notation: 'compact', maximumFractionDigits: 1 }).format(major).replace('K', 'k');
  }
  const isWhole = precision === 'auto' && (Math.abs(major) >= 1_000 || Number.isInteger(major));
  return money(locale, currency, isWhole ? { maximumFractionDigits: 0, minimumFractionDigits: 0 } : {}).format(major);
}
type Precision = 'auto' | 'exact' | 'compact';

export function toMajorUnits(minor: number, currency: string): number {
  return minor / 10 ** minorDigits(currency);
}

/** 8% or 8.4% below ten, from a rate of 0 to 1. */
export function formatRate(rate: number, locale: Locale): string {
  const digits = Math.abs(rate) < 0.1 && rate !== 0 ? 1 : 0;
  return number(locale, `rate${digits}`, { style: 'percent', maximumFractionDigits: digits }).format(rate);
}

/** +8% or −8%, with the sign always there; 0% without one. */
export function formatChange(change: number, locale: Locale): string {
  const digits = Math.abs(change) < 0.1 ? 1 : 0;
  return number(locale, `change${digits}`, {
    style: 'percent',
    maximumFractionDigits: digits,
    signDisplay: 'exceptZero',
  })
    .format(change)
    .replace('-', '−');
}

/** How much more than before, as a rate; null when there was nothing before to compare with. */
export function computeChange(current: number, previous: number | null | undefined): number | null {
  if (previous === null || previous === undefined || previous === 0) return null;
  return (current - previous) / Math.abs(previous);
}

function money(locale: Locale, currency: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `money${currency}${JSON.stringify(options)}`;
  try {
    return number(locale, key, { style: 'currency', currency, currencyDisplay: 'narrowSymbol', ...options });
  } catch {
    return number(locale, `plain${JSON.stringify(options)}`, { maximumFractionDigits: 2, ...options });
  }
}

function minorDigits(currency: string): number {
  return money('en', currency, {}).resolvedOptions().maximumFractionDigits ?? 2;
}

// Making an Intl.NumberFormat is slow enough to feel in a table of a thousand cells.
const formats = new Map<string, Intl.NumberFormat>();
function number(locale: Locale, name: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale} ${name}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(locale, options);
    formats.set(key, format);
  }
  return format;
}
