import type { EChartsCoreOption } from 'echarts/core';
import { textStyle, tooltipStyle } from './chart-parts.ts';
import type { ChartTheme } from './chart-theme.ts';
import { escapeHtml } from './escape-html.ts';
import { colourAt, pickReadable } from './mix-colours.ts';

export type TreemapTile = {
  readonly name: string;
  readonly value: number;
  /** Second line: the number. */
  readonly label: string;
  readonly tooltip: string;
  /** 0 to 1: how strong the shade is. */
  readonly shade: number;
};

/** Tiles as large as what they stand for, each with its name and number; shades of one colour say a second measure. */
export function buildTreemap(tiles: readonly TreemapTile[], theme: ChartTheme): EChartsCoreOption {
  return {
    animation: theme.animate,
    aria: { enabled: false },
    textStyle: textStyle(theme),
    tooltip: {
      ...tooltipStyle(theme),
      formatter: (point: unknown) => escapeHtml(tiles[(point as { dataIndex: number }).dataIndex - 1]?.tooltip ?? ''),
    },
    series: [
      {
        type: 'treemap',
        left: 0,
        right: 0,
        top: 0,
        bottom: 0,
        roam: false,
        nodeClick: false,
        breadcrumb: { show: false },
        sort: 'desc',
        itemStyle: { borderColor: theme.sheet, borderWidth: 2, gapWidth: 2, borderRadius: 4 },
        emphasis: { itemStyle: { borderColor: theme.ink } },
        data: tiles.map(({ name, value, label, shade }) => {
          const fill = colourAt(theme.scale, 0.15 + 0.85 * shade);
          return {
            name,
            value,
            itemStyle: { color: fill },
            label: {
              formatter: `{name|${name}}\n{number|${label}}`,
              color: pickReadable(fill, [theme.ink, theme.sheet, theme.paper]),
            },
          };
        }),
        label: {
          position: 'insideTopLeft',
          distance: 8,
          overflow: 'truncate',
          rich: { name: { fontSize: 13, fontWeight: 600, lineHeight: 20 }, number: { fontSize: 12, lineHeight: 18 } },
        },
      },
    ],
  };
}
