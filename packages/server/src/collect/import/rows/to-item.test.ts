import { describe, expect, it } from 'vitest';
import type { ImportPlan } from '../import-plan.ts';
import { recordingPorts } from '../testing.ts';
import { toItem } from './to-item.ts';
import { plainDay } from './to-spend.ts';

const plan = {
  workspace: { id: 1 },
  options: { currency: 'CNY' },
  rules: recordingPorts().rules,
} as unknown as ImportPlan;
const item = (fields: Record<string, string>) =>
  toItem(plan, { row: 1, raw: '{}', kept: new Map(), fields: new Map(Object.entries({ item_id: 'A1', ...fields })) });

describe('toItem', () => {
  it.each([
    ['12.5', 1250],
    ['¥1,299.00', 129900],
    ['1.299,50 €', 129950],
    ['1.005', 101],
  ])('reads the price %s', (price, minor) => {
    const result = item({ price });
    expect(result.kind === 'item' && result.item.price_minor).toBe(minor);
  });

  it('refuses a row without an id, with a negative price or with a price that is none', () => {
    expect(item({ item_id: '' })).toMatchObject({ reason: 'missing_item' });
    expect(item({ price: '-1' })).toMatchObject({ reason: 'negative_price' });
    expect(item({ price: 'soon' })).toMatchObject({ reason: 'bad_amount' });
    expect(item({ price: '1', currency: 'doubloon' })).toMatchObject({ reason: 'bad_currency' });
  });
});

describe('plainDay', () => {
  it.each([
    ['2026/1/3', '2026-01-03'],
    ['2026年1月3日', '2026-01-03'],
    ['20260103', '2026-01-03'],
    ['1/3/2026', '2026-01-03'],
    ['someday', 'someday'],
  ])('writes %s as %s', (text, day) => {
    expect(plainDay(text, false)).toBe(day);
  });
});
