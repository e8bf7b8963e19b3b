import { describe, expect, it } from 'vitest';
import { splitReport } from './report-parts.ts';

describe('an import report', () => {
  it('adds up to what was received', () => {
    const { parts, difference } = splitReport({
      received: 100,
      accepted: 70,
      repaired: 15,
      duplicate: 10,
      quarantined: 5,
    });
    expect(parts.map(({ share }) => share)).toEqual([0.7, 0.15, 0.1, 0.05]);
    expect(difference).toBe(0);
  });
  it('says when it does not', () => {
    expect(splitReport({ received: 100, accepted: 70, repaired: 0, duplicate: 0, quarantined: 0 }).difference).toBe(30);
  });
  it('has no shares for an empty file', () => {
    const { parts } = splitReport({ received: 0, accepted: 0, repaired: 0, duplicate: 0, quarantined: 0 });
    expect(parts.every(({ share }) => share === 0)).toBe(true);
  });
});
