import { describe, expect, it } from 'vitest';
import { content, explainByFeatures } from './content.ts';
import { buildItemContent, type ItemDescription } from './content-features.ts';
import { splitWords } from './content-words.ts';
import { buildInteractions } from './interactions.ts';
import type { FitTools, History } from './recommender.ts';

const tools = { seed: 1 } as FitTools;
const shop: ItemDescription[] = [
  { text: '茉莉花茶 Jasmine Tea', category: ['Tea', 'Green'], brand: 'Wu Yi', price: 30, tags: ['gift'] },
  { text: '茉莉绿茶 jasmine green tea', category: ['Tea', 'Green'], brand: 'wu yi', price: 35 },
  { text: '紫砂茶壶 clay teapot', category: ['Ware'], brand: 'Yixing', price: 300, tags: ['Gift'] },
  { text: 'Coffee beans, dark', category: ['Coffee'], price: 60 },
  {},
];
const model = content.fit(
  { interactions: buildInteractions(1, shop.length, { user: [], item: [] }), content: buildItemContent(shop) },
  {},
  tools,
);
const scoresOf = (history: History) => {
  const scores = new Float32Array(model.items);
  content.scoreInto(model, history, scores);
  return scores;
};

describe('words for comparing', () => {
  it('are words of spaced scripts and pairs of characters of unspaced ones', () => {
    expect(splitWords('Jasmine-Tea 2025 茉莉花茶!')).toEqual(['jasmine', 'tea', '2025', '茉莉', '莉花', '花茶']);
    expect(splitWords('茶')).toEqual(['茶']);
  });

  it('do not differ by case, width or accents’ encoding', () => {
    expect(splitWords('ＴＥＡ Café')).toEqual(splitWords('tea Cafe\u0301'));
    expect(splitWords('🍵 … ')).toEqual([]);
  });
});

describe('content of items', () => {
  it('is one row of length 1 per item, empty where nothing is known', () => {
    const { offsets, weightOf } = model.content;
    for (let item = 0; item < 4; item++) {
      const row = weightOf.subarray(offsets[item], offsets[item + 1]);
      expect(row.reduce((sum, weight) => sum + weight * weight, 0)).toBeCloseTo(row.length > 0 ? 1 : 0, 5);
    }
    expect(offsets[5] - offsets[4]).toBe(0);
  });

  it('keeps what at least two items share, spelled one way', () => {
    expect(model.content.names).toEqual(
      expect.arrayContaining(['word:茉莉', 'word:jasmine', 'category:tea > green', 'brand:wu yi', 'tag:gift']),
    );
    expect(model.content.names).not.toContain('word:coffee');
  });

  it('puts prices into bands of equally many items', () => {
    const priced = buildItemContent(Array.from({ length: 10 }, (_, i) => ({ price: 10 + i })));
    expect(priced.names).toEqual(['price:1', 'price:2', 'price:3', 'price:4', 'price:5']);
    expect([...priced.featureOf]).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4]);
  });

  it('takes embeddings, and compares items by them', () => {
    const described = [{ embedding: [1, 0] }, { embedding: [0.8, 0.6] }, { embedding: [0, -1] }];
    const table = buildItemContent(described);
    const interactions = buildInteractions(1, 3, { user: [], item: [] });
    const fitted = content.fit({ interactions, content: table }, {}, tools);
    const near = content.similar?.(fitted, 0, 2);
    expect([...(near?.item ?? [])]).toEqual([1]);
    expect(near?.score[0]).toBeCloseTo(0.8, 6);
  });

  it('says which item has a wrong price or embedding', () => {
    expect(() => buildItemContent([{}, { price: -1 }])).toThrow(/price of item 1 must be a number from 0, got -1/);
    expect(() => buildItemContent([{ embedding: [1] }, { embedding: [1, 2] }])).toThrow(
      /item 1 must have length 1, got 2/,
    );
    expect(() => buildItemContent([{ embedding: [Number.NaN] }])).toThrow(/embedding of item 0 has the value NaN/);
  });
});

describe('recommending by content', () => {
  it('finds for what a person took what is like it, though nobody took it yet', () => {
    const scores = scoresOf({ item: [0], weight: [1] });
    expect(scores[0]).toBeCloseTo(1, 5);
    expect(scores[1]).toBeGreaterThan(scores[2]);
    expect(scores[2]).toBeGreaterThan(0); // both are gifts
    expect([scores[3], scores[4]]).toEqual([0, 0]);
  });

  it('gives the shared features as reasons, adding up to the score', () => {
    const history = { item: [0, 3], weight: [2, 1] };
    const reasons = explainByFeatures(model, history, 1);
    expect(reasons.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(scoresOf(history)[1], 5);
    expect(reasons.map(({ name }) => name)).toContain('brand:wu yi');
    const parts = content.explain?.(model, history, 1) ?? [];
    expect(parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(scoresOf(history)[1], 5);
    expect(parts[0].item).toBe(0);
  });

  it('has nothing to say to a person without history, or with nothing but unknown things', () => {
    expect([...scoresOf({ item: [], weight: [] })]).toEqual([0, 0, 0, 0, 0]);
    expect([...scoresOf({ item: [4, 77], weight: [1, 1] })]).toEqual([0, 0, 0, 0, 0]);
  });

  it('wants content, of all items', () => {
    const interactions = buildInteractions(1, 2, { user: [0], item: [0] });
    expect(() => content.fit({ interactions }, {}, tools)).toThrow(/needs the content of the items/);
    expect(() => content.fit({ interactions, content: buildItemContent([{}]) }, {}, tools)).toThrow(
      /2 items, and content of 1/,
    );
  });
});
