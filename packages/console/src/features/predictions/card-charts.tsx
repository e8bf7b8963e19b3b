import type { PredictionCard } from '@zhiyin/contract';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { buildDots, dotRowHeight } from '../../charts/build-dots.ts';
import { buildTrend } from '../../charts/build-trend.ts';
import { ChartCard, type ChartTools, type Drawing } from '../../charts/chart-card.tsx';
import { type ChartPanel, numberOf, textOf } from '../../charts/panel-values.ts';
import { staticQuery } from './static-query.ts';
import { usePredictionWords } from './use-prediction-words.ts';

type Props = { readonly card: PredictionCard; readonly asOf: string };

/** Of those to whom it happens: how many are among the people with the highest scores. */
export function GainsChart({ card, asOf }: Props) {
  const { t } = useTranslation('predictions');
  const panel = useMemo<ChartPanel>(
    () => ({
      name: 'prediction-gains',
      columns: (['people', 'positives', 'baseline', 'random'] as const).map((key) => ({ key, type: 'rate' as const })),
      rows: card.gains.map(({ people, positives, baseline }) => ({ people, positives, baseline, random: people })),
      asOf,
    }),
    [card, asOf],
  );
  const build = useCallback(
    (data: ChartPanel, { theme, formats, isNarrow }: ChartTools): Drawing => ({
      option: buildTrend(
        {
          periods: data.rows.map((row) => textOf(row, 'people')),
          series: [
            { name: t('gains.model'), values: data.rows.map((row) => numberOf(row, 'positives')), isArea: true },
            { name: t('gains.baseline'), values: data.rows.map((row) => numberOf(row, 'baseline')) },
            { name: t('gains.random'), values: data.rows.map((row) => numberOf(row, 'random')) },
          ],
          formatPeriod: (period) => formats.rate(Number(period)),
          formatValue: (value) => formats.rate(value),
          formatAxis: (value) => formats.rate(value),
          isNarrow,
        },
        theme,
      ),
      height: 280,
    }),
    [t],
  );
  const third = card.gains.find(({ people }) => people >= 0.2);
  return (
    <ChartCard
      title={third ? t('gains.title', { share: Math.round(third.positives * 100) }) : t('gains.plain')}
      subtitle={t('gains.subtitle')}
      query={staticQuery(panel)}
      heading={(key) => t(`gains.${key === 'positives' ? 'model' : key}`)}
      build={build}
      empty={t('noTest')}
    />
  );
}

/** Whether a probability comes true as often as it says. */
export function CalibrationChart({ card, asOf }: Props) {
  const { t } = useTranslation('predictions');
  const panel = useMemo<ChartPanel>(
    () => ({
      name: 'prediction-calibration',
      columns: [
        { key: 'group', type: 'number' },
        { key: 'predicted', type: 'rate' },
        { key: 'observed', type: 'rate' },
        { key: 'rows', type: 'number' },
      ],
      rows: card.calibration.map(({ predicted, observed, rows }, group) => ({
        group: group + 1,
        predicted,
        observed,
        rows,
      })),
      asOf,
    }),
    [card, asOf],
  );
  const build = useCallback(
    (data: ChartPanel, { theme, formats, isNarrow }: ChartTools): Drawing => ({
      option: buildTrend(
        {
          periods: data.rows.map((row) => textOf(row, 'group')),
          series: [
            { name: t('calibration.observed'), values: data.rows.map((row) => numberOf(row, 'observed')) },
            { name: t('calibration.predicted'), values: data.rows.map((row) => numberOf(row, 'predicted')) },
          ],
          formatPeriod: (group) => t('calibration.group', { group }),
          formatValue: (value) => formats.rate(value, 1),
          formatAxis: (value) => formats.rate(value),
          isNarrow,
        },
        theme,
      ),
      height: 280,
    }),
    [t],
  );
  const gap = card.test?.calibrationError;
  return (
    <ChartCard
      title={gap === undefined ? t('calibration.plain') : t('calibration.title', { gap: Math.round(gap * 1_000) / 10 })}
      subtitle={t('calibration.subtitle')}
      query={staticQuery(panel)}
      heading={(key) => t(`calibration.${key}`)}
      build={build}
      empty={t('noTest')}
    />
  );
}

/** Every kind that was tried, with the interval of its figure, and the simple model to beat. */
export function CandidatesChart({ card, asOf }: Props) {
  const { t } = useTranslation('predictions');
  const { methodName } = usePredictionWords();
  const panel = useMemo<ChartPanel>(() => {
    const tests = [
      ...(card.test ? [{ ...card.test, on: 'test' }] : []),
      ...(card.testBaseline && card.test?.name !== card.testBaseline.name
        ? [{ ...card.testBaseline, on: 'test' }]
        : []),
    ];
    return {
      name: 'prediction-candidates',
      columns: [
        { key: 'name', type: 'text' },
        { key: 'on', type: 'text' },
        { key: 'auc', type: 'rate' },
        { key: 'low', type: 'rate' },
        { key: 'high', type: 'rate' },
        { key: 'logLoss', type: 'number' },
        { key: 'brier', type: 'number' },
        { key: 'seconds', type: 'number' },
      ],
      rows: [...tests, ...card.candidates.map((one) => ({ ...one, on: 'choice' }))].map((one) => ({
        name: methodName(one.name),
        on: t(`candidates.${one.on}`),
        auc: one.auc,
        low: one.aucInterval.low,
        high: one.aucInterval.high,
        logLoss: one.logLoss,
        brier: one.brier,
        seconds: one.seconds,
      })),
      asOf,
    };
  }, [card, asOf, methodName, t]);
  const build = useCallback(
    (data: ChartPanel, { theme, formats, isNarrow }: ChartTools): Drawing => ({
      option: buildDots(
        {
          rows: data.rows.map((row) => `${textOf(row, 'name')} · ${textOf(row, 'on')}`),
          series: [
            {
              name: t('candidates.auc'),
              colour: 0,
              dots: data.rows.map((row) => ({
                value: numberOf(row, 'auc') ?? 0,
                low: numberOf(row, 'low') ?? undefined,
                high: numberOf(row, 'high') ?? undefined,
                label: formats.rate(numberOf(row, 'auc') ?? 0, 1),
              })),
            },
          ],
          formatAxis: (value) => formats.rate(value),
          nameWidth: isNarrow ? 120 : 230,
        },
        theme,
      ),
      height: data.rows.length * dotRowHeight * 0.7 + 40,
    }),
    [t],
  );
  return (
    <ChartCard
      title={t('candidates.title')}
      subtitle={t('candidates.subtitle')}
      query={staticQuery(panel)}
      heading={(key) => t(`candidates.${key}`)}
      build={build}
      empty={t('noTest')}
    />
  );
}
