import type { Locale } from '@zhiyin/contract';
import { compactParts } from './format-count.ts';

/** Digits of the minor unit: 2 for CNY, 0 for JPY, 3 for KWD. */
export function minorDigits(currency: string): number {
  try {
    return (
      new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }).resolvedOptions()
        .maximumFractionDigits ?? 2
    );
  } catch {
    return 2;
  }
}

export const toMajor = (minor: number, currency: string): number => minor / 10 ** minorDigits(currency);

/** 52000 CNY → "¥520.00" in Chinese, "¥520.00" in English. */
export function formatMoney(minor: number, currency: string, locale: Locale): string {
  const amount = toMajor(minor, currency);
  try {
    return new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }).format(
      amount,
    );
  } catch {
    return `${currency} ${amount}`;
  }
}

/** For tiles and axes: "¥1.25 万", "¥12.5 k". */
export function formatMoneyCompact(minor: number, currency: string, locale: Locale): string {
  const amount = toMajor(minor, currency);
  try {
    if (Math.abs(amount) < 10_000) {
      return new Intl.NumberFormat(locale, {
        style: 'currency',
        currency,
        currencyDisplay: 'narrowSymbol',
        maximumFractionDigits: 0,
      }).format(amount);
    }
    return compactParts(amount, locale, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' });
  } catch {
    return `${currency} ${compactParts(amount, locale, {})}`;
  }
}
