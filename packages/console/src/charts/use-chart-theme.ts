import { useMemo, useSyncExternalStore } from 'react';
import { useAppearance } from '../theme/theme-context.ts';
import { fontFamily, seriesColours } from '../theme/tokens.ts';
import type { ChartTheme } from './chart-theme.ts';

const motionQuery = '(prefers-reduced-motion: reduce)';
const watchMotion = (changed: () => void) => {
  const query = window.matchMedia(motionQuery);
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
};

/** The console's palette as charts need it. */
export function useChartTheme(): ChartTheme {
  const { theme, palette } = useAppearance();
  const isStill = useSyncExternalStore(watchMotion, () => window.matchMedia(motionQuery).matches);
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
