import type { EChartsCoreOption } from 'echarts/core';
import { textStyle, tooltipStyle } from './chart-parts.ts';
import type { ChartTheme } from './chart-theme.ts';
import { escapeHtml } from './escape-html.ts';

export type Bar = {
  readonly name: string;
  readonly value: number;
  /** Written at the end of the bar. */
  readonly label: string;
  /** Second, quieter part of the label. */
  readonly aside?: string;
  readonly tooltip?: string;
};

export type BarsInput = {
  readonly bars: readonly Bar[];
  /** Room for the names on the left, in pixels. */
  readonly nameWidth?: number;
  /** Room for the labels behind the bars, in pixels. */
  readonly labelWidth?: number;
  readonly colour?: number;
};

export const barRowHeight = 32;

/** Horizontal bars from zero with their names on the left and their numbers at the end: no axis needed. */
export function buildBars(input: BarsInput, theme: ChartTheme): EChartsCoreOption {
  const { bars, nameWidth = 150, labelWidth = 150 } = input;
  const color = theme.series[(input.colour ?? 0) % theme.series.length]!;
  return {
    animation: theme.animate,
    aria: { enabled: false },
    textStyle: textStyle(theme),
    grid: { left: nameWidth + 12, right: labelWidth, top: 4, bottom: 4 },
    tooltip: {
      ...tooltipStyle(theme),
      trigger: 'item',
      formatter: (point: unknown) => {
        const bar = bars[(point as { dataIndex: number }).dataIndex];
        return bar === undefined ? '' : escapeHtml(bar.tooltip ?? `${bar.name}: ${bar.label}`);
      },
    },
    xAxis: { type: 'value', min: 0, show: false },
    yAxis: {
      type: 'category',
      inverse: true,
      data: bars.map(({ name }) => name),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: {
        color: theme.ink,
        fontSize: 13,
        width: nameWidth,
        overflow: 'truncate',
        interval: 0,
        align: 'left',
        margin: nameWidth + 8,
      },
    },
    series: [
      {
        type: 'bar',
        data: bars.map(({ value }) => value),
        barWidth: 16,
        barMinHeight: 1,
        itemStyle: { color, borderRadius: [0, 2, 2, 0] },
        label: {
          show: true,
          position: 'right',
          distance: 8,
          formatter: ({ dataIndex }: { dataIndex: number }) => {
            const bar = bars[dataIndex];
            return bar === undefined ? '' : `{n|${plain(bar.label)}}${bar.aside ? `  {a|${plain(bar.aside)}}` : ''}`;
          },
          rich: {
            n: { color: theme.ink, fontSize: 13, fontWeight: 600 },
            a: { color: theme.faint, fontSize: 12 },
          },
        },
      },
    ],
  };
}

/** Braces and bars are the rich text's own signs. */
function plain(text: string): string {
  return text.replace(/[{}|]/g, ' ');
}
