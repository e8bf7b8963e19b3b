import { type Kernels, openKernels } from '@zhiyin/kernels';
import {
  type AnyRecommender,
  buildInteractions,
  buildTimedInteractions,
  type CandidateReport,
  chooseRecommender,
  DomainError,
  type FitTools,
  findRecommender,
  historyOf,
  type Interactions,
  itemCounts,
  type RecommenderKind,
  type RecommendModel,
  recommenders,
  recommendMany,
  scoreLists,
  summariseRanking,
  type TrainingData,
  usersOf,
} from '@zhiyin/learn';
import { AppError } from '../../domain/app-error.ts';
import { readCatalogue } from './read-catalogue.ts';
import { type Names, type NumberedPairs, readInteractions } from './read-interactions.ts';

/** What `--model` takes beside `auto`: the kinds of recommenders, popularity under its short name. */
export const recommendModels: readonly string[] = [
  'popular',
  ...Object.keys(recommenders).filter((kind) => kind !== 'popularity'),
];

export type EvaluateRecommendOptions = {
  readonly train: string;
  readonly test: string;
  /** Content of items, for models that know it. */
  readonly items?: string;
  readonly model: string;
  /** Options of the model as JSON; without them they are chosen on a part of the training file. */
  readonly options?: string;
  readonly ratings: 'ignore' | 'weigh';
  readonly k: number;
  readonly seed: number;
  readonly timeBudgetSeconds: number;
};

type Cell = number | string | null;
export type RecommendEvaluation = Record<string, Cell | readonly Record<string, Cell>[]>;

/**
 * Fits on one file, ranks all items for everybody in the other, and measures. What is chosen (the model, its options) is chosen
 * on a validation part of the training file; the test file is read by the final model alone.
 */
export async function evaluateRecommend(options: EvaluateRecommendOptions): Promise<RecommendEvaluation> {
  const kind = checkModel(options.model);
  const users: Names = new Map();
  const items: Names = new Map();
  const trainPairs = await readInteractions(options.train, users, items);
  const testPairs = await readInteractions(options.test, users, items);
  const descriptions = options.items === undefined ? undefined : await readCatalogue(options.items, items);
  const data: TrainingData = {
    ...buildData(users.size, items.size, trainPairs, options.ratings),
    ...(descriptions ? { content: descriptions(items.size) } : {}),
  };
  const test = buildInteractions(users.size, items.size, { user: testPairs.user, item: testPairs.item });
  using kernels = openKernels();
  const fitted = fitModel(kind, data, options, kernels);
  const ranked = rankEverybody(fitted.kind, fitted.model, data, test, options.k, kernels);
  return {
    task: 'recommend',
    model: fitted.kind === 'popularity' ? 'popular' : fitted.kind,
    [`recall@${options.k}`]: ranked.recall,
    [`ndcg@${options.k}`]: ranked.ndcg,
    [`hit@${options.k}`]: ranked.hit,
    coverage: ranked.coverage,
    users: users.size,
    items: items.size,
    usersEvaluated: ranked.usersEvaluated,
    usersWithoutHistory: ranked.usersWithoutHistory,
    ratingsNotAboveZero: trainPairs.notLiked + testPairs.notLiked,
    fitSeconds: fitted.fitSeconds,
    searchSeconds: fitted.searchSeconds,
    usersPerSecond: ranked.usersPerSecond,
    peakRssMb: process.resourceUsage().maxRSS / 1024,
    kernels: `${kernels.kind}, ${kernels.threads} thread${kernels.threads === 1 ? '' : 's'}`,
    options: JSON.stringify(fitted.options),
    reason: fitted.reason,
    candidates: fitted.candidates.map((candidate) => candidateRow(candidate, options.k)),
  };
}

function checkModel(model: string): RecommenderKind | 'auto' {
  if (model === 'auto' || model === 'popular') return model === 'popular' ? 'popularity' : 'auto';
  if (recommendModels.includes(model)) return model as RecommenderKind;
  throw new AppError('input.invalid', `--model: must be auto or one of ${recommendModels.join(', ')}, got ${model}`, {
    details: { field: '--model', fix: `Use auto or one of ${recommendModels.join(', ')}.` },
  });
}

