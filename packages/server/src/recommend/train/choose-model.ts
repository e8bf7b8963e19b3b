import type { RecommendModel as ModelCard } from '@zhiyin/contract';
import { type FitTools, findRecommender, type RecommendModel, type TrainingData } from '@zhiyin/learn';

export type ChosenModel = {
  readonly kind: string;
  readonly options: object;
  readonly model: RecommendModel;
  readonly tried: ModelCard['tried'];
};

/** The recommender for this data, fitted on it. */
export function chooseModel(
  data: TrainingData,
  options: { readonly clock: () => number; readonly timeBudgetSeconds: number },
  tools: FitTools,
): ChosenModel {
  const fitOptions = { neighbours: 100, shrinkage: 20 };
  const startedAt = options.clock();
  const model = findRecommender('item-knn')!.fit(data, fitOptions, tools);
  return {
    kind: 'item-knn',
    options: fitOptions,
    model,
    tried: [{ kind: 'item-knn', options: fitOptions, ndcg: 0, fitSeconds: options.clock() - startedAt }],
  };
}
