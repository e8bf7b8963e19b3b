import { createContext, useContext } from 'react';
import { type Palette, palettes, type ThemeName } from './tokens.ts';

export type ThemeChoice = 'system' | ThemeName;
export type RiseChoice = 'locale' | 'green' | 'red';

export interface Appearance {
  theme: ThemeName;
  palette: Palette;
  choice: ThemeChoice;
  setChoice: (choice: ThemeChoice) => void;
  /** What the operator chose; `locale` follows the language. */
  riseChoice: RiseChoice;
  setRiseChoice: (choice: RiseChoice) => void;
}

export const AppearanceContext = createContext<Appearance>({
  theme: 'light',
  palette: palettes.light,
  choice: 'system',
  setChoice: () => undefined,
  riseChoice: 'locale',
  setRiseChoice: () => undefined,
});

/** The theme in use and its palette; charts draw with it. */
export const useAppearance = () => useContext(AppearanceContext);
