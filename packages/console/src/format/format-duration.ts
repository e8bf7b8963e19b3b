import type { Locale } from '@zhiyin/contract';

/** "45 s", "3 min", "2 h", "5 d" / "45 秒" …: the largest unit that fits, for ages and time left. */
export function formatDuration(milliseconds: number, locale: Locale): string {
  const seconds = milliseconds / 1_000;
  if (seconds > 0 && seconds < 0.5) return `< ${formatDuration(1_000, locale)}`; // 0 would say that it took no time
  const [value, unit] =
    seconds < 60
      ? ([seconds, 'second'] as const)
      : seconds < 3_600
        ? ([seconds / 60, 'minute'] as const)
        : seconds < 86_400
          ? ([seconds / 3_600, 'hour'] as const)
          : ([seconds / 86_400, 'day'] as const);
  const digits = value < 10 && unit !== 'second' ? 1 : 0;
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: digits,
  }).format(value);
}

/** "1.4 MB". */
export function formatBytes(bytes: number, locale: Locale): string {
  const names = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
  const step = bytes < 1 ? 0 : Math.min(names.length - 1, Math.floor(Math.log10(bytes) / 3));
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: names[step],
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: 1,
  }).format(bytes / 1_000 ** step);
}
