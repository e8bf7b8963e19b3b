import { describe, expect, it } from 'vitest';
import { wilsonInterval } from './wilson-interval.ts';

describe('the Wilson interval', () => {
  it('is the published one for 10 of 100 (Newcombe 1998: .0552 to .1744)', () => {
    const rate = wilsonInterval(10, 100);
    expect(rate?.low).toBeCloseTo(0.0552, 4);
    expect(rate?.high).toBeCloseTo(0.1744, 4);
  });

  it('stays within 0 and 1 and is never empty where something was seen', () => {
    expect(wilsonInterval(0, 20)).toMatchObject({ value: 0, low: 0 });
    expect(wilsonInterval(20, 20)).toMatchObject({ value: 1, high: 1 });
    expect(wilsonInterval(0, 20)?.high).toBeGreaterThan(0.1);
    expect(wilsonInterval(0, 0)).toBeNull();
  });
});