function buildData(users: number, items: number, pairs: NumberedPairs, ratings: 'ignore' | 'weigh'): TrainingData {
  const triples = { user: pairs.user, item: pairs.item, ...(ratings === 'weigh' ? { value: pairs.value } : {}) };
  return pairs.at
    ? buildTimedInteractions(users, items, { ...triples, at: pairs.at })
    : { interactions: buildInteractions(users, items, triples) };
}

type Fitted = {
  readonly kind: RecommenderKind;
  readonly model: RecommendModel;
  readonly options: object;
  readonly fitSeconds: number;
  readonly searchSeconds: number;
  readonly reason: string | null;
  readonly candidates: readonly CandidateReport[];
};

function fitModel(
  kind: RecommenderKind | 'auto',
  data: TrainingData,
  options: EvaluateRecommendOptions,
  kernels: Kernels,
): Fitted {
  const tools = { kernels, seed: options.seed };
  const now = () => performance.now() / 1000;
  if (kind === 'auto' || options.options === undefined) {
    return chooseRecommender(
      data,
      {
        k: options.k,
        timeBudgetSeconds: options.timeBudgetSeconds,
        now,
        ...(kind === 'auto' ? {} : { kinds: [kind] }),
      },
      tools,
    );
  }
  const given = parseOptions(options.options);
  const started = now();
  const model = fitWith(recommenderOf(kind), data, given, tools);
  return { kind, model, options: given, fitSeconds: now() - started, searchSeconds: 0, reason: null, candidates: [] };
}

function recommenderOf(kind: RecommenderKind): AnyRecommender {
  const recommender = findRecommender(kind);
  if (!recommender) throw new AppError('internal', `there is no recommender ${kind}`);
  return recommender;
}

function fitWith(recommender: AnyRecommender, data: TrainingData, options: object, tools: FitTools): RecommendModel {
  try {
    return recommender.fit(data, options, tools);
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause;
    throw new AppError('input.invalid', `--options: ${cause.message}`, { cause, details: { field: '--options' } });
  }
}

function parseOptions(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Said below: the text as it came.
  }
  throw new AppError('input.invalid', `--options: must be a JSON object such as {"neighbours":100}, got ${text}`, {
    details: { field: '--options' },
  });
}

/** Every person with something held back gets a list of all items they do not have yet; those unknown get the model's for nobody. */
function rankEverybody(
  kind: RecommenderKind,
  model: RecommendModel,
  data: TrainingData,
  test: Interactions,
  k: number,
  kernels: Kernels,
) {
  const recommender = recommenderOf(kind);
  const people = usersOf(test);
  const histories = (row: number) => historyOf(data, people[row] ?? 0);
  const unseen = itemsUnseen(data);
  const excludedOf = (row: number) => [...Array.from(histories(row).item), ...unseen];
  const started = performance.now();
  const lists = recommendMany(recommender, model, people.length, histories, {
    k,
    kernels,
    ...(unseen.length > 0 ? { excludedOf } : {}),
  });
  const seconds = (performance.now() - started) / 1000;
  const scores = scoreLists(test, k, people, (_, row) =>
    lists.column.subarray(row * k, row * k + (lists.count[row] ?? 0)),
  );
  const { offsets } = data.interactions;
  return {
    ...summariseRanking(scores),
    usersWithoutHistory: people.filter((user) => offsets[user] === offsets[user + 1]).length,
    usersPerSecond: people.length / Math.max(seconds, 1e-9),
  };
}

/** Items of the test file that no model can know: without content their place in a ranking would be chance. */
function itemsUnseen({ interactions, content }: TrainingData): readonly number[] {
  if (content) return [];
  return Array.from(itemCounts(interactions)).flatMap((count, item) => (count === 0 ? [item] : []));
}

function candidateRow(candidate: CandidateReport, k: number): Record<string, Cell> {
  const { kind, options, outcome, reason, recall, ndcg, hit, coverage, fitSeconds } = candidate;
  return {
    model: kind === 'popularity' ? 'popular' : kind,
    outcome,
    [`ndcg@${k}`]: ndcg?.mean ?? null,
    from: ndcg?.from ?? null,
    to: ndcg?.to ?? null,
    [`recall@${k}`]: recall ?? null,
    [`hit@${k}`]: hit ?? null,
    coverage: coverage ?? null,
    fitSeconds: fitSeconds ?? null,
    options: JSON.stringify(options),
    why: reason ?? null,
  };
}
