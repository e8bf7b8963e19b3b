import type { RecommendModel } from '@zhiyin/contract';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { buildDots, dotRowHeight } from '../../../charts/build-dots.ts';
import { ChartCard, type ChartTools, type Drawing } from '../../../charts/chart-card.tsx';
import { type ChartPanel, numberOf, textOf } from '../../../charts/panel-values.ts';
import { useModelWords } from '../use-model-words.ts';
import { computeLift, type Lift } from './compute-lift.ts';

const shownMax = 8;
type Measures = NonNullable<RecommendModel['measures']>;

/** NDCG of the latest versions beside popularity on the same people, with intervals. */
export function ModelsChart({ models }: { readonly models: readonly RecommendModel[] }) {
  const { t } = useTranslation('recommend');
  const { modelName } = useModelWords();
  const measured = useMemo(() => models.filter((model) => model.measures).slice(0, shownMax), [models]);
  const panel = useMemo<ChartPanel>(
    () => ({
      name: 'recommend-models',
      columns: [
        { key: 'model', type: 'text' },
        ...['ndcg', 'low', 'high', 'baseline', 'baselineLow', 'baselineHigh', 'people'].map((key) => ({
          key,
          type: 'number' as const,
        })),
      ],
      rows: measured.map((model) => ({
        model: t('models.versionOf', { version: model.version, model: modelName(model.kind) }),
        ...cellsOf('ndcg', 'low', 'high', model.measures),
        ...cellsOf('baseline', 'baselineLow', 'baselineHigh', model.baseline),
        people: model.measures?.people ?? null,
      })),
      asOf: new Date().toISOString(),
    }),
    [measured, t, modelName],
  );
  const build = useCallback(
    (data: ChartPanel, tools: ChartTools): Drawing => {
      const dotsOf = (value: string, low: string, high: string) =>
        data.rows.map((row) => {
          const at = numberOf(row, value);
          return at === null
            ? null
            : {
                value: at,
                low: numberOf(row, low) ?? undefined,
                high: numberOf(row, high) ?? undefined,
                label: tools.formats.rate(at, 1),
              };
        });
      const series = [
        { name: t('models.popular'), colour: 2, dots: dotsOf('baseline', 'baselineLow', 'baselineHigh') },
        { name: t('models.model'), colour: 0, dots: dotsOf('ndcg', 'low', 'high') },
      ];
      return {
        option: buildDots(
          {
            rows: data.rows.map((row) => textOf(row, 'model')),
            series,
            formatAxis: (value) => tools.formats.rate(value),
            nameWidth: tools.isNarrow ? 96 : 190,
          },
          tools.theme,
        ),
        height: data.rows.length * dotRowHeight + 44,
        legend: series.map(({ name, colour }) => ({ name, fill: tools.theme.series[colour]! })),
      };
    },
    [t],
  );
  const best = measured.find((model) => model.state === 'serving') ?? measured[0];
  const lift = best ? computeLift(best) : null;
  return (
    <ChartCard
      title={t(titleOf(lift))}
      subtitle={t('models.chartSubtitle', { k: best?.measures?.k ?? 20, count: best?.measures?.people ?? 0 })}
      query={{ data: panel, error: null, isPlaceholderData: false, refetch: () => undefined }}
      heading={(key) => t(`models.heading.${key}`)}
      build={build}
      height={200}
      empty={t('models.chartEmpty')}
    />
  );
}

const cellsOf = (value: string, low: string, high: string, measures: Measures | null) => ({
  [value]: measures?.ndcg ?? null,
  [low]: measures?.ndcgInterval?.low ?? null,
  [high]: measures?.ndcgInterval?.high ?? null,
});

function titleOf(lift: Lift | null) {
  if (lift === null) return 'models.chartTitle';
  if (lift.change <= 0) return 'models.chartNoBetter';
  return lift.isSure ? 'models.chartBetter' : 'models.chartPerhaps';
}
