import type { Locale } from '@zhiyin/contract';

/** 0.0834 → "8.3 %" in English, "8.3%" in Chinese. Rates run 0 to 1; percent exists only on screens. */
export function formatRate(rate: number, locale: Locale, digits = 1): string {
  const text = new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(rate * 100);
  return locale === 'en' ? `${text}\u202f%` : `${text}%`;
}

/** Relative change with its sign: +8.3 %, −2 %. Null when there is nothing to compare with. */
export function computeChange(now: number, before: number): number | null {
  return before === 0 ? null : (now - before) / Math.abs(before);
}

/** "+8.3 %": the sign is always there, and minus is a real minus. */
export function formatChange(change: number, locale: Locale): string {
  const sign = change > 0 ? '+' : change < 0 ? '−' : '±';
  return `${sign}${formatRate(Math.abs(change), locale)}`;
}
