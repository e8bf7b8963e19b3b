import {
  buildInteractions,
  evaluateRanking,
  fitItemNeighbours,
  fitPopularity,
  fitUserNeighbours,
  type Interactions,
  scoreByItemNeighboursInto,
  scoreByPopularityInto,
  scoreByUserNeighboursInto,
} from '@zhiyin/learn';
import { AppError } from '../../domain/app-error.ts';
import { type NamedPairs, type Names, readInteractions } from './read-interactions.ts';

export const recommendModels = ['popular', 'item-knn', 'user-knn'] as const;
type ModelName = (typeof recommendModels)[number];

type Options = { train: string; test: string; model: string; k: number; neighbours: number; seed: number };

export type RecommendEvaluation = Record<string, number | string | null>;

/**
 * Fits on one file, ranks all items for everybody in the other, and measures. `auto` takes the model that ranks best for a
 * validation part cut from the training file (every tenth pair of each person); the test file is never looked at for it.
 */
export async function evaluateRecommend(options: Options): Promise<RecommendEvaluation> {
  if (options.model !== 'auto' && !recommendModels.includes(options.model as ModelName)) {
    throw new AppError(
      'input.invalid',
      `--model: must be auto or one of ${recommendModels.join(', ')}, got ${options.model}`,
      {
        details: { field: '--model', fix: `Use auto or one of ${recommendModels.join(', ')}.` },
      },
    );
  }
  const users: Names = new Map();
  const items: Names = new Map();
  const trainPairs = await readInteractions(options.train, users, items);
  const testPairs = await readInteractions(options.test, users, items);
  const build = (pairs: NamedPairs) => buildInteractions(users.size, items.size, pairs);
  const train = build(trainPairs);
  const test = build(testPairs);

  const chosen =
    options.model === 'auto'
      ? chooseModel(trainPairs, build, options)
      : { model: options.model as ModelName, validation: null };
  const fitStart = performance.now();
  const scoreInto = fit(chosen.model, train, options.neighbours);
  const fitSeconds = (performance.now() - fitStart) / 1000;
  const rankStart = performance.now();
  const report = evaluateRanking(train, test, options.k, scoreInto);
  const rankSeconds = (performance.now() - rankStart) / 1000;
  return {
    task: 'recommend',
    model: chosen.model,
    [`recall@${options.k}`]: report.recall,
    [`ndcg@${options.k}`]: report.ndcg,
    [`hit@${options.k}`]: report.hit,
    coverage: report.coverage,
    users: users.size,
    items: items.size,
    usersEvaluated: report.usersEvaluated,
    fitSeconds,
    usersPerSecond: report.usersEvaluated / Math.max(rankSeconds, 1e-9),
    peakRssMb: process.resourceUsage().maxRSS / 1024,
    ...(chosen.validation === null ? {} : { [`validationNdcg@${options.k}`]: chosen.validation }),
  };
}

function chooseModel(
  pairs: NamedPairs,
  build: (pairs: NamedPairs) => Interactions,
  options: Options,
): { model: ModelName; validation: number } {
  const seen = new Map<number, number>();
  const isHeldOut = pairs.user.map((user) => {
    const count = (seen.get(user) ?? 0) + 1;
    seen.set(user, count);
    return count % 10 === 0;
  });
  const part = (held: boolean): NamedPairs => ({
    user: pairs.user.filter((_, i) => isHeldOut[i] === held),
    item: pairs.item.filter((_, i) => isHeldOut[i] === held),
    value: pairs.value.filter((_, i) => isHeldOut[i] === held),
  });
  const known = build(part(false));
  const held = build(part(true));
  return recommendModels
    .map((model) => ({
      model,
      validation: evaluateRanking(known, held, options.k, fit(model, known, options.neighbours)).ndcg,
    }))
    .reduce((best, candidate) => (candidate.validation > best.validation ? candidate : best));
}

function fit(model: ModelName, train: Interactions, neighbours: number): (user: number, scores: Float64Array) => void {
  if (model === 'popular') {
    const popularity = fitPopularity(train);
    return (_, scores) => scoreByPopularityInto(popularity, scores);
  }
  if (model === 'user-knn') {
    const similar = fitUserNeighbours(train, { neighbours });
    return (user, scores) => scoreByUserNeighboursInto(similar, user, scores);
  }
  const similar = fitItemNeighbours(train, { neighbours });
  return (user, scores) => {
    const [start, end] = [train.offsets[user], train.offsets[user + 1]];
    scoreByItemNeighboursInto(
      similar,
      { item: train.itemOf.subarray(start, end), value: train.weightOf.subarray(start, end) },
      scores,
    );
  };
}
