import { describe, expect, it } from 'vitest';
import { palettes } from '../theme/tokens.ts';
import { colourAt, contrast, mixColours, pickReadable } from './mix-colours.ts';

describe('colours of a scale', () => {
  it('mixes channel by channel', () => {
    expect(mixColours('#000000', '#ffffff', 0.5)).toBe('#808080');
    expect(colourAt(['#000000', '#808080', '#ffffff'], 0)).toBe('#000000');
    expect(colourAt(['#000000', '#808080', '#ffffff'], 1)).toBe('#ffffff');
    expect(colourAt(['#000000', '#808080', '#ffffff'], 0.5)).toBe('#808080');
  });

  it('measures contrast as WCAG does', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });

  it.each(['light', 'dark'] as const)('keeps numbers on every shade of the %s heat map readable', (name) => {
    const { wash, indigo, ink, sheet, paper } = palettes[name];
    for (let share = 0; share <= 1; share += 0.02) {
      const shade = colourAt([wash, indigo], share);
      expect(contrast(shade, pickReadable(shade, [ink, sheet, paper]))).toBeGreaterThan(3.9);
    }
  });
});
