import type { EChartsCoreOption } from 'echarts/core';
import { axisLine, splitLine, textStyle, tooltipStyle } from './chart-parts.ts';
import type { ChartTheme } from './chart-theme.ts';
import { escapeHtml } from './escape-html.ts';
import { getSeriesStyle } from './series-styles.ts';

export type TrendSeries = {
  readonly name: string;
  /** One value a period; null is drawn as a gap. */
  readonly values: readonly (number | null)[];
  /** Fill under the line; for the one series the eye should find first. */
  readonly isArea?: boolean;
  /** Place in the row of series colours; its order when left out. */
  readonly colour?: number;
};

export type TrendInput = {
  readonly periods: readonly string[];
  readonly series: readonly TrendSeries[];
  readonly formatPeriod: (period: string) => string;
  readonly formatValue: (value: number) => string;
  readonly formatAxis: (value: number) => string;
  readonly isNarrow?: boolean;
};

/** Lines over time from a zero base, named at their ends. */
export function buildTrend(input: TrendInput, theme: ChartTheme): EChartsCoreOption {
  const { periods, series, isNarrow = false } = input;
  const showPoints = periods.length <= 16;
  const labelWidth = isNarrow ? 0 : Math.max(...series.map(({ name }) => widthOf(name)), 0) + 16;
  return {
    animation: theme.animate,
    aria: { enabled: false }, // the card carries a real table for screen readers
    textStyle: textStyle(theme),
    grid: { left: 4, right: labelWidth + 12, top: 16, bottom: 4, containLabel: true },
    tooltip: { ...tooltipStyle(theme), trigger: 'axis', formatter: (points: unknown) => formatTooltip(points, input) },
    xAxis: {
      type: 'category',
      boundaryGap: false,
      data: periods,
      axisLine: axisLine(theme),
      axisTick: { show: false },
      axisLabel: {
        color: theme.faint,
        fontSize: 12,
        hideOverlap: true,
        formatter: (period: string) => input.formatPeriod(period),
      },
    },
    yAxis: {
      type: 'value',
      min: (extent: { min: number }) => Math.min(0, extent.min),
      splitNumber: 4,
      splitLine: splitLine(theme),
      axisLabel: { color: theme.faint, fontSize: 12, formatter: (value: number) => input.formatAxis(value) },
    },
    series: series.map((one, index) => {
      const place = one.colour ?? index;
      const { symbol, dash } = getSeriesStyle(place);
      const color = theme.series[place % theme.series.length]!;
      return {
        type: 'line',
        name: one.name,
        data: one.values,
        connectNulls: false,
        symbol,
        // A point between two gaps would be invisible as a line.
        showSymbol: showPoints || hasLonePoint(one.values),
        showAllSymbol: true,
        symbolSize: 6,
        itemStyle: { color },
        lineStyle: { color, width: 2, type: dash },
        areaStyle: one.isArea ? { color, opacity: theme.isDark ? 0.14 : 0.08 } : undefined,
        endLabel: { show: !isNarrow, formatter: one.name, color, fontSize: 12, fontWeight: 600, distance: 8 },
        labelLayout: { moveOverlap: 'shiftY' },
        emphasis: { focus: 'series' },
      };
    }),
  };
}

function hasLonePoint(values: readonly (number | null)[]): boolean {
  return values.some(
    (value, at) => value !== null && (values[at - 1] ?? null) === null && (values[at + 1] ?? null) === null,
  );
}

/** Roughly, in pixels at 12 px: Chinese characters are square, Latin ones about half. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += character.charCodeAt(0) > 0x2e7f ? 13 : 7;
  return width;
}

type Point = { dataIndex: number; marker: string; seriesName: string; value: number | null | undefined };
function formatTooltip(points: unknown, input: TrendInput): string {
  const list = (Array.isArray(points) ? points : [points]) as Point[];
  const first = list[0];
  if (first === undefined) return '';
  const rows = list.map((point) => {
    const value = typeof point.value === 'number' ? input.formatValue(point.value) : '–';
    return `<div>${point.marker}${escapeHtml(point.seriesName)} <b style="float:right;margin-left:24px">${escapeHtml(value)}</b></div>`;
  });
  return `<div>${escapeHtml(input.formatPeriod(input.periods[first.dataIndex] ?? ''))}</div>${rows.join('')}`;
}
