import type { Kernels, TopKRows } from '@zhiyin/kernels';
import { DomainError } from '../errors.ts';
import { bootstrapMean, type MeanInterval } from './bootstrap.ts';
import { type Candidate, candidatesFor, shareOfNewItems } from './candidates.ts';
import { type RankingScores, scoreLists, summariseRanking } from './evaluate-ranking.ts';
import { historyOf } from './interactions.ts';
import { learnHybrid, priceOfNewItems } from './learn-hybrid.ts';
import { recommendMany } from './recommend-many.ts';
import type { FitTools, History, RecommendModel, TrainingData } from './recommender.ts';
import { type AnyRecommender, findRecommender, type RecommenderKind, recommenders } from './recommenders.ts';
import { splitForValidation, type ValidationSplit } from './split-for-validation.ts';

export type ChooseRecommenderOptions = {
  /** Length of the lists that are judged. */
  readonly k: number;
  /** Candidates are not begun when they would end after it; the one that serves is always fitted. */
  readonly timeBudgetSeconds: number;
  /** Seconds from any start; the budget is measured with it. */
  readonly now: () => number;
  /** Only these, beside popularity; `hybrid` is made of the others, alone: of all. */
  readonly kinds?: readonly RecommenderKind[];
  readonly validationPeopleMax?: number;
  readonly memoryBytesMax?: number;
};

export type CandidateReport = {
  readonly kind: RecommenderKind;
  readonly options: object;
  readonly outcome: 'chosen' | 'measured' | 'left out';
  /** Why it was left out. */
  readonly reason?: string;
  readonly recall?: number;
  /** Mean and 95 % interval over people. */
  readonly ndcg?: MeanInterval;
  readonly hit?: number;
  readonly coverage?: number;
  readonly fitSeconds?: number;
};

export type ChosenRecommender = {
  readonly kind: RecommenderKind;
  readonly options: object;
  /** Fitted on all data. */
  readonly model: RecommendModel;
  /** One sentence for the screen: why this model serves. */
  readonly reason: string;
  /** Everything that was tried, best first, then what was left out. */
  readonly candidates: readonly CandidateReport[];
  /** NDCG of the chosen one minus that of popularity, person by person; null when popularity itself serves. */
  readonly gain: MeanInterval | null;
  readonly validation: { readonly split: ValidationSplit['kind']; readonly people: number; readonly k: number };
  readonly fitSeconds: number;
  readonly searchSeconds: number;
};

/** A candidate fitted on the part to learn from and measured on the part held back. */
export type Measured = {
  readonly kind: RecommenderKind;
  readonly options: object;
  readonly recommender: AnyRecommender;
  readonly model: RecommendModel;
  /** Deeper than k, so that blends can be tried on them. */
  readonly lists: TopKRows;
  readonly scores: RankingScores;
  readonly ndcg: number;
  readonly fitSeconds: number;
};

/** What all candidates are measured with. */
export type Measuring = {
  readonly split: ValidationSplit;
  readonly people: Uint32Array;
  readonly histories: readonly History[];
  readonly k: number;
  readonly depth: number;
  readonly kernels: Kernels;
  readonly tools: FitTools;
  readonly now: () => number;
};

/** Shares of the budget after which no candidate goes on; the rest is for combining them and for the final fit. */
const searchTime = { alone: 0.9, beforeHybrid: 0.65 };
const depthPerK = 5;
/** Scoring a person takes longer the more items there are; fewer people are measured on then. */
const manyItems = 20_000;
/** A kind whose first options rank worse than this share of the best is not searched further. */
const searchShare = 0.85;
/** A likely candidate goes before cheaper ones where it is expected to take at most this share of the time. */
const likelyShare = 0.2;
/** Models kept at once for blending. */
const finalistsMax = 6;

