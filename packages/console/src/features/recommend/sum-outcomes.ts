import type { RecommendQuality } from '@zhiyin/contract';
import { type Rate, wilsonInterval } from './wilson-interval.ts';

export type Outcomes = {
  readonly answers: number;
  readonly itemsShown: number;
  readonly clickRate: Rate | null;
  readonly conversionRate: Rate | null;
};

/** Outcomes of all versions and arms together; of one surface, or of all. Rates are taken back to answers first, so that they add up. */
export function sumOutcomes(rows: RecommendQuality['rows'], surface?: string): Outcomes {
  let [answers, itemsShown, clicked, converted] = [0, 0, 0, 0];
  for (const row of rows) {
    if (surface !== undefined && row.surface !== surface) continue;
    answers += row.answers;
    itemsShown += row.itemsShown;
    clicked += row.clickRate.value * row.answers;
    converted += row.conversionRate.value * row.answers;
  }
  return {
    answers,
    itemsShown,
    clickRate: wilsonInterval(Math.round(clicked), answers),
    conversionRate: wilsonInterval(Math.round(converted), answers),
  };
}
