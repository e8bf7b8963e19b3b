import type { Training } from '@zhiyin/contract';
import { describe, expect, it } from 'vitest';
import { estimateTimeLeft } from './estimate-time-left.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toISOString();
const run = (changes: Partial<Training>): Training => ({
  id: 1,
  state: 'running',
  stage: 'fit',
  progress: 0,
  startedBy: 'operator',
  modelVersion: null,
  error: null,
  createdAt: at(0),
  startedAt: at(0),
  endedAt: null,
  ...changes,
});
const now = Date.parse(at(30));

describe('the time a training has left', () => {
  it('follows its own pace once enough is done: three quarters take as long as is needed for one more', () => {
    expect(estimateTimeLeft(run({ progress: 0.75 }), [], now)).toBe(10_000);
  });

  it('is that of the last finished run while little is done', () => {
    const last = run({ state: 'done', startedAt: at(0), endedAt: at(50) });
    expect(estimateTimeLeft(run({ progress: 0.01 }), [run({ state: 'failed' }), last], now)).toBe(20_000);
  });

  it('is not known before it started, without a run before, or when it takes longer than ever', () => {
    expect(estimateTimeLeft(run({ startedAt: null }), [], now)).toBeNull();
    expect(estimateTimeLeft(run({}), [], now)).toBeNull();
    expect(estimateTimeLeft(run({}), [run({ state: 'done', endedAt: at(20) })], now)).toBeNull();
  });
});
