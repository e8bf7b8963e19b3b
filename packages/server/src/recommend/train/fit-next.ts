import type { RecommendModel as ModelCard, nextMeasuresSchema } from '@zhiyin/contract';
import {
  chooseSequenceModel,
  countCases,
  evaluateNextItem,
  fitTransitions,
  type History,
  holdOut,
  type NextItemReport,
  type NextItems,
  type RecommendModel,
  type SequenceCandidate,
  type SequenceModelName,
  type Sequences,
  sampleCases,
  scoreHistories,
  sequenceModels,
} from '@zhiyin/learn';
import type { z } from 'zod';
import { type ItemLists, toItemLists } from '../models/model-bundle.ts';
import { buildSteps, type Steps } from './build-steps.ts';
import type { FitOptions } from './fit-models.ts';
import type { WeighedDeeds } from './read-training-data.ts';

type NextMeasures = z.infer<typeof nextMeasuresSchema>;

export type FittedNext = {
  readonly card: NonNullable<ModelCard['next']>;
  readonly steps: Steps['kind'];
  /** Absent where counted lists do as well, or there was nothing to measure it on. */
  readonly model: RecommendModel | undefined;
};

const listLength = 20;
const testCasesMax = 5_000;
/** Fewer cases on the test days say nothing. */
const testCasesMin = 30;
const validationCasesMax = 5_000;
/** A network learns nothing from less. */
const networkStepsMin = 5_000;
/** Of the time a training may take for choosing. */
const budgetShare = 0.15;
/** What scoring for one person may take, or a server answers too few. */
const answerMsMax = 3;
const answersTimed = 30;

/**
 * What comes next: a model of sequences, chosen among steps before the cut by the last ones of some people, and measured on each step
 * after the cut, with all that came before it as history. It serves where it ranks them better than lists of what was counted to
 * follow what; those are what "next" means without it.
 */
export function fitNext(deeds: WeighedDeeds, options: FitOptions): FittedNext | undefined {
  const startedAt = options.clock();
  const steps = buildSteps(deeds, options.cutSeconds);
  const { whole, train } = steps;
  const test = sampleCases(steps.test, testCasesMax);
  if (countCases(test) < testCasesMin) return undefined;
  const tools = { kernels: options.kernels, seed: options.seed };
  const judged = { k: listLength, maskSeen: true };
  const held = holdOut(train, validationCasesMax);
  const { candidates } = chooseSequenceModel(
    held.train,
    held.validation,
    {
      ...judged,
      models: modelsFor(held.train),
      clock: options.clock,
      timeBudgetSeconds: Math.max(1, budgetShare * options.timeBudgetSeconds),
    },
    tools,
  );
  const chosen = bestInTime(candidates, test, options);
  const report = evaluateNextItem(test, scoreHistories(chosen.recommender, chosen.model, options.kernels), judged);
  const lists = countFollowers(train);
  const baseline = evaluateNextItem(test, (histories, scores) => scoreByListsInto(lists, histories, scores), judged);
  const serves = chosen.name !== 'popular' && report.ndcg > baseline.ndcg;
  const model = serves ? chosen.refit(whole) : undefined;
  return {
    steps: steps.kind,
    model,
    card: {
      kind: kindOf(chosen),
      steps: steps.kind,
      serves,
      measures: toMeasures(report),
      baseline: toMeasures(baseline),
      tried: candidates.map((one) => ({
        kind: kindOf(one),
        ndcg: one.validation?.ndcg ?? 0,
        fitSeconds: one.fitSeconds ?? 0,
      })),
      fitSeconds: options.clock() - startedAt,
    },
  };
}

function modelsFor({ itemOf }: Sequences): readonly SequenceModelName[] {
  return itemOf.length >= networkStepsMin
    ? sequenceModels
    : sequenceModels.filter((name) => name !== 'sasrec' && name !== 'blend');
}

/** Best on the validation cases, of those that answer fast enough; popularity always does. */
function bestInTime(
  candidates: readonly SequenceCandidate[],
  test: NextItems,
  { clock }: Pick<FitOptions, 'clock'>,
): SequenceCandidate {
  const sorted = [...candidates].sort((a, b) => (b.validation?.ndcg ?? 0) - (a.validation?.ndcg ?? 0));
  const { sequences, start, end } = sampleCases(test, answersTimed);
  const scores = new Float32Array(sequences.items);
  const milliseconds = ({ recommender, model }: SequenceCandidate) => {
    const times = Array.from(start, (from, at) => {
      const item = sequences.itemOf.subarray(from, end[at]);
      const begun = clock();
      recommender.scoreInto(model, { item, weight: new Float32Array(item.length).fill(1) }, scores);
      return (clock() - begun) * 1_000;
    });
    return times.sort((a, b) => a - b)[times.length >> 1] ?? 0;
  };
  return sorted.find((one) => one.name === 'popular' || milliseconds(one) <= answerMsMax) ?? sorted[0]!;
}

const kindOf = ({ model }: SequenceCandidate): string => model.kind;

function toMeasures({ hit, ndcg, ndcgError, cases }: NextItemReport): NextMeasures {
  // Thousands of cases: their mean is normal whatever one of them is.
  const half = 1.96 * ndcgError;
  return {
    hit,
    ndcg,
    ndcgInterval: { low: Math.max(0, ndcg - half), high: Math.min(1, ndcg + half) },
    cases,
    k: listLength,
  };
}

const stepsApart = 3;
const perItemMax = 100;

/** As the engine counts them for the lists of the bundle, here from the steps before the cut. */
function countFollowers(train: Sequences): ItemLists {
  const { items, offsets, itemOf, countOf } = fitTransitions(train, {
    window: stepsApart,
    backward: 0,
    popularityPower: 0,
    memory: 1,
  });
  const arrivals = new Float64Array(items);
  for (let at = 0; at < itemOf.length; at += 1) arrivals[itemOf[at]!]! += countOf[at]!;
  const pairs = Array.from({ length: items }, (_, from) =>
    Array.from(itemOf.subarray(offsets[from], offsets[from + 1]), (to, at) => ({
      from,
      to,
      weight: countOf[offsets[from]! + at]! / Math.sqrt(arrivals[to]! + 5),
    })),
  ).flat();
  return toItemLists(items, pairs, perItemMax);
}

/** Σ over the last items of a history of their lists. */
function scoreByListsInto(lists: ItemLists, histories: readonly History[], scores: Float32Array): void {
  const items = lists.offsets.length - 1;
  scores.fill(0);
  for (const [row, { item }] of histories.entries()) {
    for (let h = Math.max(0, item.length - stepsApart); h < item.length; h += 1) {
      for (let at = lists.offsets[item[h]!]!; at < lists.offsets[item[h]! + 1]!; at += 1) {
        scores[row * items + lists.itemOf[at]!]! += lists.weightOf[at]!;
      }
    }
  }
}
