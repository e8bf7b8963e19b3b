import type { EChartsCoreOption } from 'echarts/core';
import { categoryFrame } from './chart-parts.ts';
import type { ChartTheme } from './chart-theme.ts';
import { getSeriesStyle } from './series-styles.ts';

export type CurveInput = {
  /** From left to right. */
  readonly steps: readonly string[];
  readonly series: readonly {
    readonly name: string;
    readonly place: number;
    readonly values: readonly (number | null)[];
  }[];
  readonly formatValue: (value: number) => string;
  /** Step that was chosen: marked. */
  readonly chosen?: number | undefined;
};

/** What a choice costs and brings: one or two measures over steps, with the chosen step marked. */
export function buildCurve({ steps, series, formatValue, chosen }: CurveInput, theme: ChartTheme): EChartsCoreOption {
  const frame = categoryFrame(steps, { formatCategory: (step) => step, formatValue, formatAxis: formatValue }, theme);
  return {
    ...frame,
    series: series.map(({ name, place, values }) => {
      const { symbol, dash } = getSeriesStyle(place);
      const color = theme.series[place % theme.series.length]!;
      return {
        type: 'line',
        name,
        data: values.map((value, step) => ({ value, symbolSize: step === chosen ? 13 : 7 })),
        symbol,
        lineStyle: { color, width: 2, type: dash },
        itemStyle: { color },
      };
    }),
  };
}
