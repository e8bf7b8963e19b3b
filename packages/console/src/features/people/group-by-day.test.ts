import type { EventRow } from '@zhiyin/contract';
import { expect, it } from 'vitest';
import { groupByDay } from './group-by-day.ts';

const at = (occurredAt: string) => ({ messageKey: occurredAt, occurredAt }) as EventRow;

it('cuts the timeline where the workspace’s day changes, not where the sender’s does', () => {
  const events = [at('2026-11-19T16:30:00Z'), at('2026-11-19T15:30:00Z'), at('2026-11-18T20:00:00Z')];
  expect(groupByDay(events, 'Asia/Shanghai').map(({ day, events: rows }) => [day, rows.length])).toEqual([
    ['2026-11-20', 1],
    ['2026-11-19', 2],
  ]);
  expect(groupByDay([], 'UTC')).toEqual([]);
});
