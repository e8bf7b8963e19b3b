import type { EChartsCoreOption } from 'echarts/core';
import { buildTrend, type TrendInput } from '../../../charts/build-trend.ts';
import type { ChartTheme } from '../../../charts/chart-theme.ts';

type BandInput = Omit<TrendInput, 'series'> & {
  readonly name: string;
  readonly values: readonly (number | null)[];
  /** Ends of the intervals; null where there is no value. */
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
};

/** One line over time with its interval as a band behind it. */
export function buildBandTrend({ name, values, low, high, ...input }: BandInput, theme: ChartTheme): EChartsCoreOption {
  const line = buildTrend({ ...input, series: [{ name, values }] }, theme);
  const hidden = { type: 'line', stack: 'band', symbol: 'none', silent: true, lineStyle: { opacity: 0 } };
  // Between two gaps a band has no width: there the interval is a stroke.
  const loneIntervals = input.periods.flatMap((period, at) =>
    isLone(values, at) && low[at] != null && high[at] != null
      ? [
          {
            type: 'line',
            silent: true,
            symbol: 'none',
            data: [
              [period, low[at]],
              [period, high[at]],
            ],
            lineStyle: { color: theme.series[0], width: 4, opacity: 0.35, cap: 'round' },
          },
        ]
      : [],
  );
  return {
    ...line,
    tooltip: {
      ...(line.tooltip as object),
      formatter: (points: unknown) => {
        const list = (Array.isArray(points) ? points : [points]) as { dataIndex: number }[];
        const at = list[0]?.dataIndex ?? 0;
        const value = values[at];
        const period = input.formatPeriod(input.periods[at] ?? '');
        if (value === null || value === undefined) return `${period}: –`;
        const ends = [low[at], high[at]].map((end) => input.formatValue(end ?? 0)).join('–');
        return `${period}<br><b>${input.formatValue(value)}</b> (${ends})`;
      },
    },
    series: [
      { ...hidden, data: low },
      {
        ...hidden,
        data: high.map((end, at) => (end === null ? null : end - (low[at] ?? 0))),
        areaStyle: { color: theme.series[0], opacity: theme.isDark ? 0.25 : 0.16 },
      },
      ...(line.series as object[]),
      ...loneIntervals,
    ],
  };
}

function isLone(values: readonly (number | null)[], at: number): boolean {
  return (values[at] ?? null) !== null && (values[at - 1] ?? null) === null && (values[at + 1] ?? null) === null;
}
