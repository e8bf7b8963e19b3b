import type { EChartsCoreOption } from 'echarts/core';
import { textStyle, tooltipStyle } from './chart-parts.ts';
import type { ChartTheme } from './chart-theme.ts';
import { escapeHtml } from './escape-html.ts';
import { colourAt, pickReadable } from './mix-colours.ts';

export type HeatCell = { readonly x: number; readonly y: number; readonly rate: number; readonly tooltip: string };

export type HeatMapInput = {
  readonly columns: readonly string[];
  readonly rows: readonly string[];
  /** Cells that lie in the future are left out, not drawn as zero. */
  readonly cells: readonly HeatCell[];
  readonly formatRate: (rate: number) => string;
  readonly rowWidth?: number;
  readonly isNarrow?: boolean;
};

/** Rates as shades of one colour, each cell with its number. The scale ends at the largest rate shown. */
export function buildHeatMap(input: HeatMapInput, theme: ChartTheme): EChartsCoreOption {
  const { cells, columns, rows, rowWidth = 150, isNarrow = false } = input;
  const largest = Math.max(0.01, ...cells.map(({ rate }) => rate));
  return {
    animation: false,
    aria: { enabled: false },
    textStyle: textStyle(theme),
    grid: { left: rowWidth + 8, right: 4, top: 28, bottom: 4 },
    tooltip: {
      ...tooltipStyle(theme),
      trigger: 'item',
      formatter: (point: unknown) => escapeHtml(cells[(point as { dataIndex: number }).dataIndex]?.tooltip ?? ''),
    },
    xAxis: {
      type: 'category',
      position: 'top',
      data: columns,
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: theme.faint, fontSize: 12, hideOverlap: true },
      splitArea: { show: false },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: rows,
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: {
        color: theme.ink,
        fontSize: 12,
        interval: 0,
        width: rowWidth,
        overflow: 'truncate',
        align: 'left',
        margin: rowWidth + 4,
      },
    },
    visualMap: {
      show: false,
      min: 0,
      max: largest,
      dimension: 2,
      inRange: { color: [...theme.scale] },
    },
    series: [
      {
        type: 'heatmap',
        data: cells.map(({ x, y, rate }) => ({
          value: [x, y, rate],
          label: { color: pickReadable(colourAt(theme.scale, rate / largest), [theme.ink, theme.sheet, theme.paper]) },
        })),
        label: {
          show: !isNarrow && columns.length <= 14,
          fontSize: 12,
          formatter: ({ value }: { value: [number, number, number] }) => input.formatRate(value[2]),
        },
        itemStyle: { borderColor: theme.sheet, borderWidth: 2, borderRadius: 3 },
        emphasis: { itemStyle: { borderColor: theme.ink, borderWidth: 1 } },
      },
    ],
  };
}
