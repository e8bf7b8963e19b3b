import type { Locale } from '@zhiyin/contract';

/** 240 → "240 ms", 1530 → "1.5 s". */
export function formatLatency(milliseconds: number, locale: Locale): string {
  const [value, unit, digits] =
    milliseconds < 1_000 ? ([milliseconds, 'millisecond', 0] as const) : ([milliseconds / 1_000, 'second', 1] as const);
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: digits,
  }).format(value);
}
