import type { EventRow } from '@zhiyin/contract';
import { describe, expect, it } from 'vitest';
import { mergeEvents } from './merge-events.ts';

const event = (messageKey: string, second: number): EventRow => ({
  messageKey,
  profileId: '1',
  type: 'track',
  name: 'product_viewed',
  occurredAt: new Date(second * 1_000).toISOString(),
  receivedAt: new Date(second * 1_000).toISOString(),
  source: 'Shop',
  properties: {},
  context: {},
  repairs: [],
});

describe('live events', () => {
  it('puts the newest first, whatever the order of arrival', () => {
    const rows = mergeEvents([event('a', 10)], [event('c', 30), event('b', 20)]);
    expect(rows.map(({ messageKey }) => messageKey)).toEqual(['c', 'b', 'a']);
  });

  it('shows an event once when the stream repeats it', () => {
    expect(mergeEvents([event('a', 10)], [event('a', 10), event('b', 20), event('b', 20)])).toHaveLength(2);
  });

  it('forgets the oldest beyond its limit', () => {
    const many = Array.from({ length: 700 }, (_, index) => event(String(index), index));
    const rows = mergeEvents([], many);
    expect(rows).toHaveLength(500);
    expect(rows[0]?.messageKey).toBe('699');
  });

  it('hands back the same list when nothing is new, so that nothing is drawn again', () => {
    const rows = [event('a', 10)];
    expect(mergeEvents(rows, [])).toBe(rows);
    expect(mergeEvents(rows, [event('a', 10)])).toBe(rows);
  });
});
