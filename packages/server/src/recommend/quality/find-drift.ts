import type { RecommendQuality, RecommendQualityRow } from '@zhiyin/contract';
import { incompleteGamma } from '@zhiyin/learn';
import { wilsonInterval } from './wilson-interval.ts';

type Alarm = RecommendQuality['alarms'][number];

const pMax = 0.01;
/** Fewer answers than this on either side say nothing. */
const answersMin = 200;

/** Surfaces on which the newest version does worse than the one before, beyond chance: two shares compared by their z value. */
export function findDrift(rows: readonly RecommendQualityRow[]): Alarm[] {
  const alarms: Alarm[] = [];
  for (const [surface, own] of Map.groupBy(rows, (row) => row.surface)) {
    const versions = [...new Set(own.map((row) => row.modelVersion))].sort((a, b) => Number(b) - Number(a));
    const [newest, previous] = versions;
    if (newest === undefined || previous === undefined) continue;
    const now = sumOf(own.filter((row) => row.modelVersion === newest));
    const before = sumOf(own.filter((row) => row.modelVersion === previous));
    if (now.answers < answersMin || before.answers < answersMin) continue;
    for (const measure of ['clickRate', 'conversionRate'] as const) {
      const p = twoSidedP(now[measure], now.answers, before[measure], before.answers);
      if (now[measure] >= before[measure] || p >= pMax) continue;
      alarms.push({
        surface,
        measure,
        modelVersion: newest,
        previousVersion: previous,
        now: rateOf(own, newest, measure),
        before: rateOf(own, previous, measure),
        p,
      });
    }
  }
  return alarms;
}

function sumOf(rows: readonly RecommendQualityRow[]) {
  const answers = rows.reduce((sum, row) => sum + row.answers, 0);
  const rate = (measure: 'clickRate' | 'conversionRate') =>
    rows.reduce((sum, row) => sum + row[measure].value * row.answers, 0) / Math.max(1, answers);
  return { answers, clickRate: rate('clickRate'), conversionRate: rate('conversionRate') };
}

function rateOf(rows: readonly RecommendQualityRow[], version: string, measure: 'clickRate' | 'conversionRate') {
  const own = rows.filter((row) => row.modelVersion === version);
  const { answers, [measure]: rate } = sumOf(own);
  return wilsonInterval(Math.round(rate * answers), answers);
}

/** Pooled z test of two shares. Two-sided normal tail = 1 − P(1/2, z²/2). */
export function twoSidedP(shareA: number, a: number, shareB: number, b: number): number {
  const pooled = (shareA * a + shareB * b) / (a + b);
  const spread = Math.sqrt(pooled * (1 - pooled) * (1 / a + 1 / b));
  if (spread === 0) return 1;
  const z = (shareA - shareB) / spread;
  return 1 - incompleteGamma(0.5, z ** 2 / 2);
}
