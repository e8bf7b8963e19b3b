import { type ReactNode, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { applyPalette } from './apply-palette.ts';
import { remembered } from './remembered.ts';
import { type Appearance, AppearanceContext, type RiseChoice, type ThemeChoice } from './theme-context.ts';
import { palettes } from './tokens.ts';

const darkQuery = window.matchMedia('(prefers-color-scheme: dark)');
const watchSystem = (changed: () => void) => {
  darkQuery.addEventListener('change', changed);
  return () => darkQuery.removeEventListener('change', changed);
};

/** Holds the choice of theme and of the colour of a rise; remembered in this browser, so the page before sign-in has it too. */
export function AppearanceProvider({ children }: { children: ReactNode }) {
  const systemIsDark = useSyncExternalStore(watchSystem, () => darkQuery.matches);
  const [choice, setChoice] = useState<ThemeChoice>(() =>
    remembered.read('theme', ['system', 'light', 'dark'], 'system'),
  );
  const [riseChoice, setRiseChoice] = useState<RiseChoice>(() =>
    remembered.read('rise', ['locale', 'green', 'red'], 'locale'),
  );
  const theme = choice === 'system' ? (systemIsDark ? 'dark' : 'light') : choice;

  useEffect(() => remembered.write('theme', choice), [choice]);
  useEffect(() => remembered.write('rise', riseChoice), [riseChoice]);
  useEffect(() => applyPalette(theme), [theme]);

  const appearance = useMemo<Appearance>(
    () => ({ theme, palette: palettes[theme], choice, setChoice, riseChoice, setRiseChoice }),
    [theme, choice, riseChoice],
  );
  return <AppearanceContext value={appearance}>{children}</AppearanceContext>;
}