/**
 * A model earns its place: candidates are fitted on a part of the data, likely ones first, then cheap ones, and ranked by NDCG@k on the rest; the
 * better ones with further options; then the best together as a hybrid. The best of all is fitted again on everything. It serves
 * only if it beats popularity beyond doubt (95 %), else popularity does. The same seed and data give the same choice as long
 * as the time budget cuts nothing; the order in which candidates are tried is fixed.
 * @throws DomainError when there is nothing to learn from.
 */
export function chooseRecommender(
  data: TrainingData,
  options: ChooseRecommenderOptions,
  tools: FitTools,
): ChosenRecommender {
  if (data.interactions.itemOf.length === 0) throw new DomainError('chooseRecommender: nobody did anything yet');
  const started = options.now();
  const measuring = prepare(data, options, tools);
  const plan = candidatesFor(data, options.memoryBytesMax).filter(({ kind }) => isWanted(kind, options.kinds));
  const mayCombine = wantsHybrid(options.kinds);
  const shareOfTime = mayCombine ? searchTime.beforeHybrid : searchTime.alone;
  const search = searchCandidates(plan, measuring, started + shareOfTime * options.timeBudgetSeconds);
  const hasTime = options.now() < started + searchTime.alone * options.timeBudgetSeconds;
  const hybrid = mayCombine && hasTime ? tryHybrid(search, measuring) : undefined;
  const all = [...search.measured, ...(hybrid ? [hybrid] : [])].sort(byNdcg);
  const hasNewItems = data.content !== undefined && shareOfNewItems(data) > 0;
  const { winner, gain } = judge(all, options.kinds, hasNewItems, tools.seed);
  const searched = options.now();
  const model = winner.recommender.fit(data, winner.options, tools);
  const ended = options.now();
  return {
    kind: winner.kind,
    options: winner.options,
    model,
    reason: reasonFor(winner, gain, options.k),
    candidates: [...all.map((one) => reportOf(one, one === winner, tools.seed)), ...search.leftOut],
    gain,
    validation: { split: measuring.split.kind, people: measuring.people.length, k: options.k },
    fitSeconds: ended - searched,
    searchSeconds: searched - started,
  };
}

function isWanted(kind: RecommenderKind, kinds: readonly RecommenderKind[] | undefined): boolean {
  const isForHybrid = kinds?.length === 1 && kinds[0] === 'hybrid';
  return kind === 'popularity' || kinds === undefined || isForHybrid || kinds.includes(kind);
}

function wantsHybrid(kinds: readonly RecommenderKind[] | undefined): boolean {
  return kinds === undefined || kinds.includes('hybrid');
}

function prepare(data: TrainingData, options: ChooseRecommenderOptions, tools: FitTools): Measuring {
  const hiddenItemShare = data.content ? Math.min(0.2, Math.max(0.02, shareOfNewItems(data))) : 0;
  const split = splitForValidation(data, { seed: tools.seed, hiddenItemShare });
  const peopleMax = data.interactions.items > manyItems ? 2000 : 3000;
  const people = peopleToMeasure(split, options.validationPeopleMax ?? peopleMax);
  return {
    split,
    people,
    histories: Array.from(people, (user) => historyOf(split.train, user)),
    k: options.k,
    depth: Math.min(data.interactions.items, depthPerK * options.k),
    kernels: tools.kernels,
    tools: { kernels: tools.kernels, seed: tools.seed },
    now: options.now,
  };
}

/** All who have something held back, or an even draw of them. */
function peopleToMeasure({ held }: ValidationSplit, peopleMax: number): Uint32Array {
  const all: number[] = [];
  for (let user = 0; user < held.users; user++) if (held.offsets[user + 1] > held.offsets[user]) all.push(user);
  if (all.length <= peopleMax) return Uint32Array.from(all);
  return Uint32Array.from({ length: peopleMax }, (_, i) => all[Math.floor((i * all.length) / peopleMax)]);
}

type Search = { readonly measured: Measured[]; readonly finalists: Measured[]; readonly leftOut: CandidateReport[] };

