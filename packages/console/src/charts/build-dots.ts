import type { EChartsCoreOption } from 'echarts/core';
import { splitLine, textStyle, tooltipStyle } from './chart-parts.ts';
import type { ChartTheme } from './chart-theme.ts';
import { escapeHtml } from './escape-html.ts';
import { getSeriesStyle } from './series-styles.ts';

export type Dot = {
  readonly value: number;
  /** Ends of its interval, where there is one. */
  readonly low?: number | undefined;
  readonly high?: number | undefined;
  /** Written beside it. */
  readonly label: string;
};

export type DotsInput = {
  readonly rows: readonly string[];
  /** Per series one dot a row; null: nothing is known. */
  readonly series: readonly {
    readonly name: string;
    readonly colour: number;
    readonly dots: readonly (Dot | null)[];
  }[];
  readonly formatAxis: (value: number) => string;
  /** Room for the names on the left, in pixels. */
  readonly nameWidth?: number;
};

export const dotRowHeight = 48;

/** Values with their intervals on one scale from zero, a row each: what overlaps may be the same. */
export function buildDots(input: DotsInput, theme: ChartTheme): EChartsCoreOption {
  const { rows, series, nameWidth = 160 } = input;
  // Series of a row stand a little above each other, so that their intervals can be compared.
  const heightOf = (row: number, place: number) => row + (place - (series.length - 1) / 2) * 0.4;
  return {
    animation: theme.animate,
    aria: { enabled: false },
    textStyle: textStyle(theme),
    grid: { left: nameWidth + 12, right: 64, top: 8, bottom: 28 },
    tooltip: { ...tooltipStyle(theme), trigger: 'item', formatter: (point: unknown) => formatTooltip(point, input) },
    xAxis: {
      type: 'value',
      min: 0,
      splitNumber: 4,
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: splitLine(theme),
      axisLabel: { color: theme.faint, fontSize: 12, formatter: (value: number) => input.formatAxis(value) },
    },
    yAxis: {
      type: 'value',
      inverse: true,
      min: -0.5,
      max: Math.max(0, rows.length - 1) + 0.5,
      interval: 0.5,
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: {
        color: theme.ink,
        fontSize: 13,
        width: nameWidth,
        overflow: 'truncate',
        align: 'left',
        margin: nameWidth + 8,
        formatter: (value: number) => (Number.isInteger(value) ? (rows[value] ?? '') : ''),
      },
    },
    series: series.flatMap(({ name, colour, dots }, place) => {
      const color = theme.series[colour % theme.series.length]!;
      const intervals = dots.flatMap((dot, row) =>
        dot?.low === undefined || dot.high === undefined
          ? []
          : [
              {
                type: 'line',
                silent: true,
                symbol: 'none',
                data: [
                  [dot.low, heightOf(row, place)],
                  [dot.high, heightOf(row, place)],
                ],
                lineStyle: { color, width: 4, opacity: 0.35, cap: 'round' },
              },
            ],
      );
      return [
        ...intervals,
        {
          type: 'line',
          name,
          symbol: getSeriesStyle(colour).symbol,
          symbolSize: 9,
          showSymbol: true,
          showAllSymbol: true,
          data: dots.flatMap((dot, row) =>
            dot ? [{ value: [dot.value, heightOf(row, place)], row, label: labelOf(dot, theme) }] : [],
          ),
          itemStyle: { color },
          lineStyle: { width: 0, opacity: 0 },
        },
      ];
    }),
  };
}

function labelOf(dot: Dot, theme: ChartTheme) {
  return { show: true, position: 'top', distance: 3, formatter: dot.label, color: theme.ink, fontSize: 12 };
}

function formatTooltip(point: unknown, { rows, series }: DotsInput): string {
  const { seriesName, data } = point as { seriesName: string; data: { row?: number } };
  const row = data?.row;
  const dot = row === undefined ? null : series.find(({ name }) => name === seriesName)?.dots[row];
  if (row === undefined || !dot) return '';
  return `<div>${escapeHtml(rows[row] ?? '')}</div><div>${escapeHtml(seriesName)} <b>${escapeHtml(dot.label)}</b></div>`;
}
