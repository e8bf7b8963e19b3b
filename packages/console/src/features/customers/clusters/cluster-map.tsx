import type { Clustering } from '@zhiyin/contract';
import { useCallback, useMemo } from 'react';
import { buildScatter } from '../../../charts/build-scatter.ts';
import { ChartCard, type ChartTools, type Drawing } from '../../../charts/chart-card.tsx';
import { type ChartPanel, numberOf } from '../../../charts/panel-values.ts';
import { useCustomerWords } from '../use-customer-words.ts';

/** People as points, alike ones close together. */
export function ClusterMap({ clustering }: { clustering: Clustering }) {
  const { t, formats, clusterName, featureName } = useCustomerWords(clustering.features);
  const names = new Map(clustering.clusters.map((cluster) => [cluster.key, clusterName(cluster)]));
  const named = JSON.stringify([...names]);
  const panel = useMemo<ChartPanel>(
    () => ({
      name: 'cluster-map',
      columns: [
        { key: 'cluster', type: 'text' },
        { key: 'x', type: 'number' },
        { key: 'y', type: 'number' },
      ],
      rows: clustering.map.points.map(([x, y, key]) => ({ cluster: String(key), x, y })),
      asOf: clustering.at,
    }),
    [clustering],
  );
  const build = useCallback(
    (data: ChartPanel, tools: ChartTools): Drawing => {
      const nameOf = new Map(JSON.parse(named) as [number, string][]);
      return {
        option: buildScatter(
          clustering.clusters.map(({ key }, place) => ({
            name: nameOf.get(key) ?? String(key),
            place,
            points: data.rows
              .filter((row) => row.cluster === String(key))
              .map((row) => [numberOf(row, 'x') ?? 0, numberOf(row, 'y') ?? 0] as const),
          })),
          tools.theme,
        ),
        height: tools.isNarrow ? 320 : 440,
      };
    },
    [clustering, named],
  );
  const sayAxis = (axis: number) =>
    (clustering.map.axes[axis] ?? [])
      .slice(0, 2)
      .map(({ feature, weight }) => t(weight > 0 ? 'map.more' : 'map.less', { feature: featureName(feature) }))
      .join(t('nameGap'));
  return (
    <ChartCard
      title={t('map.title', { count: clustering.k })}
      subtitle={t('map.subtitle', {
        count: clustering.people,
        people: formats.count(clustering.people),
        shown: formats.count(clustering.map.points.length),
        day: formats.day(clustering.at),
      })}
      query={{ data: panel, error: null, isPlaceholderData: false, refetch: () => undefined }}
      heading={(key) => t(`heading.${key}`)}
      word={(key, value) => (key === 'cluster' ? (names.get(Number(value)) ?? value) : value)}
      build={build}
      height={440}
      empty={t('clusters.empty')}
      footnote={t('map.axes', {
        x: sayAxis(0),
        y: sayAxis(1),
        share: formats.rate(
          clustering.map.shares.reduce((sum, share) => sum + share, 0),
          0,
        ),
      })}
    />
  );
}
