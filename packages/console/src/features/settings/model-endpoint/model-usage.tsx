import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { llmUsageQuery } from '../../../api/llm.ts';
import { buildColumns } from '../../../charts/build-columns.ts';
import { buildTrend } from '../../../charts/build-trend.ts';
import { ChartCard, type ChartTools, type Drawing } from '../../../charts/chart-card.tsx';
import { formatPeriod } from '../../../charts/format-date.ts';
import { type ChartPanel, numberOf, textOf } from '../../../charts/panel-values.ts';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import { formatAmount } from './format-amount.ts';
import { formatLatency } from './format-latency.ts';

const days = 30;

/** Calls by day and what they cost, and below it how long answers took. */
export function ModelUsage({ currency }: { currency: string }) {
  const { t } = useTranslation('llm');
  const formats = useFormats();
  const workspace = useWorkspace();
  const usage = useQuery(llmUsageQuery(workspace.id, days));
  const rows = usage.data?.rows ?? [];
  const sum = (key: string) => rows.reduce((total, row) => total + (numberOf(row, key) ?? 0), 0);
  const calls = sum('answered') + sum('failed');
  const heading = (key: string) => t(`column.${key}`, { currency });
  const empty = <p>{t('usageEmpty')}</p>;

  const buildCalls = useCallback(
    (data: ChartPanel, tools: ChartTools): Drawing | null => {
      const series = [
        { key: 'answered', color: tools.theme.good, pattern: 'none' as const },
        { key: 'failed', color: tools.theme.bad, pattern: 'lines' as const },
      ].map((one) => ({
        ...one,
        name: t(`column.${one.key}`),
        values: data.rows.map((row) => numberOf(row, one.key)),
      }));
      if (series.every(({ values }) => values.every((value) => !value))) return null;
      return {
        option: buildColumns(
          {
            categories: data.rows.map((row) => textOf(row, 'day')),
            series,
            formatCategory: (day) => formatPeriod(day, 'day', tools.formats.locale),
            formatValue: tools.formats.count,
            formatAxis: tools.formats.compact,
          },
          tools.theme,
        ),
        height: 220,
        legend: series.map(({ name, color, pattern }) => ({ name, fill: color, pattern })),
      };
    },
    [t],
  );
  const buildLatency = useCallback(
    (data: ChartPanel, tools: ChartTools): Drawing | null => {
      const series = ['latency_median', 'latency_slow'].map((key) => ({
        name: t(`column.${key}`),
        values: data.rows.map((row) => numberOf(row, key)),
      }));
      if (series.every(({ values }) => values.every((value) => value === null))) return null;
      return {
        option: buildTrend(
          {
            periods: data.rows.map((row) => textOf(row, 'day')),
            series,
            isNarrow: tools.isNarrow,
            formatPeriod: (day) => formatPeriod(day, 'day', tools.formats.locale),
            formatValue: (value) => formatLatency(value, tools.formats.locale),
            formatAxis: (value) => formatLatency(value, tools.formats.locale),
          },
          tools.theme,
        ),
        height: 200,
      };
    },
    [t],
  );

  return (
    <>
      <ChartCard
        title={t('usage')}
        subtitle={t('usageSubtitle', {
          days,
          calls: formats.count(calls),
          tokens: formats.count(sum('tokens')),
          amount: formatAmount(sum('amount'), currency, formats.locale),
        })}
        query={usage}
        heading={heading}
        build={buildCalls}
        empty={empty}
        height={220}
      />
      <ChartCard
        title={t('latency')}
        subtitle={t('latencySubtitle', { days })}
        query={usage}
        heading={heading}
        build={buildLatency}
        empty={empty}
        height={200}
      />
    </>
  );
}
