import { describe, expect, it } from 'vitest';
import { buildItemVectors } from '../models/item-vectors.ts';
import { Catalogue } from './catalogue.ts';
import { ContentIndex } from './content-index.ts';

const cells = (itemId: string, name: string) => ({
  itemId,
  name,
  description: '',
  category: '',
  brand: '',
  priceMinor: null,
  currency: 'CNY',
  url: '',
  imageUrl: '',
  stock: null,
  attributes: {},
  deleted: false,
  version: 1,
});

describe('vectors of items', () => {
  it('are centred, so that what all have in common says nothing', () => {
    const { values, dimensions } = buildItemVectors(['a', 'b'], [Float32Array.of(1, 0.1), Float32Array.of(1, -0.1)]);
    const dot = values[0]! * values[dimensions]! + values[1]! * values[dimensions + 1]!;
    expect(dot / 127 ** 2).toBeCloseTo(-1, 2);
  });

  it('find what means the same in other words, and leave words to items without one', () => {
    const catalogue = new Catalogue();
    const named = { cup: 'porcelain cup', mug: '陶瓷 杯子', shirt: 'blue shirt', plain: 'porcelain plate' };
    catalogue.apply(Object.entries(named).map(([id, name]) => cells(id, name)));
    const content = new ContentIndex(catalogue);
    content.bring();
    const [cup, mug, shirt, plain] = Object.keys(named).map((id) => catalogue.register(id)) as [
      number,
      number,
      number,
      number,
    ];
    const likeness = () => [...content.scores([{ item: cup, weight: 1 }], [mug, shirt, plain])];
    const [, , plainByWords] = likeness();
    expect(likeness().slice(0, 2)).toEqual([0, 0]);
    const vectors = [Float32Array.of(1, 0.9, 0), Float32Array.of(1, 1, 0), Float32Array.of(1, 0, 1)];
    content.useVectors(buildItemVectors(['cup', 'mug', 'shirt'], vectors));
    const [mugNow, shirtNow, plainNow] = likeness();
    expect(mugNow).toBeGreaterThan(0.4);
    expect(shirtNow).toBe(0);
    expect(plainNow).toBe(plainByWords);
    content.useVectors(undefined);
    expect(likeness().slice(0, 2)).toEqual([0, 0]);
  });
});
