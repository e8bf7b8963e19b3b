import type { RecommendModel as ModelCard } from '@zhiyin/contract';
import {
  type ChosenRecommender,
  chooseRecommender,
  type FitTools,
  findRecommender,
  historyOf,
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

/** Models whose size and time per answer do not grow with the number of people. */
const kindsForMany: readonly RecommenderKind[] = ['popularity', 'item-knn', 'rp3beta', 'ease', 'als', 'graph-filter'];
/** From here on comparing a person with all others is no way to answer. */
const peopleManyFrom = 50_000;
/** What scoring for one person may take, or a server answers too few. */
const answerMsMax = 3;
const answersTimed = 50;
const listLength = 20;

/**
 * The recommender for this data, chosen on a part held back from it and fitted on all of it. The best one that also answers in time:
 * where the best is too slow, the best of those that are fast whatever the number of people.
 */
export function chooseModel(
  data: TrainingData,
  options: { readonly clock: () => number; readonly timeBudgetSeconds: number },
  tools: FitTools,
): ChosenModel {
  const choose = (kinds: readonly RecommenderKind[] | undefined) =>
    chooseRecommender(
      data,
      {
        k: listLength,
        timeBudgetSeconds: options.timeBudgetSeconds,
        now: options.clock,
        ...(kinds ? { kinds } : {}),
      },
      tools,
    );
  const isMany = data.interactions.users >= peopleManyFrom;
  const best = choose(isMany ? kindsForMany : undefined);
  const chosen = isMany || timeAnswer(best, data, options.clock) <= answerMsMax ? best : choose(kindsForMany);
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

/** Milliseconds to score everything for one person, the median of some. */
function timeAnswer(chosen: ChosenRecommender, data: TrainingData, clock: () => number): number {
  const recommender = findRecommender(chosen.kind);
  const { users, items } = data.interactions;
  const scores = new Float32Array(items);
  const times = Array.from({ length: Math.min(users, answersTimed) }, (_, at) => {
    const history = historyOf(data, Math.floor((at * users) / Math.min(users, answersTimed)));
    const startedAt = clock();
    recommender?.scoreInto(chosen.model, history, scores);
    return (clock() - startedAt) * 1_000;
  });
  return times.sort((a, b) => a - b)[times.length >> 1] ?? 0;
}
