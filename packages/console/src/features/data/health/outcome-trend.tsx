import type { Health } from '@zhiyin/contract';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { buildColumns } from '../../../charts/build-columns.ts';
import { ChartCard, type ChartTools, type Drawing } from '../../../charts/chart-card.tsx';
import { fillPeriods, listPeriods } from '../../../charts/fill-periods.ts';
import { formatDayRange, formatPeriod } from '../../../charts/format-date.ts';
import { type ChartPanel, numberOf } from '../../../charts/panel-values.ts';
import type { DayRange } from '../../../components/range.ts';
import { useFormats } from '../../../format/use-formats.ts';

/** What became of records, day by day. */
export function OutcomeTrend({ health, range }: { readonly health: Health; readonly range: DayRange }) {
  const { t } = useTranslation('data');
  const formats = useFormats();
  const { from, to } = range;
  const panel = useMemo<ChartPanel>(
    () => ({
      name: 'outcomes',
      columns: [
        { key: 'date', type: 'date' },
        { key: 'valid', type: 'number' },
        { key: 'duplicate', type: 'number' },
        { key: 'quarantined', type: 'number' },
      ],
      rows: health.days.map(({ day, ...counts }) => ({ date: day, ...counts })),
      query: health.queries.outcomes,
      asOf: health.asOf,
    }),
    [health],
  );
  const build = useCallback(
    (data: ChartPanel, tools: ChartTools): Drawing => {
      const days = listPeriods(from, to, 'day');
      const rows = fillPeriods(data.rows, days);
      const series = [
        { key: 'valid', color: tools.theme.good, pattern: 'none' as const },
        { key: 'duplicate', color: tools.theme.faint, pattern: 'dots' as const },
        { key: 'quarantined', color: tools.theme.bad, pattern: 'lines' as const },
      ].map((one) => ({ ...one, name: t(`outcome.${one.key}`), values: rows.map((row) => numberOf(row, one.key)) }));
      return {
        option: buildColumns(
          {
            categories: days,
            series,
            formatCategory: (day) => formatPeriod(day, 'day', tools.formats.locale),
            formatValue: tools.formats.count,
            formatAxis: tools.formats.compact,
          },
          tools.theme,
        ),
        height: 240,
        legend: series.map(({ name, color, pattern }) => ({ name, fill: color, pattern })),
      };
    },
    [from, to, t],
  );
  const all = health.days.reduce((sum, { valid, duplicate, quarantined }) => sum + valid + duplicate + quarantined, 0);
  const worst = health.days.reduce<Health['days'][number] | null>(
    (most, day) => (day.quarantined > (most?.quarantined ?? 0) ? day : most),
    null,
  );
  return (
    <ChartCard
      title={
        worst
          ? t('health.trendFinding', {
              when: formatPeriod(worst.day, 'day', formats.locale),
              records: formats.count(worst.quarantined),
            })
          : t(all > 0 ? 'health.trendClean' : 'health.trendTitle')
      }
      subtitle={t('health.trendSubtitle', {
        range: formatDayRange(from, to, formats.locale),
        records: formats.count(all),
      })}
      query={{ data: panel, error: null, isPlaceholderData: false, refetch: () => undefined }}
      heading={(key) => (key === 'date' ? t('health.day') : t(`outcome.${key}`))}
      build={build}
      height={240}
      empty={t('health.trendEmpty')}
    />
  );
}
