import { expect, it } from 'vitest';
import { estimateLeftMs } from './job-progress.ts';

const startedAt = '2026-05-01T00:00:00.000Z';
const now = Date.parse(startedAt) + 10_000;
const job = { state: 'active' as const, startedAt, progress: { done: 250, total: 1_000 } };

it('goes by what was done in the time it took', () => {
  expect(estimateLeftMs(job, now)).toBe(30_000);
  expect(estimateLeftMs({ ...job, progress: { done: 1_000, total: 1_000 } }, now)).toBe(0);
});

it.each([
  [{ ...job, progress: null }],
  [{ ...job, progress: { done: 0, total: 10 } }],
  [{ ...job, progress: { done: 5, total: null } }],
  [{ ...job, state: 'created' as const }],
])('guesses nothing from %j', (one) => {
  expect(estimateLeftMs(one, now)).toBeNull();
});
