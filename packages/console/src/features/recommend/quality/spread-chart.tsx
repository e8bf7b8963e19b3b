import type { RecommendQuality } from '@zhiyin/contract';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { barRowHeight, buildBars } from '../../../charts/build-bars.ts';
import { ChartCard, type ChartTools, type Drawing } from '../../../charts/chart-card.tsx';
import { type ChartPanel, numberOf, textOf } from '../../../charts/panel-values.ts';
import { useModelWords } from '../use-model-words.ts';
import { panelQueryOf } from './panel-query.ts';

type Props = {
  readonly quality: RecommendQuality;
  readonly measure: 'coverage' | 'popularity';
  readonly nameOf: (surface: string) => string;
};
const shownMax = 10;

/** How wide a surface spreads: how much of the catalogue it shows, and whether it shows only what everybody knows. */
export function SpreadChart({ quality, measure, nameOf }: Props) {
  const { t } = useTranslation('recommend');
  const { versionName } = useModelWords();
  const panel = useMemo<ChartPanel>(
    () => ({
      name: `recommend-${measure}`,
      columns: [
        { key: 'surface', type: 'text' },
        { key: 'answers', type: 'number' },
        { key: 'coverage', type: 'rate' },
        { key: 'diversity', type: 'rate' },
        { key: 'popularity', type: 'rate' },
      ],
      rows: oneAVersion(quality.rows)
        .filter((row) => row[measure] !== null)
        .slice(0, shownMax)
        .map((row) => ({
          surface: [nameOf(row.surface), versionName(row.modelVersion)].filter(Boolean).join(' · '),
          answers: row.answers,
          coverage: row.coverage,
          diversity: row.diversity,
          popularity: row.popularity,
        })),
      asOf: quality.asOf,
      ...panelQueryOf(quality),
    }),
    [quality, measure, nameOf, versionName],
  );
  const build = useCallback(
    (data: ChartPanel, tools: ChartTools): Drawing => ({
      option: buildBars(
        {
          bars: data.rows.map((row) => {
            const diversity = numberOf(row, 'diversity');
            return {
              name: textOf(row, 'surface'),
              value: numberOf(row, measure) ?? 0,
              label: tools.formats.rate(numberOf(row, measure) ?? 0),
              aside:
                measure === 'coverage' && diversity !== null && !tools.isNarrow
                  ? t('quality.diversityAside', { rate: tools.formats.rate(diversity) })
                  : undefined,
            };
          }),
          nameWidth: tools.isNarrow ? 110 : 170,
          labelWidth: tools.isNarrow ? 64 : 170,
          colour: measure === 'coverage' ? 0 : 2,
        },
        tools.theme,
      ),
      height: data.rows.length * barRowHeight + 16,
    }),
    [measure, t],
  );
  return (
    <ChartCard
      title={t(`quality.by.${measure}`)}
      subtitle={t(`quality.what.${measure}`)}
      query={{ data: panel, error: null, isPlaceholderData: false, refetch: () => undefined }}
      heading={(key) => t(`quality.heading.${key}`)}
      build={build}
      height={120}
      empty={t('quality.trendEmpty')}
    />
  );
}

/** What was shown is counted per surface and version; rows that differ in model or arm alone repeat it. */
function oneAVersion(rows: RecommendQuality['rows']): RecommendQuality['rows'] {
  const seen = new Map<string, RecommendQuality['rows'][number]>();
  for (const row of rows.toSorted((a, b) => b.answers - a.answers)) {
    const key = `${row.surface} ${row.modelVersion}`;
    if (!seen.has(key)) seen.set(key, row);
  }
  return [...seen.values()];
}
