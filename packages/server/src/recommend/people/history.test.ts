import { describe, expect, it } from 'vitest';
import { deeds } from './deeds.ts';
import { computeTaste, type DeedHistory, emptyHistory } from './history.ts';

const now = Date.parse('2026-11-22T00:00:00Z');
const day = 86_400_000;
const options = { now, itemsMax: 60 };
const stored = (...rows: [item: number, deed: keyof typeof deeds, daysAgo: number, times?: number][]): DeedHistory => ({
  item: Int32Array.from(rows, ([item]) => item),
  code: Uint8Array.from(rows, ([, deed]) => deeds[deed].code),
  at: Float64Array.from(rows, ([, , daysAgo]) => now - daysAgo * day),
  times: Uint16Array.from(rows, ([, , , times = 1]) => times),
});

describe('the taste of a person', () => {
  it('weighs a deed by its kind, and half as much a half-life later', () => {
    const taste = computeTaste(stored([1, 'viewed', 30], [2, 'viewed', 0], [3, 'bought', 0]), [], options);
    const weightOf = (item: number) => taste.weight[taste.item.indexOf(item)]!;
    expect(weightOf(1)).toBeCloseTo(0.5, 10);
    expect(weightOf(2)).toBeCloseTo(1, 10);
    expect(weightOf(3)).toBeCloseTo(5, 10);
    expect(taste.at).toEqual([...taste.at].sort((a, b) => a - b));
  });

  it('is of fresh deeds too, each once when the store tells of it already', () => {
    const fresh = [{ item: 1, code: deeds.viewed.code, at: now }];
    expect(computeTaste(emptyHistory, fresh, options).weight).toEqual([1]);
    expect(computeTaste(stored([1, 'viewed', 0]), fresh, options).weight).toEqual([1]);
    expect(computeTaste(stored([1, 'viewed', 1]), fresh, options).weight[0]).toBeGreaterThan(1.9);
  });

  it('leaves out what was returned or disliked, and remembers both', () => {
    const taste = computeTaste(
      stored([1, 'bought', 0], [1, 'returned', 0], [2, 'viewed', 0], [2, 'disliked', 0]),
      [],
      options,
    );
    expect(taste.item).toEqual([]);
    expect([...taste.bought.keys()]).toEqual([1]);
    expect([...taste.disliked]).toEqual([1, 2]);
  });

  it('takes a dislike back when a like follows it', () => {
    expect([...computeTaste(stored([1, 'disliked', 5], [1, 'liked', 1]), [], options).disliked]).toEqual([]);
    expect([...computeTaste(stored([1, 'disliked', 1], [1, 'liked', 5]), [], options).disliked]).toEqual([1]);
  });

  it('keeps the latest items where there are many, and is never of what cannot be a number', () => {
    const many = stored(...Array.from({ length: 200 }, (_, i): [number, 'viewed', number] => [i, 'viewed', i]));
    const taste = computeTaste(many, [], { now, itemsMax: 10 });
    expect(taste.item).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    expect(taste.weight.every((weight) => Number.isFinite(weight) && weight > 0)).toBe(true);
  });
});
