import { Tooltip } from 'antd';
import { fillPeriods, listPeriods } from '../../charts/fill-periods.ts';
import { formatWholeMoney } from '../../charts/format-whole-money.ts';
import { currencyOf, numberOf } from '../../charts/panel-values.ts';
import { Sparkline } from '../../charts/sparkline.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { TilesSkeleton } from '../../components/skeletons.tsx';
import { Trend } from '../../components/trend.tsx';
import { useFormats } from '../../format/use-formats.ts';
import { isComparable } from './describe-overview.ts';
import styles from './overview.module.css';
import type { Overview } from './use-overview.ts';
import { useOverviewWords } from './use-overview-words.ts';

const figures = [
  { key: 'people', panel: null },
  { key: 'active_people', panel: 'activity' },
  { key: 'events', panel: 'activity' },
  { key: 'orders', panel: 'revenue' },
  { key: 'revenue', panel: 'revenue' },
] as const;

/** The five numbers of a brand, each beside the range before. */
export function KeyFigures({ overview }: { readonly overview: Overview }) {
  const { summary, range, granularity } = overview;
  const words = useOverviewWords(overview);
  const { t } = words;
  const formats = useFormats();
  if (summary.data === undefined) {
    return summary.error ? (
      <ErrorState error={summary.error} retry={() => void summary.refetch()} />
    ) : (
      <TilesSkeleton tiles={5} />
    );
  }
  const row = summary.data.rows[0];
  const currency = currencyOf(summary.data) ?? 'USD';
  const comparable = isComparable(range, overview.firstDay);
  const periods = listPeriods(range.from, range.to, granularity);
  const show = (key: string, value: number) =>
    key === 'revenue' ? formatWholeMoney(value, currency, words.locale) : formats.count(value);

  return (
    <dl className={styles.figures} aria-label={t('figures.label')} data-stale={summary.isPlaceholderData}>
      {figures.map(({ key, panel }) => {
        const value = numberOf(row, key) ?? 0;
        const before = numberOf(row, `previous_${key}`);
        const trace =
          panel && overview[panel].data
            ? fillPeriods(overview[panel].data.rows, periods).map((one) => numberOf(one, key))
            : null;
        const name = t(`figures.${key}`);
        return (
          <div key={key} className={styles.figure}>
            <dt>
              <Tooltip title={t(`figures.${key}Hint`)}>
                {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the hint must be reachable without a mouse */}
                <span tabIndex={0}>{name}</span>
              </Tooltip>
            </dt>
            <dd className={styles.number}>{show(key, value)}</dd>
            <dd className={styles.compare}>
              {comparable && before !== null && before !== 0 && <Trend now={value} before={before} />}
              {before !== null && (
                <span className="faint">
                  {before === 0 && value > 0
                    ? t('figures.beforeNone')
                    : t(comparable ? 'figures.before' : 'figures.beforePartial', { value: show(key, before) })}
                </span>
              )}
            </dd>
            <dd className={styles.spark}>
              {trace && periods.length > 1 && (
                <Sparkline
                  values={trace}
                  width={150}
                  height={28}
                  label={t('figures.spark', {
                    name,
                    period: words.period,
                    first: show(key, trace[0] ?? 0),
                    last: show(key, trace.at(-1) ?? 0),
                  })}
                />
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
