import type { RecommendModel as ModelCard } from '@zhiyin/contract';
import {
  chooseRecommender,
  type FitTools,
  type RecommenderKind,
  type RecommendModel,
  type TrainingData,
} from '@zhiyin/learn';

export type ChosenModel = {
  readonly kind: string;
  readonly options: object;
  readonly model: RecommendModel;
  readonly tried: ModelCard['tried'];
};

/**
 * What may serve: a question costs less than a millisecond and the model's size does not grow with the number of people. Neighbourhoods
 * of people compare with everybody at each question, and a hybrid costs as much as all its parts.
 */
const servingKinds: readonly RecommenderKind[] = ['item-knn', 'rp3beta', 'als', 'graph-filter'];
const listLength = 20;

/** The recommender for this data, chosen on a part held back from it and fitted on all of it. */
export function chooseModel(
  data: TrainingData,
  options: { readonly clock: () => number; readonly timeBudgetSeconds: number },
  tools: FitTools,
): ChosenModel {
  const chosen = chooseRecommender(
    data,
    { k: listLength, timeBudgetSeconds: options.timeBudgetSeconds, now: options.clock, kinds: servingKinds },
    tools,
  );
  return {
    kind: chosen.kind,
    options: chosen.options,
    model: chosen.model,
    tried: chosen.candidates.flatMap(({ kind, options: tried, ndcg, fitSeconds }) =>
      ndcg === undefined || fitSeconds === undefined
        ? []
        : [{ kind, options: { ...tried }, ndcg: ndcg.mean, fitSeconds }],
    ),
  };
}
