import type { FeatureEffect, PredictionCard } from '@zhiyin/contract';
import { Select } from 'antd';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { barRowHeight, buildBars } from '../../charts/build-bars.ts';
import { buildTrend } from '../../charts/build-trend.ts';
import { ChartCard, type ChartTools, type Drawing } from '../../charts/chart-card.tsx';
import { type ChartPanel, numberOf, textOf } from '../../charts/panel-values.ts';
import { formatFeature } from '../../components/score-reasons.tsx';
import { useFormats } from '../../format/use-formats.ts';
import styles from './predictions.module.css';
import { staticQuery } from './static-query.ts';

type Props = { readonly card: PredictionCard; readonly asOf: string };

/** What the model goes by, and how the probability moves with each. */
export function EffectsCharts({ card, asOf }: Props) {
  const moving = card.effects.filter(({ dependence }) => dependence.length > 1);
  return (
    <div className={styles.pair}>
      <ImportanceChart effects={card.effects} asOf={asOf} />
      {moving.length > 0 && <DependenceChart effects={moving} asOf={asOf} />}
    </div>
  );
}

function ImportanceChart({ effects, asOf }: { readonly effects: readonly FeatureEffect[]; readonly asOf: string }) {
  const { t } = useTranslation('predictions');
  const { locale } = useFormats();
  const panel = useMemo<ChartPanel>(
    () => ({
      name: 'prediction-importance',
      columns: [
        { key: 'feature', type: 'text' },
        { key: 'importance', type: 'number' },
      ],
      rows: effects.map(({ words, importance }) => ({ feature: words[locale], importance })),
      asOf,
    }),
    [effects, asOf, locale],
  );
  const build = useCallback((data: ChartPanel, { theme, formats, isNarrow }: ChartTools): Drawing => {
    const all = data.rows.reduce((sum, row) => sum + (numberOf(row, 'importance') ?? 0), 0);
    return {
      option: buildBars(
        {
          bars: data.rows.map((row) => ({
            name: textOf(row, 'feature'),
            value: numberOf(row, 'importance') ?? 0,
            label: formats.rate((numberOf(row, 'importance') ?? 0) / Math.max(all, 1e-9)),
          })),
          nameWidth: isNarrow ? 130 : 240,
          labelWidth: 60,
        },
        theme,
      ),
      height: data.rows.length * barRowHeight + 16,
    };
  }, []);
  return (
    <ChartCard
      title={effects[0] ? t('importance.title', { feature: effects[0].words[locale] }) : t('importance.plain')}
      subtitle={t('importance.subtitle')}
      query={staticQuery(panel)}
      heading={(key) => t(`importance.${key}`)}
      build={build}
      empty={t('importance.empty')}
    />
  );
}

function DependenceChart({ effects, asOf }: { readonly effects: readonly FeatureEffect[]; readonly asOf: string }) {
  const { t } = useTranslation('predictions');
  const { locale } = useFormats();
  const [chosen, setChosen] = useState(effects[0]!.feature);
  const effect = effects.find(({ feature }) => feature === chosen) ?? effects[0]!;
  const isCategory = effect.unit === 'category';
  const panel = useMemo<ChartPanel>(
    () => ({
      name: 'prediction-dependence',
      columns: [
        { key: 'at', type: 'text' },
        { key: 'probability', type: 'rate' },
      ],
      rows: (isCategory
        ? effect.dependence.toSorted((a, b) => b.probability - a.probability).slice(0, 12)
        : effect.dependence
      ).map(({ at, probability }) => ({ at: typeof at === 'string' ? at : String(at), probability })),
      asOf,
    }),
    [effect, asOf, isCategory],
  );
  const build = useCallback(
    (data: ChartPanel, { theme, formats, isNarrow }: ChartTools): Drawing => {
      const words = (at: string) =>
        formatFeature(isCategory ? at : Number(at), effect.unit, formats, t('reason.unknown'));
      if (isCategory) {
        return {
          option: buildBars(
            {
              bars: data.rows.map((row) => ({
                name: words(textOf(row, 'at')),
                value: numberOf(row, 'probability') ?? 0,
                label: formats.rate(numberOf(row, 'probability') ?? 0, 1),
              })),
              nameWidth: isNarrow ? 90 : 150,
              labelWidth: 70,
            },
            theme,
          ),
          height: data.rows.length * barRowHeight + 16,
        };
      }
      return {
        option: buildTrend(
          {
            periods: data.rows.map((row) => textOf(row, 'at')),
            series: [
              {
                name: t('dependence.probability'),
                values: data.rows.map((row) => numberOf(row, 'probability')),
                isArea: true,
              },
            ],
            formatPeriod: words,
            formatValue: (value) => formats.rate(value, 1),
            formatAxis: (value) => formats.rate(value),
            isNarrow: true,
          },
          theme,
        ),
        height: 280,
      };
    },
    [effect, isCategory, t],
  );
  return (
    <ChartCard
      title={t('dependence.title', { feature: effect.words[locale] })}
      subtitle={t('dependence.subtitle')}
      query={staticQuery(panel)}
      heading={(key) => t(`dependence.${key}`)}
      build={build}
      empty={t('importance.empty')}
      footnote={
        <Select
          value={effect.feature}
          onChange={setChosen}
          aria-label={t('dependence.choose')}
          style={{ width: '100%', maxWidth: 360 }}
          options={effects.map(({ feature, words }) => ({ value: feature, label: words[locale] }))}
        />
      }
    />
  );
}
