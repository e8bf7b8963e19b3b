import type { EChartsCoreOption } from 'echarts/core';
import { textStyle, tooltipStyle } from './chart-parts.ts';
import type { ChartTheme } from './chart-theme.ts';
import { escapeHtml } from './escape-html.ts';

export type SankeyInput = {
  /** From left and right: a name that is on both sides stands there twice. */
  readonly left: readonly { readonly key: string; readonly name: string; readonly colour: string }[];
  readonly right: readonly { readonly key: string; readonly name: string; readonly colour: string }[];
  readonly flows: readonly {
    readonly from: string;
    readonly to: string;
    readonly value: number;
    readonly tooltip: string;
  }[];
};

/** Streams from what was to what is, as wide as the people in them. */
export function buildSankey({ left, right, flows }: SankeyInput, theme: ChartTheme): EChartsCoreOption {
  const nodes = [
    ...left.map((node) => ({ ...node, id: `was ${node.key}`, depth: 0, position: 'left' })),
    ...right.map((node) => ({ ...node, id: `is ${node.key}`, depth: 1, position: 'right' })),
  ];
  return {
    animation: theme.animate,
    aria: { enabled: false },
    textStyle: textStyle(theme),
    tooltip: {
      ...tooltipStyle(theme),
      formatter: (point: unknown) => {
        const { dataType, dataIndex, name } = point as { dataType: string; dataIndex: number; name: string };
        const text = dataType === 'edge' ? flows[dataIndex]?.tooltip : nodes.find(({ id }) => id === name)?.name;
        return escapeHtml(text ?? '');
      },
    },
    series: [
      {
        type: 'sankey',
        left: 108,
        right: 108,
        top: 8,
        bottom: 8,
        nodeGap: 10,
        nodeWidth: 10,
        draggable: false,
        layoutIterations: 0,
        emphasis: { focus: 'adjacency' },
        lineStyle: { color: 'source', opacity: 0.28, curveness: 0.5 },
        data: nodes.map(({ id, name, colour, depth, position }) => ({
          name: id,
          depth,
          itemStyle: { color: colour, borderWidth: 0 },
          label: { position, formatter: name, color: theme.ink, fontSize: 12, width: 96, overflow: 'truncate' },
        })),
        links: flows.map(({ from, to, value }) => ({ source: `was ${from}`, target: `is ${to}`, value })),
      },
    ],
  };
}
