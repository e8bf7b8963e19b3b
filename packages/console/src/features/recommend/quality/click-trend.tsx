import type { RecommendQuality } from '@zhiyin/contract';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ChartCard, type ChartTools, type Drawing } from '../../../charts/chart-card.tsx';
import { fillPeriods, listPeriods } from '../../../charts/fill-periods.ts';
import { formatDayRange, formatPeriod } from '../../../charts/format-date.ts';
import { type ChartPanel, numberOf } from '../../../charts/panel-values.ts';
import type { DayRange } from '../../../components/range.ts';
import { useFormats } from '../../../format/use-formats.ts';
import { wilsonInterval } from '../wilson-interval.ts';
import { buildBandTrend } from './build-band-trend.ts';
import { panelQueryOf } from './panel-query.ts';

/** Share of answers that were clicked, day by day, with what chance alone would allow around it. */
export function ClickTrend({ quality, range }: { readonly quality: RecommendQuality; readonly range: DayRange }) {
  const { t } = useTranslation('recommend');
  const formats = useFormats();
  const { from, to } = range;
  const panel = useMemo<ChartPanel>(
    () => ({
      name: 'recommend-clicks',
      columns: [
        { key: 'date', type: 'date' },
        { key: 'answers', type: 'number' },
        { key: 'clicks', type: 'number' },
        { key: 'conversions', type: 'number' },
        { key: 'clickRate', type: 'rate' },
        { key: 'low', type: 'rate' },
        { key: 'high', type: 'rate' },
      ],
      rows: sumDays(quality.days).map((day) => {
        const rate = wilsonInterval(day.clicks, day.answers);
        return { ...day, clickRate: rate?.value ?? null, low: rate?.low ?? null, high: rate?.high ?? null };
      }),
      asOf: quality.asOf,
      ...panelQueryOf(quality),
    }),
    [quality],
  );
  const build = useCallback(
    (data: ChartPanel, tools: ChartTools): Drawing => {
      const days = listPeriods(from, to, 'day');
      const rows = fillPeriods(data.rows, days);
      const values = (key: string) => rows.map((row) => numberOf(row, key));
      return {
        option: buildBandTrend(
          {
            periods: days,
            name: t('quality.clickRate'),
            values: values('clickRate'),
            low: values('low'),
            high: values('high'),
            formatPeriod: (day) => formatPeriod(day, 'day', tools.formats.locale),
            formatValue: (value) => tools.formats.rate(value, 1),
            formatAxis: (value) => tools.formats.rate(value),
            isNarrow: tools.isNarrow,
          },
          tools.theme,
        ),
        height: 260,
      };
    },
    [from, to, t],
  );
  const answers = quality.days.reduce((sum, day) => sum + day.answers, 0);
  return (
    <ChartCard
      title={t('quality.trendTitle')}
      subtitle={t('quality.trendSubtitle', {
        range: formatDayRange(from, to, formats.locale),
        count: answers,
        shown: formats.count(answers),
      })}
      query={{ data: panel, error: null, isPlaceholderData: false, refetch: () => undefined }}
      heading={(key) => t(`quality.heading.${key}`)}
      build={build}
      height={260}
      empty={t('quality.trendEmpty')}
    />
  );
}

function sumDays(days: RecommendQuality['days']) {
  const sums = new Map<string, { date: string; answers: number; clicks: number; conversions: number }>();
  for (const { day, answers, clicks, conversions } of days) {
    const sum = sums.get(day) ?? { date: day, answers: 0, clicks: 0, conversions: 0 };
    sums.set(day, {
      date: day,
      answers: sum.answers + answers,
      clicks: sum.clicks + clicks,
      conversions: sum.conversions + conversions,
    });
  }
  return [...sums.values()].sort((a, b) => a.date.localeCompare(b.date));
}
