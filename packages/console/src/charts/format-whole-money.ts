import type { Locale } from '@zhiyin/contract';
import { compactParts } from '../format/format-count.ts';
import { formatMoney, toMajor } from '../format/format-money.ts';

/** ¥1,204,300: for sentences and tiles, where cents distract. Below 1,000 they are shown, unless there are none. */
export function formatWholeMoney(minor: number, currency: string, locale: Locale): string {
  const amount = toMajor(minor, currency);
  if (Math.abs(amount) < 1_000 && !Number.isInteger(amount)) return formatMoney(minor, currency, locale);
  try {
    return new Intl.NumberFormat(locale, {
      style: 'currency',
      currency,
      currencyDisplay: 'narrowSymbol',
      maximumFractionDigits: 0,
    }).format(amount);
  } catch {
    return formatMoney(minor, currency, locale);
  }
}

/** ¥12.4k or ¥1.2万: for axes. */
export function formatAxisMoney(minor: number, currency: string, locale: Locale): string {
  const amount = toMajor(minor, currency);
  if (Math.abs(amount) < 1_000) return formatWholeMoney(Math.round(amount) * (minor / (amount || 1)), currency, locale);
  try {
    return compactParts(amount, locale, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' });
  } catch {
    return formatMoney(minor, currency, locale);
  }
}
