import type { TextModel } from './text-model.ts';

/**
 * The same model with its feature numbers as gaps of seven bits a byte: most gaps fit one or two, so that compressing it afterwards pays.
 * Lossless. Plain data, for `saveModel`.
 */
export type CompactTextModel = Omit<TextModel, 'features' | 'kind'> & {
  readonly kind: 'text-linear-compact';
  readonly gaps: Uint8Array;
};

export function compactTextModel({ features, kind: _, ...rest }: TextModel): CompactTextModel {
  const gaps: number[] = [];
  let before = -1;
  for (const feature of features) {
    let gap = feature - before - 1;
    for (; gap >= 128; gap >>>= 7) gaps.push((gap & 127) | 128);
    gaps.push(gap);
    before = feature;
  }
  return { ...rest, kind: 'text-linear-compact', gaps: Uint8Array.from(gaps) };
}

export function expandTextModel({ gaps, kind: _, ...rest }: CompactTextModel): TextModel {
  const features: number[] = [];
  let before = -1;
  let gap = 0;
  let shift = 0;
  for (const byte of gaps) {
    gap |= (byte & 127) << shift;
    shift += 7;
    if (byte & 128) continue;
    before += gap + 1;
    features.push(before);
    gap = 0;
    shift = 0;
  }
  return { ...rest, kind: 'text-linear', features: Uint32Array.from(features) };
}
