import type { RecommendQuality } from '@zhiyin/contract';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { buildDots, dotRowHeight } from '../../../charts/build-dots.ts';
import { ChartCard, type ChartTools, type Drawing } from '../../../charts/chart-card.tsx';
import { type ChartPanel, numberOf, textOf } from '../../../charts/panel-values.ts';
import { useModelWords } from '../use-model-words.ts';
import { panelQueryOf } from './panel-query.ts';

type Props = {
  readonly quality: RecommendQuality;
  readonly measure: 'clickRate' | 'conversionRate';
  readonly nameOf: (surface: string) => string;
};
const shownMax = 10;
/** Fewer lists give intervals so wide that nothing else can be seen beside them; the table has them all. */
const answersMin = 30;

/** A rate per surface and version with its interval: where two overlap, the difference may be chance. */
export function RateChart({ quality, measure, nameOf }: Props) {
  const { t } = useTranslation('recommend');
  const { modelName, versionName } = useModelWords();
  const panel = useMemo<ChartPanel>(
    () => ({
      name: `recommend-${measure}`,
      columns: [
        { key: 'surface', type: 'text' },
        { key: 'answers', type: 'number' },
        { key: 'rate', type: 'rate' },
        { key: 'low', type: 'rate' },
        { key: 'high', type: 'rate' },
      ],
      rows: pickTelling(quality.rows).map((row) => ({
        surface: [
          nameOf(row.surface),
          [row.model ? modelName(row.model) : '', versionName(row.modelVersion)].filter(Boolean).join(' '),
          row.arm,
        ]
          .filter(Boolean)
          .join(' · '),
        answers: row.answers,
        rate: row[measure].value,
        low: row[measure].low,
        high: row[measure].high,
      })),
      asOf: quality.asOf,
      ...panelQueryOf(quality),
    }),
    [quality, measure, nameOf, modelName, versionName],
  );
  const build = useCallback(
    (data: ChartPanel, tools: ChartTools): Drawing => ({
      option: buildDots(
        {
          rows: data.rows.map((row) => textOf(row, 'surface')),
          series: [
            {
              name: t(`quality.${measure}`),
              colour: measure === 'clickRate' ? 0 : 1,
              dots: data.rows.map((row) => ({
                value: numberOf(row, 'rate') ?? 0,
                low: numberOf(row, 'low') ?? undefined,
                high: numberOf(row, 'high') ?? undefined,
                label: tools.formats.rate(numberOf(row, 'rate') ?? 0, 1),
              })),
            },
          ],
          formatAxis: (value) => tools.formats.rate(value, value > 0 && value < 0.05 ? 1 : 0),
          nameWidth: tools.isNarrow ? 110 : 200,
        },
        tools.theme,
      ),
      height: data.rows.length * dotRowHeight + 44,
    }),
    [measure, t],
  );
  return (
    <ChartCard
      title={t(`quality.by.${measure}`)}
      subtitle={t('quality.bySubtitle')}
      query={{ data: panel, error: null, isPlaceholderData: false, refetch: () => undefined }}
      heading={(key) => t(`quality.heading.${key}`)}
      build={build}
      height={160}
      empty={t('quality.trendEmpty')}
    />
  );
}

function pickTelling(rows: RecommendQuality['rows']): RecommendQuality['rows'] {
  const telling = rows.filter((row) => row.answers >= answersMin);
  return (telling.length > 0 ? telling : rows).toSorted((a, b) => b.answers - a.answers).slice(0, shownMax);
}
