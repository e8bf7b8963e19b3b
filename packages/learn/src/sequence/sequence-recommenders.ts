import type { Recommender, RecommendModel } from '../recommend/recommender.ts';
import { sasrec } from './sasrec/sasrec.ts';
import { sequenceBlend } from './sequence-blend.ts';
import { sessionNeighbours } from './session-neighbours.ts';
import { transitionNeighbours } from './transition-neighbours.ts';

/** Recommenders that look at the order of events, by kind: their training data needs times. */
export const sequenceRecommenders = {
  'transition-knn': transitionNeighbours,
  vsknn: sessionNeighbours,
  sasrec,
  'sequence-blend': sequenceBlend,
} satisfies Record<string, Recommender<RecommendModel, object>>;
