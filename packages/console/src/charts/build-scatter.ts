import type { EChartsCoreOption } from 'echarts/core';
import { textStyle, tooltipStyle } from './chart-parts.ts';
import type { ChartTheme } from './chart-theme.ts';
import { escapeHtml } from './escape-html.ts';
import { getSeriesStyle } from './series-styles.ts';

export type ScatterGroup = {
  readonly name: string;
  /** Place among the colours. */
  readonly place: number;
  readonly points: readonly (readonly [x: number, y: number])[];
};

/** Clouds of points without axes of their own, each with its name in its middle; colour and shape tell them apart. */
export function buildScatter(groups: readonly ScatterGroup[], theme: ChartTheme): EChartsCoreOption {
  const axis = { type: 'value', scale: true, show: false };
  return {
    animation: false,
    aria: { enabled: false },
    textStyle: textStyle(theme),
    grid: { left: 8, right: 8, top: 8, bottom: 8 },
    tooltip: {
      ...tooltipStyle(theme),
      formatter: (point: unknown) => escapeHtml((point as { seriesName: string }).seriesName),
    },
    xAxis: axis,
    yAxis: axis,
    series: groups.flatMap(({ name, place, points }) => {
      const color = theme.series[place % theme.series.length]!;
      const middle = [0, 1].map((d) => median(points.map((point) => point[d] ?? 0)));
      return [
        {
          type: 'scatter',
          name,
          data: points.map((point) => [...point]),
          symbol: getSeriesStyle(place).symbol,
          symbolSize: 6,
          itemStyle: { color, opacity: 0.55 },
        },
        {
          type: 'scatter',
          name,
          data: points.length > 0 ? [middle] : [],
          symbolSize: 1,
          silent: true,
          z: 5,
          labelLayout: { moveOverlap: 'shiftY' },
          label: {
            show: true,
            formatter: name,
            color: theme.ink,
            fontSize: 13,
            fontWeight: 600,
            backgroundColor: theme.sheet,
            borderColor: color,
            borderWidth: 1,
            borderRadius: 4,
            padding: [3, 6],
          },
        },
      ];
    }),
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
