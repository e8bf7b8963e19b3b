import { openReferenceKernels } from '@zhiyin/kernels';
import {
  buildInteractions,
  findRecommender,
  historyOf,
  recommenders,
  recommendMany,
  scoreLists,
  summariseRanking,
  usersOf,
} from '@zhiyin/learn';
import { AppError } from '../../domain/app-error.ts';
import { type Names, readInteractions } from './read-interactions.ts';

/** What `--model` takes beside `auto`. */
export const recommendModels: readonly string[] = [
  'popular',
  ...Object.keys(recommenders).filter((kind) => kind !== 'popularity'),
];

type Options = { train: string; test: string; model: string; k: number; neighbours: number; seed: number };

export type RecommendEvaluation = Record<string, number | string | null>;

/** Fits on one file, ranks all items for everybody in the other, and measures. */
export async function evaluateRecommend(options: Options): Promise<RecommendEvaluation> {
  if (options.model !== 'auto' && !recommendModels.includes(options.model)) {
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
  const interactions = buildInteractions(users.size, items.size, { user: trainPairs.user, item: trainPairs.item });
  const test = buildInteractions(users.size, items.size, { user: testPairs.user, item: testPairs.item });
  const kind = options.model === 'auto' ? 'item-knn' : options.model === 'popular' ? 'popularity' : options.model;
  const recommender = findRecommender(kind);
  if (!recommender) throw new AppError('input.invalid', `--model: there is no ${kind}`);

  using kernels = openReferenceKernels();
  const fitStart = performance.now();
  const model = recommender.fit({ interactions }, { neighbours: options.neighbours }, { kernels, seed: options.seed });
  const fitSeconds = (performance.now() - fitStart) / 1000;
  const rankStart = performance.now();
  const evaluated = usersOf(test);
  const { k } = options;
  const historyOfRow = (row: number) => historyOf({ interactions }, evaluated[row] ?? 0);
  const lists = recommendMany(recommender, model, evaluated.length, historyOfRow, { k, kernels });
  const rankSeconds = (performance.now() - rankStart) / 1000;
  const report = summariseRanking(
    scoreLists(test, k, evaluated, (_, row) => lists.column.subarray(row * k, row * k + lists.count[row]!)),
  );
  return {
    task: 'recommend',
    model: options.model === 'auto' ? kind : options.model,
    [`recall@${k}`]: report.recall,
    [`ndcg@${k}`]: report.ndcg,
    [`hit@${k}`]: report.hit,
    coverage: report.coverage,
    users: users.size,
    items: items.size,
    usersEvaluated: report.usersEvaluated,
    fitSeconds,
    usersPerSecond: report.usersEvaluated / Math.max(rankSeconds, 1e-9),
    peakRssMb: process.resourceUsage().maxRSS / 1024,
  };
}
