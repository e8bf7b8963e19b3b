import type { RecommendAnswer } from '@zhiyin/contract';
import { expect, it } from 'vitest';
import { formatBlock } from './block.ts';

const answer = (more: Partial<RecommendAnswer['items'][number]>): RecommendAnswer => ({
  decisionId: '7f1c9a52-6a63-4a4b-8a5f-1f3ad3f4f001',
  surface: 'message',
  items: [
    {
      itemId: 'a',
      name: 'Tea',
      category: '',
      brand: '',
      priceMinor: 1_250,
      currency: 'CNY',
      url: 'https://shop.example/a?x=1',
      imageUrl: 'https://img.example/a.jpg',
      score: 1,
      method: 'popular',
      propensity: 1,
      reason: { zh: '近期很多人选择', en: 'Popular right now', because: [] },
      ...more,
    },
  ],
  personalised: false,
  notes: [],
  model: 'popularity',
  modelVersion: '0',
  propensity: 1,
  methods: ['popular'],
  fallback: false,
  experiment: null,
  decidedAt: '2026-11-22T00:00:00.000Z',
});

it('writes names, ids and reasons as text, whatever is in them', () => {
  const nasty = `"><img src=x onerror=alert(1)>'&`;
  const html = formatBlock(answer({ name: nasty, itemId: nasty, reason: { en: nasty, because: [] } }), 'en');
  expect(html).not.toContain('<img src=x');
  expect(html).not.toContain(nasty);
  expect(html).toContain('&quot;&gt;&lt;img src=x onerror=alert(1)&gt;&#39;&amp;');
});

it('links only to the web, with the decision in the link', () => {
  expect(formatBlock(answer({}), 'en')).toContain('href="https://shop.example/a?x=1&amp;zy_decision=7f1c9a52');
  const html = formatBlock(answer({ url: 'javascript:alert(1)', imageUrl: 'data:text/html,x' }), 'en');
  expect(html).not.toMatch(/javascript:|data:text/);
});

it('is empty where there is nothing to show, and shows prices in the reader’s way', () => {
  expect(formatBlock({ ...answer({}), items: [] }, 'en')).toBe('');
  expect(formatBlock(answer({}), 'zh-CN')).toContain('¥12.50');
});
