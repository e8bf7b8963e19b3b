import type { RecommendModel } from '@zhiyin/contract';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { barRowHeight, buildBars } from '../../../charts/build-bars.ts';
import { ChartCard, type ChartTools, type Drawing } from '../../../charts/chart-card.tsx';
import { type ChartPanel, numberOf, textOf } from '../../../charts/panel-values.ts';
import { useModelWords } from '../use-model-words.ts';
import { describeOptions } from './describe-options.ts';

/** All candidates of one training on the validation days: what the choice was made from. */
export function TriedChart({ model }: { readonly model: RecommendModel }) {
  const { t } = useTranslation('recommend');
  const { modelName } = useModelWords();
  const panel = useMemo<ChartPanel>(
    () => ({
      name: 'recommend-tried',
      columns: [
        { key: 'model', type: 'text' },
        { key: 'options', type: 'text' },
        { key: 'ndcg', type: 'number' },
        { key: 'fitSeconds', type: 'number' },
      ],
      rows: model.tried
        .toSorted((a, b) => b.ndcg - a.ndcg)
        .map((one) => ({
          model: modelName(one.kind),
          options: describeOptions(one.options, modelName),
          ndcg: one.ndcg,
          fitSeconds: one.fitSeconds,
        })),
      asOf: model.trainedAt,
    }),
    [model, modelName],
  );
  const build = useCallback(
    (data: ChartPanel, tools: ChartTools): Drawing => ({
      option: buildBars(
        {
          bars: bestOfEach(data.rows).map((row) => {
            const seconds = numberOf(row, 'fitSeconds') ?? 0;
            return {
              name: textOf(row, 'model'),
              value: numberOf(row, 'ndcg') ?? 0,
              label: tools.formats.rate(numberOf(row, 'ndcg') ?? 0, 1),
              aside: tools.isNarrow ? undefined : tools.formats.duration(seconds * 1_000),
              tooltip: `${textOf(row, 'model')} ${textOf(row, 'options')}`,
            };
          }),
          nameWidth: tools.isNarrow ? 110 : 190,
          labelWidth: tools.isNarrow ? 70 : 150,
        },
        tools.theme,
      ),
      height: bestOfEach(data.rows).length * barRowHeight + 16,
    }),
    [],
  );
  return (
    <ChartCard
      title={t('tried.title', { version: model.version, count: model.tried.length })}
      subtitle={t('tried.subtitle')}
      query={{ data: panel, error: null, isPlaceholderData: false, refetch: () => undefined }}
      heading={(key) => t(`models.heading.${key}`)}
      build={build}
      height={120}
      empty={t('tried.empty')}
    />
  );
}

/** Rows come best first; the table behind the chart has all. */
function bestOfEach(rows: ChartPanel['rows']): ChartPanel['rows'] {
  const seen = new Set<string>();
  return rows.filter((row) => {
    const name = textOf(row, 'model');
    return !seen.has(name) && seen.add(name);
  });
}
