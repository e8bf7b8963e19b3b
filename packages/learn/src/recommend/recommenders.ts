import { sequenceRecommenders } from '../sequence/sequence-recommenders.ts';
import { als } from './als.ts';
import { bpr } from './bpr.ts';
import { content } from './content.ts';
import { ease } from './ease.ts';
import { graphFilter } from './graph-filter.ts';
import { turboCf } from './graph-filter-turbo.ts';
import { createHybrid } from './hybrid.ts';
import { itemNeighbours } from './item-neighbours.ts';
import { popularity } from './popularity.ts';
import type { Recommender, RecommendModel } from './recommender.ts';
import { rp3beta } from './rp3beta.ts';
import { svdFactors } from './truncated-svd-factors.ts';
import { userNeighbours } from './user-neighbours.ts';

/** Any recommender, where the kind is known at run time only. Its model must be one it made itself. */
export type AnyRecommender = Recommender<RecommendModel, object>;

/** All recommenders by kind. A model is scored by `recommenders[model.kind]`. */
export const recommenders = {
  popularity,
  'item-knn': itemNeighbours,
  'user-knn': userNeighbours,
  rp3beta,
  als,
  bpr,
  svd: svdFactors,
  'graph-filter': graphFilter,
  'turbo-cf': turboCf,
  ease,
  content,
  hybrid: createHybrid(findRecommender),
} satisfies Record<string, AnyRecommender>;

export type RecommenderKind = keyof typeof recommenders;

/** Those of sequences too. @returns undefined where no recommender is called so. */
export function findRecommender(kind: string): AnyRecommender | undefined {
  const byKind: Record<string, AnyRecommender> = { ...recommenders, ...sequenceRecommenders };
  return Object.hasOwn(byKind, kind) ? byKind[kind] : undefined;
}