function searchCandidates(plan: readonly Candidate[], measuring: Measuring, deadline: number): Search {
  const search: Search = { measured: [], finalists: [], leftOut: [] };
  const bestOf = (kind: RecommenderKind) => search.finalists.find((one) => one.kind === kind)?.ndcg ?? 0;
  const firstOf = (candidates: readonly Candidate[]) => {
    for (const candidate of candidates) tryOne(search, candidate, candidate.grid[0] ?? {}, measuring, deadline);
  };
  const usual = plan.filter(({ isLast }) => !isLast);
  const soon = usual.filter((one) => mayGoFirst(one, deadline - measuring.now()));
  firstOf([...soon, ...usual.filter((one) => !soon.includes(one))]);
  const best = search.finalists.reduce((most, { ndcg }) => Math.max(most, ndcg), 0);
  const further = plan
    .filter(({ kind, leftOut }) => leftOut === undefined && bestOf(kind) >= searchShare * best)
    .sort((a, b) => bestOf(b.kind) - bestOf(a.kind));
  for (const candidate of further) {
    for (const options of candidate.grid.slice(1)) tryOne(search, candidate, options, measuring, deadline);
  }
  firstOf(plan.filter(({ isLast }) => isLast));
  return search;
}

/** Popularity, and likely ones that leave time for others should they take longer than expected. */
function mayGoFirst({ kind, isLikely, leftOut, seconds }: Candidate, left: number): boolean {
  if (kind === 'popularity') return true;
  return isLikely === true && leftOut === undefined && seconds < likelyShare * left;
}

function tryOne(search: Search, candidate: Candidate, options: object, measuring: Measuring, deadline: number): void {
  const leaveOut = (reason: string) =>
    search.leftOut.push({ kind: candidate.kind, options, outcome: 'left out', reason });
  if (candidate.leftOut !== undefined) {
    leaveOut(candidate.leftOut);
    return;
  }
  const isBaseline = candidate.kind === 'popularity';
  const expected = expectedSeconds(search, candidate, options);
  // What is found must be fitted once more in the end, on all data.
  const refit = search.finalists.reduce((most, { fitSeconds }) => Math.max(most, fitSeconds), expected);
  const left = deadline - measuring.now() - 1.2 * refit;
  if (!isBaseline && expected > left) {
    leaveOut(`would take about ${expected.toFixed(0)} s, and ${Math.max(0, left).toFixed(0)} s are left for it`);
    return;
  }
  try {
    keepFinalist(search, measure(candidate.kind, options, isBaseline ? measuring : stoppingAt(deadline, measuring)));
  } catch (error) {
    if (error instanceof BudgetSpent) leaveOut('was stopped when the time was spent');
    // Data a model cannot be fitted on are no reason to have none; the baseline can be fitted on any.
    else if (error instanceof DomainError && !isBaseline) leaveOut(error.message);
    else throw error;
  }
}

/** From the same kind's earlier fits where there were any; iterations and the square of factors are what it grows with. */
function expectedSeconds(search: Search, candidate: Candidate, options: object): number {
  const before = search.measured.filter(({ kind }) => kind === candidate.kind);
  if (before.length === 0) return candidate.seconds;
  const wanted = workOf(options);
  return before.reduce((most, one) => {
    const done = workOf(one.options);
    return Math.max(most, one.fitSeconds * (wanted === null || done === null ? 1 : wanted / done));
  }, 0);
}

/** @returns null where options do not say how many factors. */
function workOf(options: { readonly factors?: unknown; readonly iterations?: unknown }): number | null {
  const { factors, iterations = 16 } = options;
  return typeof factors === 'number' && typeof iterations === 'number' ? factors ** 2 * iterations : null;
}

class BudgetSpent extends Error {}

function stoppingAt(deadline: number, measuring: Measuring): Measuring {
  const progress = () => {
    if (measuring.now() > deadline) throw new BudgetSpent();
  };
  return { ...measuring, tools: { ...measuring.tools, progress } };
}

