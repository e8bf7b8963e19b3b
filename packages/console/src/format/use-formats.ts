import { useMemo } from 'react';
import { useWorkspaceOrNull } from '../components/workspace-context.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { formatCompact, formatCount } from './format-count.ts';
import { formatBytes, formatDuration } from './format-duration.ts';
import { formatDate, formatDay, formatExact, formatRelative, formatTime } from './format-instant.ts';
import { formatMoney, formatMoneyCompact } from './format-money.ts';
import { formatChange, formatRate } from './format-rate.ts';

/** All formats, bound to the page's language and the workspace's time zone and currency. */
export function useFormats() {
  const locale = useLanguage();
  const workspace = useWorkspaceOrNull();
  const timeZone = workspace?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const ownCurrency = workspace?.currency ?? 'USD';
  return useMemo(
    () => ({
      locale,
      timeZone,
      count: (value: number) => formatCount(value, locale),
      compact: (value: number) => formatCompact(value, locale),
      money: (minor: number, currency = ownCurrency) => formatMoney(minor, currency, locale),
      moneyCompact: (minor: number, currency = ownCurrency) => formatMoneyCompact(minor, currency, locale),
      rate: (rate: number, digits?: number) => formatRate(rate, locale, digits),
      change: (change: number) => formatChange(change, locale),
      relative: (instant: string, now = new Date()) => formatRelative(instant, now, locale),
      exact: (instant: string) => formatExact(instant, timeZone, locale),
      time: (instant: string) => formatTime(instant, timeZone, locale),
      day: (instant: string) => formatDay(instant, timeZone, locale),
      date: (day: string, style?: 'medium' | 'short') => formatDate(day, locale, style),
      duration: (milliseconds: number) => formatDuration(milliseconds, locale),
      bytes: (bytes: number) => formatBytes(bytes, locale),
    }),
    [locale, timeZone, ownCurrency],
  );
}
export type Formats = ReturnType<typeof useFormats>;
