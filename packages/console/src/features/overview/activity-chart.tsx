import { useCallback } from 'react';
import { buildTrend } from '../../charts/build-trend.ts';
import { ChartCard, type ChartTools, type Drawing } from '../../charts/chart-card.tsx';
import { fillPeriods, listPeriods } from '../../charts/fill-periods.ts';
import { type ChartPanel, countOrDash, numberOf } from '../../charts/panel-values.ts';
import { useFormats } from '../../format/use-formats.ts';
import { findPeak } from './find-peak.ts';
import type { Overview } from './use-overview.ts';
import { useOverviewWords } from './use-overview-words.ts';
import { usePeriodNotes } from './use-period-notes.ts';

export function ActivityChart({ overview }: { readonly overview: Overview }) {
  const { activity, summary, range, granularity } = overview;
  const words = useOverviewWords(overview);
  const { t, formatPeriod } = words;
  const formats = useFormats();
  const { from, to } = range;
  const build = useCallback(
    (panel: ChartPanel, tools: ChartTools): Drawing => {
      const periods = listPeriods(from, to, granularity);
      const rows = fillPeriods(panel.rows, periods);
      const series = [
        { name: t('activity.active'), values: rows.map((row) => numberOf(row, 'active_people')), isArea: true },
        { name: t('activity.new'), values: rows.map((row) => numberOf(row, 'new_people')) },
      ];
      const { count, compact } = tools.formats;
      return {
        option: buildTrend(
          { periods, series, formatPeriod, formatValue: count, formatAxis: compact, isNarrow: tools.isNarrow },
          tools.theme,
        ),
        height: 260,
        legend: tools.isNarrow ? series.map(({ name }, place) => ({ name, place })) : undefined,
      };
    },
    [t, formatPeriod, from, to, granularity],
  );
  const notes = usePeriodNotes(activity.data, overview);
  const peak = findPeak(activity.data, 'active_people');
  return (
    <ChartCard
      title={
        peak
          ? t(granularity === 'day' ? 'activity.finding' : 'activity.findingPeriod', {
              when: formatPeriod(peak.date),
              people: formats.count(peak.value),
              period: words.period,
            })
          : t('activity.title')
      }
      subtitle={t('activity.subtitle', {
        period: words.period,
        range: words.range,
        people: countOrDash(numberOf(summary.data?.rows[0], 'active_people'), formats),
      })}
      query={activity}
      heading={words.heading}
      build={build}
      height={260}
      empty={t('quiet')}
      footnote={notes}
    />
  );
}
