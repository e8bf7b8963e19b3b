import type { Locale } from '@zhiyin/contract';

/** Money of single calls is far below a coin: as many digits as it needs, at most six. */
export function formatAmount(amount: number, currency: string, locale: Locale): string {
  const digits = amount === 0 || Math.abs(amount) >= 1 ? 2 : 6;
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    maximumFractionDigits: digits,
  }).format(amount);
}
