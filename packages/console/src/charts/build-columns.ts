import type { EChartsCoreOption } from 'echarts/core';
import { axisLine, splitLine, textStyle, tooltipStyle } from './chart-parts.ts';
import type { ChartTheme } from './chart-theme.ts';
import { escapeHtml } from './escape-html.ts';

export type ColumnSeries = {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly color: string;
  /** Drawn over the colour, so that stacked parts differ without it. */
  readonly pattern?: 'none' | 'lines' | 'dots';
};

export type ColumnsInput = {
  readonly categories: readonly string[];
  readonly series: readonly ColumnSeries[];
  readonly formatCategory: (category: string) => string;
  readonly formatValue: (value: number) => string;
  readonly formatAxis: (value: number) => string;
};

/** Columns stacked from zero, one a category. */
export function buildColumns(input: ColumnsInput, theme: ChartTheme): EChartsCoreOption {
  return {
    animation: theme.animate,
    aria: { enabled: false },
    textStyle: textStyle(theme),
    grid: { left: 4, right: 12, top: 16, bottom: 4, containLabel: true },
    tooltip: {
      ...tooltipStyle(theme),
      trigger: 'axis',
      axisPointer: { type: 'shadow' },
      formatter: (points: unknown) => formatTooltip(points, input),
    },
    xAxis: {
      type: 'category',
      data: input.categories,
      axisLine: axisLine(theme),
      axisTick: { show: false },
      axisLabel: {
        color: theme.faint,
        fontSize: 12,
        hideOverlap: true,
        formatter: (category: string) => input.formatCategory(category),
      },
    },
    yAxis: {
      type: 'value',
      min: 0,
      splitNumber: 4,
      splitLine: splitLine(theme),
      axisLabel: { color: theme.faint, fontSize: 12, formatter: (value: number) => input.formatAxis(value) },
    },
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

type Point = { dataIndex: number; marker: string; seriesName: string; value: number | null | undefined };
function formatTooltip(points: unknown, input: ColumnsInput): string {
  const list = (Array.isArray(points) ? points : [points]) as Point[];
  const first = list[0];
  if (first === undefined) return '';
  const rows = list.map((point) => {
    const value = typeof point.value === 'number' ? input.formatValue(point.value) : '–';
    return `<div>${point.marker}${escapeHtml(point.seriesName)} <b style="float:right;margin-left:24px">${escapeHtml(value)}</b></div>`;
  });
  return `<div>${escapeHtml(input.formatCategory(input.categories[first.dataIndex] ?? ''))}</div>${rows.join('')}`;
}
