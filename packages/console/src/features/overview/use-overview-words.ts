import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDayRange, formatPeriod } from '../../charts/format-date.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import type { Overview } from './use-overview.ts';

/** Words that all charts of the overview share. */
export function useOverviewWords({ range, granularity }: Pick<Overview, 'range' | 'granularity'>) {
  const { t } = useTranslation('overview');
  const locale = useLanguage();
  const { from, to } = range;
  return useMemo(
    () => ({
      t,
      locale,
      range: formatDayRange(from, to, locale),
      period: t(`period.${granularity}`),
      formatPeriod: (date: string) => formatPeriod(date, granularity, locale),
      heading: (key: string) => t(`columns.${key}`, { defaultValue: key }),
    }),
    [t, locale, from, to, granularity],
  );
}
