import { describe, expect, it } from 'vitest';
import { type Palette, palettes } from './tokens.ts';

const luminance = (hex: string): number => {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
};
const contrast = (one: string, other: string): number => {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light! + 0.05) / (dark! + 0.05);
};

const texts: (keyof Palette)[] = ['ink', 'faint', 'indigo', 'jadeText', 'amberText', 'cinnabarText'];
const grounds: (keyof Palette)[] = ['paper', 'sheet', 'wash'];

describe.each(['light', 'dark'] as const)('the %s palette', (name) => {
  const palette = palettes[name];

  it.each(texts)('makes %s readable on every ground (4.5:1)', (text) => {
    for (const ground of grounds) expect(contrast(palette[text], palette[ground])).toBeGreaterThanOrEqual(4.5);
  });

  it('makes a state readable on its own tint', () => {
    expect(contrast(palette.indigo, palette.indigoWash)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(palette.jadeText, palette.jadeWash)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(palette.amberText, palette.amberWash)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(palette.cinnabarText, palette.cinnabarWash)).toBeGreaterThanOrEqual(4.5);
  });

  it('makes buttons and the borders of inputs visible', () => {
    expect(contrast(palette.onFill, palette.indigo)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(palette.edge, palette.sheet)).toBeGreaterThanOrEqual(3);
  });
});
