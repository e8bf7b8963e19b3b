import type { ChartTheme } from './chart-theme.ts';

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
