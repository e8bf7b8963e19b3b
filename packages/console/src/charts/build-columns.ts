import type { EChartsCoreOption } from 'echarts/core';
import { type CategoryWords, categoryFrame } from './chart-parts.ts';
import type { ChartTheme } from './chart-theme.ts';

export type ColumnSeries = {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly color: string;
  /** Drawn over the colour, so that stacked parts differ without it. */
  readonly pattern?: 'none' | 'lines' | 'dots';
};

export type ColumnsInput = CategoryWords & {
  readonly categories: readonly string[];
  readonly series: readonly ColumnSeries[];
};

/** Columns stacked from zero, one a category. */
export function buildColumns(input: ColumnsInput, theme: ChartTheme): EChartsCoreOption {
  const frame = categoryFrame(input.categories, input, theme);
  return {
    ...frame,
    tooltip: { ...frame.tooltip, axisPointer: { type: 'shadow' } },
    series: input.series.map((one) => ({
      type: 'bar',
      stack: 'all',
      name: one.name,
      data: one.values,
      barMaxWidth: 32,
      itemStyle: { color: one.color, decal: decalOf(one.pattern, theme) },
    })),
  };
}

function decalOf(pattern: ColumnSeries['pattern'], theme: ChartTheme): object | undefined {
  const color = theme.sheet;
  if (pattern === 'lines')
    return { symbol: 'rect', color, dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4 };
  if (pattern === 'dots') return { symbol: 'circle', color, symbolSize: 0.6, dashArrayX: [4, 4], dashArrayY: [4, 4] };
  return undefined;
}
