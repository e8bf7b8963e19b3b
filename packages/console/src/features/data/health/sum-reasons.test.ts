import { describe, expect, it } from 'vitest';
import { sumReasons } from './sum-reasons.ts';

const row = (reason: string, sourceId: number, day: string, records: number) => ({
  reason,
  sourceId,
  source: `S${sourceId}`,
  day,
  records,
});

describe('reasons', () => {
  it('brings days and sources together, most frequent first', () => {
    const sums = sumReasons([
      row('bot', 1, '2026-11-01', 1),
      row('bad_amount', 1, '2026-11-01', 2),
      row('bad_amount', 2, '2026-11-02', 5),
    ]);
    expect(sums.map(({ reason, records, share }) => [reason, records, share])).toEqual([
      ['bad_amount', 7, 0.875],
      ['bot', 1, 0.125],
    ]);
    expect(sums[0]?.sources).toEqual([
      { sourceId: 2, name: 'S2', records: 5 },
      { sourceId: 1, name: 'S1', records: 2 },
    ]);
    expect(sums[0]?.days.get('2026-11-02')).toBe(5);
  });
  it('is empty when nothing was held back', () => {
    expect(sumReasons([])).toEqual([]);
  });
});
