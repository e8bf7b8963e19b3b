import type { EChartsCoreOption } from 'echarts/core';
import { categoryFrame } from './chart-parts.ts';
import type { ChartTheme } from './chart-theme.ts';
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
  const frame = categoryFrame(periods, { ...input, formatCategory: input.formatPeriod }, theme);
  return {
    ...frame,
    grid: { ...frame.grid, right: labelWidth + 12 },
    xAxis: { ...frame.xAxis, boundaryGap: false },
    yAxis: { ...frame.yAxis, min: (extent: { min: number }) => Math.min(0, extent.min) },
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
