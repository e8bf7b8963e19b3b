import type { Panel } from '@zhiyin/contract';
import { describe, expect, it } from 'vitest';
import { readRetention } from './read-retention.ts';

const row = (cohort: string, size: number, week: number, people: number) => ({
  cohort,
  size,
  week,
  people,
  rate: people / size,
});
const panelOf = (rows: Panel['rows']): Panel => ({
  name: 'retention',
  columns: [],
  rows,
  query: { statement: '', parameters: {}, elapsedMs: 0, rowsRead: 0 },
  asOf: '2026-11-22T00:00:00Z',
});

describe('retention', () => {
  it('leaves week 0 out, where everybody is', () => {
    const read = readRetention(panelOf([row('2026-11-02', 10, 0, 10), row('2026-11-02', 10, 1, 4)]));
    expect(read.cells.map(({ week }) => week)).toEqual([1]);
    expect(read.weeks).toEqual([1]);
  });

  it('weighs cohorts by their size', () => {
    const read = readRetention(panelOf([row('2026-11-02', 10, 1, 5), row('2026-11-09', 90, 1, 9)]));
    expect(read.nextWeekRate).toBeCloseTo(0.14);
  });

  it('keeps the newest cohorts in order and the first weeks', () => {
    const rows = ['2026-10-05', '2026-10-12', '2026-10-19'].flatMap((cohort) => [
      row(cohort, 5, 1, 1),
      row(cohort, 5, 2, 1),
      row(cohort, 5, 3, 1),
    ]);
    const read = readRetention(panelOf(rows), 2, 2);
    expect(read.cohorts.map(({ cohort }) => cohort)).toEqual(['2026-10-12', '2026-10-19']);
    expect(read.weeks).toEqual([1, 2]);
  });

  it('is empty without a whole following week', () => {
    expect(readRetention(undefined)).toEqual({ cohorts: [], weeks: [], cells: [], nextWeekRate: null });
  });
});
