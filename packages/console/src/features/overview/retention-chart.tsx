import { useCallback, useMemo } from 'react';
import { buildHeatMap } from '../../charts/build-heat-map.ts';
import { ChartCard, type ChartTools, type Drawing } from '../../charts/chart-card.tsx';
import { formatPeriod } from '../../charts/format-date.ts';
import type { ChartPanel } from '../../charts/panel-values.ts';
import { useFormats } from '../../format/use-formats.ts';
import { readRetention } from './read-retention.ts';
import type { Overview } from './use-overview.ts';
import { useOverviewWords } from './use-overview-words.ts';

export function RetentionChart({ overview }: { readonly overview: Overview }) {
  const words = useOverviewWords(overview);
  const { t, locale } = words;
  const formats = useFormats();
  const retention = useMemo(() => readRetention(overview.retention.data), [overview.retention.data]);
  const build = useCallback(
    (panel: ChartPanel, tools: ChartTools): Drawing | null => {
      const { cohorts, weeks, cells } = readRetention(panel, 12, tools.isNarrow ? 6 : 12);
      if (cells.length === 0) return null;
      const { count, rate } = tools.formats;
      const week = (cohort: string) => formatPeriod(cohort, 'week', locale);
      const row = new Map(cohorts.map(({ cohort }, index) => [cohort, index]));
      return {
        option: buildHeatMap(
          {
            columns: weeks.map((number) => t('retention.week', { week: number })),
            rows: cohorts.map(({ cohort, size }) => t('retention.cohort', { week: week(cohort), size: count(size) })),
            cells: cells.map((cell) => ({
              x: cell.week - 1,
              y: row.get(cell.cohort) ?? 0,
              rate: cell.rate,
              tooltip: t('retention.tooltip', {
                cohort: week(cell.cohort),
                size: count(cell.size),
                people: count(cell.people),
                rate: rate(cell.rate),
                week: cell.week,
              }),
            })),
            formatRate: (value) => rate(value, 0),
            rowWidth: 108,
            isNarrow: false,
          },
          tools.theme,
        ),
        height: 32 + cohorts.length * 28,
      };
    },
    [t, locale],
  );
  return (
    <ChartCard
      title={
        retention.nextWeekRate === null
          ? t('retention.title')
          : t('retention.finding', { rate: formats.rate(retention.nextWeekRate, 0) })
      }
      subtitle={t('retention.subtitle', {
        range: words.range,
        people: formats.count(retention.cohorts.reduce((sum, { size }) => sum + size, 0)),
      })}
      query={overview.retention}
      heading={words.heading}
      build={build}
      height={260}
      empty={t('retention.empty')}
      footnote={retention.cells.length > 0 ? t('retention.footnote') : null}
    />
  );
}
