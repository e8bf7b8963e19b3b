import type { LifetimeCard, PredictionCard } from '@zhiyin/contract';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { buildTrend } from '../../charts/build-trend.ts';
import { ChartCard, type ChartTools, type Drawing } from '../../charts/chart-card.tsx';
import { type ChartPanel, numberOf, textOf } from '../../charts/panel-values.ts';
import { Section } from '../../components/section.tsx';
import { useFormats } from '../../format/use-formats.ts';
import styles from './predictions.module.css';
import { staticQuery } from './static-query.ts';
import { usePredictionWords } from './use-prediction-words.ts';

/** Repeat purchases expected and come, week by week, also beyond the days the model was fitted on; and what was fitted. */
export function LifetimeCharts({ lifetime, asOf }: { readonly lifetime: LifetimeCard; readonly asOf: string }) {
  const { t } = useTranslation('predictions');
  const panel = useMemo<ChartPanel>(
    () => ({
      name: 'prediction-track',
      columns: [
        { key: 'day', type: 'date' },
        { key: 'expected', type: 'number' },
        { key: 'actual', type: 'number' },
      ],
      rows: lifetime.track.map(({ day, expected, actual }) => ({ day, expected, actual })),
      asOf,
    }),
    [lifetime, asOf],
  );
  const build = useCallback(
    (data: ChartPanel, { theme, formats, isNarrow }: ChartTools): Drawing => ({
      option: buildTrend(
        {
          periods: data.rows.map((row) => textOf(row, 'day')),
          series: [
            { name: t('track.actual'), values: data.rows.map((row) => numberOf(row, 'actual')), isArea: true },
            { name: t('track.expected'), values: data.rows.map((row) => numberOf(row, 'expected')) },
          ],
          formatPeriod: (day) => formats.date(day),
          formatValue: (value) => formats.count(Math.round(value)),
          formatAxis: (value) => formats.compact(value),
          isNarrow,
        },
        theme,
      ),
      height: 300,
    }),
    [t],
  );
  const last = lifetime.track.at(-1);
  const gap = last && last.actual > 0 ? last.expected / last.actual - 1 : 0;
  const formats = useFormats();
  return (
    <ChartCard
      title={t(Math.abs(gap) < 0.1 ? 'track.good' : gap > 0 ? 'track.over' : 'track.under', {
        gap: formats.rate(Math.abs(gap), 1),
      })}
      subtitle={t('track.subtitle', { day: formats.date(lifetime.fittedUntil) })}
      query={staticQuery(panel)}
      heading={(key) => t(`track.${key}`)}
      build={build}
      empty={t('noTest')}
    />
  );
}

/** Which model, its parameters with intervals, and what the backtest in money says. */
export function LifetimeFacts({ card }: { readonly card: PredictionCard }) {
  const { t } = useTranslation('predictions');
  const formats = useFormats();
  const { methodName } = usePredictionWords();
  const { lifetime } = card;
  if (!lifetime) return null;
  const number = (value: number) => formats.count(Number(value.toPrecision(4)));
  return (
    <Section title={t('lifetime.title', { model: methodName(lifetime.model) })} subtitle={t('lifetime.subtitle')}>
      <dl className={styles.figures}>
        {lifetime.capture && (
          <div>
            <dt>{t('lifetime.capture')}</dt>
            <dd>{formats.rate(lifetime.capture.model, 1)}</dd>
            <dd>{t('lifetime.captureBy', { share: formats.rate(lifetime.capture.pastSpend, 1) })}</dd>
          </div>
        )}
        {lifetime.revenue && (
          <div>
            <dt>{t('lifetime.revenue')}</dt>
            <dd>{formats.moneyCompact(lifetime.revenue.foretold)}</dd>
            <dd>{t('lifetime.revenueCame', { money: formats.moneyCompact(lifetime.revenue.came) })}</dd>
          </div>
        )}
        {[...lifetime.parameters, ...(lifetime.spend?.parameters ?? [])].map(({ name, value, interval }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{number(value)}</dd>
            <dd>{interval ? `${number(interval.low)}–${number(interval.high)}` : t('lifetime.noInterval')}</dd>
          </div>
        ))}
      </dl>
      {!lifetime.isAliveUsable && <p className={styles.warning}>{t('lifetime.noAlive')}</p>}
    </Section>
  );
}
