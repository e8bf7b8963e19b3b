import type { RecommendModel as ModelCard, rankingMeasuresSchema } from '@zhiyin/contract';
import type { Kernels } from '@zhiyin/kernels';
import {
  buildTimedInteractions,
  findRecommender,
  type ItemContent,
  type RecommendModel,
  type TrainingData,
  topK,
} from '@zhiyin/learn';
import type { z } from 'zod';
import { chooseModel } from './choose-model.ts';
import type { WeighedDeeds } from './read-training-data.ts';

export type Measures = z.infer<typeof rankingMeasuresSchema>;

export type FittedModel = {
  readonly kind: string;
  readonly model: RecommendModel;
  readonly measures: Measures | null;
  readonly baseline: Measures | null;
  /** It beats popularity on the test days, or there was nothing to measure it on. */
  readonly earnsItsPlace: boolean;
  readonly verdict: string;
  readonly tried: ModelCard['tried'];
  readonly fitSeconds: number;
};

export type FitOptions = {
  readonly kernels: Kernels;
  readonly seed: number;
  readonly cutSeconds: number;
  /** What the items are: models of content are compared with the others, and speak for items nobody has taken yet. */
  readonly content: ItemContent;
  readonly timeBudgetSeconds: number;
  /** Seconds from any start. */
  readonly clock: () => number;
  readonly progress: (stage: 'choose' | 'measure' | 'fit', done: number) => void;
};

const listLength = 20;
const testPeopleMax = 5_000;
/** Fewer people with something on the test days say nothing. */
const testPeopleMin = 30;

/**
 * Chooses on the days before the cut, measures the choice and popularity on the days after it (each read once), and fits the choice
 * on everything. What a person took before is not asked for: only new items count as hits.
 */
export function fitModels(deeds: WeighedDeeds, options: FitOptions): FittedModel {
  const startedAt = options.clock();
  const { content } = options;
  const isBefore = (entry: number) => deeds.firstAt[entry]! < options.cutSeconds;
  const before = { ...toTrainingData(deeds, deeds.weightBefore, isBefore), content };
  const all = { ...toTrainingData(deeds, deeds.weight, () => true), content };
  const testPeople = listTestPeople(deeds, before, options);
  const measurable = testPeople.length >= testPeopleMin;
  const tools = { kernels: options.kernels, seed: options.seed };
  options.progress('choose', 0);
  const chosen = chooseModel(measurable ? before : all, options, tools);
  options.progress('measure', 0);
  const measures = measurable ? measure(chosen.kind, chosen.model, before, testPeople) : null;
  const popular = findRecommender('popularity')!;
  const baseline = measurable ? measure('popularity', popular.fit(before, {}, tools), before, testPeople) : null;
  options.progress('fit', 0);
  const model = measurable ? findRecommender(chosen.kind)!.fit(all, chosen.options, tools) : chosen.model;
  const earnsItsPlace = measures === null || baseline === null || measures.ndcg > baseline.ndcg;
  return {
    kind: chosen.kind,
    model,
    measures,
    baseline,
    earnsItsPlace,
    verdict: verdictOf(chosen.kind, measures, baseline),
    tried: chosen.tried,
    fitSeconds: options.clock() - startedAt,
  };
}

function verdictOf(kind: string, measures: Measures | null, baseline: Measures | null): string {
  if (!measures || !baseline) return `${kind}: too few people did anything new on the test days to measure it.`;
  const words = `${kind}: NDCG@${measures.k} ${measures.ndcg.toFixed(4)} on the test days, popularity ${baseline.ndcg.toFixed(4)}, ${measures.people} people`;
  return measures.ndcg > baseline.ndcg ? `${words}.` : `${words}: it does not earn its place.`;
}

/** Entries whose deeds add up to something, as the contract of recommenders wants them. */
export function toTrainingData(
  deeds: Pick<WeighedDeeds, 'people' | 'itemIds' | 'person' | 'item' | 'lastAt'>,
  weight: Float32Array,
  counts: (entry: number) => boolean,
): TrainingData {
  const kept: number[] = [];
  for (let entry = 0; entry < deeds.person.length; entry += 1) {
    if (weight[entry]! > 0.01 && counts(entry)) kept.push(entry);
  }
  const { interactions, at } = buildTimedInteractions(deeds.people, deeds.itemIds.length, {
    user: Uint32Array.from(kept, (entry) => deeds.person[entry]!),
    item: Uint32Array.from(kept, (entry) => deeds.item[entry]!),
    // Ten views say less than ten times one.
    value: Float32Array.from(kept, (entry) => Math.log1p(weight[entry]!)),
    at: Float64Array.from(kept, (entry) => deeds.lastAt[entry]!),
  });
  return { interactions, at };
}

type TestPerson = { readonly person: number; readonly held: ReadonlySet<number> };

/** People with a past, and what they took up on the test days for the first time. */
function listTestPeople(deeds: WeighedDeeds, before: TrainingData, { cutSeconds }: FitOptions): TestPerson[] {
  const held = new Map<number, Set<number>>();
  const { offsets } = before.interactions;
  for (let entry = 0; entry < deeds.person.length; entry += 1) {
    const person = deeds.person[entry]!;
    if (deeds.firstAt[entry]! < cutSeconds || deeds.weight[entry]! <= 0 || offsets[person + 1] === offsets[person])
      continue;
    const items = held.get(person) ?? new Set();
    items.add(deeds.item[entry]!);
    held.set(person, items);
  }
  const all = [...held].map(([person, items]) => ({ person, held: items }));
  if (all.length <= testPeopleMax) return all;
  return Array.from({ length: testPeopleMax }, (_, i) => all[Math.floor((i * all.length) / testPeopleMax)]!);
}

function measure(kind: string, model: RecommendModel, train: TrainingData, people: readonly TestPerson[]): Measures {
  const recommender = findRecommender(kind)!;
  const { offsets, itemOf, weightOf, items } = train.interactions;
  const scores = new Float32Array(items);
  const shown = new Set<number>();
  let [recall, ndcg, squares, hit] = [0, 0, 0, 0];
  for (const { person, held } of people) {
    const row = { start: offsets[person]!, end: offsets[person + 1]! };
    recommender.scoreInto(
      model,
      {
        item: itemOf.subarray(row.start, row.end),
        weight: weightOf.subarray(row.start, row.end),
        ...(train.at ? { at: train.at.subarray(row.start, row.end) } : {}),
      },
      scores,
    );
    for (let at = row.start; at < row.end; at += 1) scores[itemOf[at]!] = Number.NEGATIVE_INFINITY;
    let gain = 0;
    let hits = 0;
    topK(scores, listLength).forEach((item, rank) => {
      shown.add(item);
      if (!held.has(item)) return;
      hits += 1;
      gain += 1 / Math.log2(rank + 2);
    });
    let best = 0;
    for (let rank = 0; rank < Math.min(listLength, held.size); rank += 1) best += 1 / Math.log2(rank + 2);
    recall += hits / held.size;
    ndcg += gain / best;
    squares += (gain / best) ** 2;
    hit += hits > 0 ? 1 : 0;
  }
  const n = people.length;
  const mean = ndcg / n;
  // Thousands of people: their mean is normal whatever one of them is.
  const half = (1.96 * Math.sqrt(Math.max(0, squares / n - mean ** 2))) / Math.sqrt(n);
  return {
    recall: recall / n,
    ndcg: mean,
    ndcgInterval: { low: Math.max(0, mean - half), high: Math.min(1, mean + half) },
    hit: hit / n,
    coverage: shown.size / items,
    people: n,
    k: listLength,
  };
}
