import { useMemo } from 'react';
import { useAppearance } from '../theme/theme-context.ts';
import { fontFamily, seriesColours } from '../theme/tokens.ts';
import { useStillness } from '../theme/use-stillness.ts';
import type { ChartTheme } from './chart-theme.ts';

/** The console's palette as charts need it. */
export function useChartTheme(): ChartTheme {
  const { theme, palette } = useAppearance();
  const isStill = useStillness();
  return useMemo(
    () => ({
      isDark: theme === 'dark',
      paper: palette.paper,
      sheet: palette.sheet,
      line: palette.line,
      ink: palette.ink,
      faint: palette.faint,
      series: seriesColours(palette),
      scale: [palette.wash, palette.indigo],
      good: palette.jade,
      bad: palette.cinnabar,
      caution: palette.amber,
      fontFamily,
      animate: !isStill,
    }),
    [theme, palette, isStill],
  );
}