/** The best of each kind is kept with its model; of the others only the figures. */
function keepFinalist(search: Search, one: Measured): void {
  search.measured.push({ ...one, model: noModel });
  const same = search.finalists.findIndex(({ kind }) => kind === one.kind);
  if (same < 0) search.finalists.push(one);
  else if (one.ndcg > search.finalists[same].ndcg) search.finalists[same] = one;
  search.finalists.sort(byNdcg).splice(finalistsMax);
}

const noModel: RecommendModel = { kind: 'none', version: 0, items: 0 };

function byNdcg(a: Measured, b: Measured): number {
  return b.ndcg - a.ndcg;
}

function measure(kind: RecommenderKind, options: object, measuring: Measuring): Measured {
  const recommender = findRecommender(kind);
  if (!recommender) throw new DomainError(`chooseRecommender: there is no recommender ${kind}`);
  const started = measuring.now();
  const model = recommender.fit(measuring.split.train, options, measuring.tools);
  return measureModel({ kind, options, recommender, model, fitSeconds: measuring.now() - started }, measuring);
}

export function measureModel(
  fitted: Pick<Measured, 'kind' | 'options' | 'recommender' | 'model' | 'fitSeconds'>,
  { split, people, histories, depth, k, kernels }: Measuring,
): Measured {
  const { recommender, model } = fitted;
  const lists = recommendMany(recommender, model, people.length, (row) => histories[row], { k: depth, kernels });
  const scores = scoreLists(split.held, k, people, (_, row) =>
    lists.column.subarray(row * depth, row * depth + Math.min(k, lists.count[row])),
  );
  return { ...fitted, lists, scores, ndcg: summariseRanking(scores).ndcg };
}

function tryHybrid({ finalists }: Search, measuring: Measuring): Measured | undefined {
  const learned = learnHybrid(finalists, measuring);
  if (!learned) return undefined;
  const recommender: AnyRecommender = recommenders.hybrid;
  return measureModel({ kind: 'hybrid', recommender, ...learned }, measuring);
}

/**
 * The best one, unless popularity cannot be beaten beyond doubt. Where there are items nobody took yet, a hybrid that shows them
 * is worth its price. A kind asked for by name serves whatever it is worth.
 */
function judge(
  all: readonly Measured[],
  kinds: readonly RecommenderKind[] | undefined,
  hasNewItems: boolean,
  seed: number,
): { winner: Measured; gain: MeanInterval | null } {
  const baseline = all.find(({ kind }) => kind === 'popularity');
  const eligible = kinds === undefined ? all : all.filter(({ kind }) => kinds.includes(kind));
  const [first] = eligible.length > 0 ? eligible : all;
  const hybrid = eligible.find(
    ({ kind, ndcg }) => kind === 'hybrid' && ndcg >= (1 - 1.2 * priceOfNewItems) * first.ndcg,
  );
  const best = hasNewItems && hybrid ? hybrid : first;
  if (!baseline || best.kind === 'popularity') return { winner: best, gain: null };
  const gain = bootstrapMean(
    best.scores.ndcg.map((value, row) => value - baseline.scores.ndcg[row]),
    seed,
  );
  return gain.from > 0 || kinds !== undefined ? { winner: best, gain } : { winner: baseline, gain: null };
}

function reasonFor(winner: Measured, gain: MeanInterval | null, k: number): string {
  if (!gain) return 'Nothing ranked better than popularity beyond doubt.';
  const percent = (value: number) => `${(100 * value).toFixed(1)}`;
  return `${winner.kind} ranks best: NDCG@${k} ${winner.ndcg.toFixed(4)}, ${percent(gain.mean)} points above popularity (95 %: ${percent(gain.from)} to ${percent(gain.to)}).`;
}

function reportOf(one: Measured, isChosen: boolean, seed: number): CandidateReport {
  const { recall, hit, coverage } = summariseRanking(one.scores);
  return {
    kind: one.kind,
    options: one.options,
    outcome: isChosen ? 'chosen' : 'measured',
    recall,
    ndcg: bootstrapMean(one.scores.ndcg, seed),
    hit,
    coverage,
    fitSeconds: one.fitSeconds,
  };
}
