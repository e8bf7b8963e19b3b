import { describe, expect, it } from 'vitest';
import { createBuckets } from './rate-limit.ts';

describe('token buckets', () => {
  it('allow a burst, then as many as flow in, each name for itself', () => {
    let at = 0;
    const take = createBuckets({ perSecond: 2, burst: 3 }, () => at);
    expect([take('a'), take('a'), take('a')]).toEqual([0, 0, 0]);
    expect(take('a')).toBeCloseTo(0.5);
    expect(take('b')).toBe(0);
    at += 500;
    expect(take('a')).toBe(0);
    expect(take('a')).toBeGreaterThan(0);
    at += 60_000;
    expect([take('a'), take('a'), take('a')]).toEqual([0, 0, 0]);
    expect(take('a')).toBeGreaterThan(0);
  });
});
