import type { ChartTheme } from './chart-theme.ts';
import { escapeHtml } from './escape-html.ts';

/** Pieces that every chart shares, so that all of them look like one hand drew them. */
export function textStyle(theme: ChartTheme) {
  return { fontFamily: theme.fontFamily, color: theme.ink, fontSize: 12 };
}

export function axisLine(theme: ChartTheme) {
  return { show: true, lineStyle: { color: theme.line } };
}

export function splitLine(theme: ChartTheme) {
  return { show: true, lineStyle: { color: theme.line, opacity: 0.7 } };
}

export function tooltipStyle(theme: ChartTheme) {
  return {
    backgroundColor: theme.sheet,
    borderColor: theme.line,
    borderWidth: 1,
    padding: [8, 12],
    confine: true,
    transitionDuration: theme.animate ? 0.2 : 0,
    textStyle: { color: theme.ink, fontSize: 12, fontFamily: theme.fontFamily },
    extraCssText: 'box-shadow: 0 4px 16px rgb(0 0 0 / 12%); max-width: 320px; white-space: normal;',
  };
}

/** What charts over categories say in words: the names of categories, and values in full and on an axis. */
export type CategoryWords = {
  readonly formatCategory: (category: string) => string;
  readonly formatValue: (value: number) => string;
  readonly formatAxis: (value: number) => string;
};

/** The frame of columns and of lines over time: categories from left to right, values from zero. */
export function categoryFrame(categories: readonly string[], words: CategoryWords, theme: ChartTheme) {
  const label = { color: theme.faint, fontSize: 12 };
  return {
    animation: theme.animate,
    aria: { enabled: false }, // the card carries a real table for screen readers
    textStyle: textStyle(theme),
    grid: { left: 4, right: 12, top: 16, bottom: 4, containLabel: true },
    tooltip: {
      ...tooltipStyle(theme),
      trigger: 'axis',
      formatter: (points: unknown) => formatTooltip(points, categories, words),
    },
    xAxis: {
      type: 'category',
      data: categories,
      axisLine: axisLine(theme),
      axisTick: { show: false },
      axisLabel: { ...label, hideOverlap: true, formatter: (category: string) => words.formatCategory(category) },
    },
    yAxis: {
      type: 'value',
      min: 0 as number | ((extent: { min: number }) => number),
      splitNumber: 4,
      splitLine: splitLine(theme),
      axisLabel: { ...label, formatter: (value: number) => words.formatAxis(value) },
    },
  };
}

type Point = { dataIndex: number; marker: string; seriesName: string; value: number | null | undefined };
function formatTooltip(points: unknown, categories: readonly string[], words: CategoryWords): string {
  const list = (Array.isArray(points) ? points : [points]) as Point[];
  const first = list[0];
  if (first === undefined) return '';
  const rows = list.map((point) => {
    const value = typeof point.value === 'number' ? words.formatValue(point.value) : '–';
    return `<div>${point.marker}${escapeHtml(point.seriesName)} <b style="float:right;margin-left:24px">${escapeHtml(value)}</b></div>`;
  });
  return `<div>${escapeHtml(words.formatCategory(categories[first.dataIndex] ?? ''))}</div>${rows.join('')}`;
}
