import type { Clustering } from '@zhiyin/contract';
import { useCallback, useMemo } from 'react';
import { buildCurve } from '../../../charts/build-curve.ts';
import { ChartCard, type ChartTools, type Drawing } from '../../../charts/chart-card.tsx';
import { type ChartPanel, numberOf, textOf } from '../../../charts/panel-values.ts';
import { useCustomerWords } from '../use-customer-words.ts';

/** Why so many clusters: how well they keep people apart, and how surely they are found again. */
export function CountCurve({ clustering }: { clustering: Clustering }) {
  const { t } = useCustomerWords();
  const panel = useMemo<ChartPanel>(
    () => ({
      name: 'cluster-count',
      columns: ['k', 'silhouette', 'stability', 'gap', 'gapError', 'inertia'].map((key) => ({ key, type: 'number' })),
      rows: clustering.curve.map(({ k, silhouette, stability, gap, gapError, inertia }) => ({
        k: String(k),
        silhouette: round(silhouette),
        stability: round(stability),
        gap: round(gap),
        gapError: round(gapError),
        inertia: Math.round(inertia),
      })),
      asOf: clustering.at,
    }),
    [clustering],
  );
  const build = useCallback(
    (data: ChartPanel, tools: ChartTools): Drawing => {
      const series = (['silhouette', 'stability'] as const).map((key, place) => ({
        name: t(`heading.${key}`),
        place,
        values: data.rows.map((row) => numberOf(row, key)),
      }));
      return {
        option: buildCurve(
          {
            steps: data.rows.map((row) => textOf(row, 'k')),
            series,
            formatValue: (value) => value.toFixed(2),
            chosen: data.rows.findIndex((row) => textOf(row, 'k') === String(clustering.k)),
          },
          tools.theme,
        ),
        height: 240,
        legend: series.map(({ name, place }) => ({ name, place })),
      };
    },
    [t, clustering.k],
  );
  return (
    <ChartCard
      title={t(clustering.kChosen ? 'curve.chosen' : 'curve.given', { count: clustering.k })}
      subtitle={t('curve.subtitle')}
      query={{ data: panel, error: null, isPlaceholderData: false, refetch: () => undefined }}
      heading={(key) => t(`heading.${key}`)}
      build={build}
      height={240}
      empty={t('clusters.empty')}
      footnote={t('curve.footnote')}
    />
  );
}

const round = (value: number) => Math.round(value * 1_000) / 1_000;
