import { palettes, type ThemeName } from './tokens.ts';

/** Puts the palette on the root as CSS variables: `--ink`, `--jade-text`, … which our style sheets use. */
export function applyPalette(theme: ThemeName): void {
  const root = document.documentElement;
  root.dataset.theme = theme;
  root.style.colorScheme = theme;
  for (const [name, colour] of Object.entries(palettes[theme])) root.style.setProperty(variableName(name), colour);
}

export const variableName = (token: string) =>
  `--${token.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
