import { useCallback } from 'react';
import { buildTrend } from '../../charts/build-trend.ts';
import { ChartCard, type ChartTools, type Drawing } from '../../charts/chart-card.tsx';
import { fillPeriods, listPeriods } from '../../charts/fill-periods.ts';
import { formatAxisMoney, formatWholeMoney } from '../../charts/format-whole-money.ts';
import { type ChartPanel, countOrDash, currencyOf, numberOf } from '../../charts/panel-values.ts';
import { useFormats } from '../../format/use-formats.ts';
import { findPeak } from './find-peak.ts';
import type { Overview } from './use-overview.ts';
import { useOverviewWords } from './use-overview-words.ts';
import { usePeriodNotes } from './use-period-notes.ts';

export function RevenueChart({ overview }: { readonly overview: Overview }) {
  const { revenue, summary, range, granularity } = overview;
  const words = useOverviewWords(overview);
  const { t, formatPeriod, locale } = words;
  const formats = useFormats();
  const currency = currencyOf(revenue.data) ?? '';
  const { from, to } = range;
  const build = useCallback(
    (panel: ChartPanel, tools: ChartTools): Drawing => {
      const periods = listPeriods(from, to, granularity);
      const rows = fillPeriods(panel.rows, periods);
      const of = currencyOf(panel) ?? 'USD';
      const series = [
        { name: t('revenue.total'), values: rows.map((row) => numberOf(row, 'revenue')), isArea: true },
        { name: t('revenue.returning'), values: rows.map((row) => numberOf(row, 'returning_revenue')) },
      ];
      return {
        option: buildTrend(
          {
            periods,
            series,
            formatPeriod,
            formatValue: (value) => formatWholeMoney(value, of, locale),
            formatAxis: (value) => formatAxisMoney(value, of, locale),
            isNarrow: tools.isNarrow,
          },
          tools.theme,
        ),
        height: 260,
        legend: tools.isNarrow ? series.map(({ name }, place) => ({ name, place })) : undefined,
      };
    },
    [t, formatPeriod, locale, from, to, granularity],
  );
  const notes = usePeriodNotes(revenue.data, overview);
  const peak = findPeak(revenue.data, 'revenue');
  return (
    <ChartCard
      title={
        peak
          ? t('revenue.finding', {
              period: words.period,
              when: formatPeriod(peak.date),
              amount: formatWholeMoney(peak.value, currency || 'USD', locale),
            })
          : t('revenue.title')
      }
      subtitle={t('revenue.subtitle', {
        currency,
        period: words.period,
        range: words.range,
        orders: countOrDash(numberOf(summary.data?.rows[0], 'orders'), formats),
      })}
      query={revenue}
      heading={words.heading}
      build={build}
      height={260}
      empty={t('revenue.empty')}
      footnote={notes}
    />
  );
}
