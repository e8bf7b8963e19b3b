import type { RecommendModel } from '@zhiyin/contract';

export type Lift = {
  /** NDCG above the baseline's, as a share of it. */
  readonly change: number;
  /** The intervals do not overlap; also where there are none to look at and the difference is large. */
  readonly isSure: boolean;
  readonly people: number;
};

const largeChange = 0.1;

/** How much better a model ranks than showing everybody the most popular; null where there was too little to measure. */
export function computeLift({ measures, baseline }: Pick<RecommendModel, 'measures' | 'baseline'>): Lift | null {
  if (!measures || !baseline || baseline.ndcg <= 0) return null;
  const change = measures.ndcg / baseline.ndcg - 1;
  const [own, base] = [measures.ndcgInterval, baseline.ndcgInterval];
  const isSure = own && base ? own.low > base.high : change > largeChange;
  return { change, isSure, people: measures.people };
}
