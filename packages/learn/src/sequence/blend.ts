import type { Kernels } from '@zhiyin/kernels';
import { DomainError } from '../errors.ts';
import { popularity } from '../recommend/popularity.ts';
import type { Contribution, History, Recommender, RecommendModel } from '../recommend/recommender.ts';
import {
  chunksOf,
  evaluateNextItem,
  type NextItemOptions,
  type NextItemReport,
  openTally,
  type ScoreHistories,
  scoreHistories,
} from './evaluate-next-item.ts';
import { countCases, type NextItems, sampleCases } from './next-items.ts';
import { sasrec } from './sasrec/sasrec.ts';
import { sessionNeighbours } from './session-neighbours.ts';
import { transitionNeighbours } from './transition-neighbours.ts';

/** Any recommender whose kind is known at run time only. Its model must be one it made itself. */
export type AnySequenceRecommender = Recommender<RecommendModel, object>;

/** What a blend can be made of, by kind. */
export const blendable = {
  popularity,
  'transition-knn': transitionNeighbours,
  vsknn: sessionNeighbours,
  sasrec,
} satisfies Record<string, AnySequenceRecommender>;

export type BlendPart = {
  readonly kind: keyof typeof blendable;
  /** How much it has to say; the shares add up to 1. */
  readonly share: number;
  readonly model: RecommendModel;
};

/** Several models with one voice: their scores are standardised per person (mean 0, deviation 1 over the items) and added up. */
export type BlendModel = {
  readonly kind: 'sequence-blend';
  readonly version: 1;
  readonly items: number;
  readonly parts: readonly BlendPart[];
};

export type BlendOptions = NextItemOptions & {
  readonly kernels: Kernels;
  /** Validation cases looked at, at most. */
  readonly casesMax?: number;
};

/** Finer at the ends: scores of few items (transitions) weigh more per unit than scores of all. */
const triedShares = [0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.94, 0.97];

/**
 * Shares by validation: from the best part on, each other one is added with the share that ranks best, or left out.
 * @throws DomainError without parts or cases.
 * Cost: two scorings and sixteen rankings of the cases per part.
 */
export function fitBlend(
  parts: readonly Omit<BlendPart, 'share'>[],
  validation: NextItems,
  { kernels, casesMax = 5000, ...options }: BlendOptions,
): { readonly model: BlendModel; readonly validation: NextItemReport } {
  if (parts.length === 0) throw new DomainError('fitBlend: there are no parts');
  if (countCases(validation) === 0) throw new DomainError('fitBlend: there are no validation cases');
  const cases = sampleCases(validation, casesMax);
  const [first, ...others] = parts
    .map((part) => {
      const model = blendOf([{ ...part, share: 1 }]);
      const score: ScoreHistories = (histories, scores) => scoreManyByBlendInto(model, histories, scores, kernels);
      return { model, validation: evaluateNextItem(cases, score, options) };
    })
    .sort((a, b) => b.validation.ndcg - a.validation.ndcg);
  let best = first;
  for (const { model } of others) {
    const base = best.model;
    for (const [at, validation] of rankShares(base, model, cases, options, kernels).entries()) {
      if (validation.ndcg <= best.validation.ndcg) continue;
      best = { model: joined(base, model, triedShares[at]), validation };
    }
  }
  return best;
}

/** What `base` and `added` rank together, for each share of the added: both are scored once. */
function rankShares(
  base: BlendModel,
  added: BlendModel,
  cases: NextItems,
  options: NextItemOptions,
  kernels: Kernels,
): NextItemReport[] {
  const tallies = triedShares.map(() => openTally(options));
  for (const chunk of chunksOf(cases)) {
    const [left, right, both] = [0, 0, 0].map(() => new Float32Array(chunk.histories.length * base.items));
    scoreManyByBlendInto(base, chunk.histories, left, kernels);
    scoreManyByBlendInto(added, chunk.histories, right, kernels);
    for (const [at, share] of triedShares.entries()) {
      for (let i = 0; i < both.length; i++) both[i] = (1 - share) * left[i] + share * right[i];
      tallies[at].add(chunk, both);
    }
  }
  return tallies.map((tally) => tally.report());
}

function blendOf(parts: readonly BlendPart[]): BlendModel {
  return { kind: 'sequence-blend', version: 1, items: parts[0].model.items, parts };
}

function joined(base: BlendModel, added: BlendModel, share: number): BlendModel {
  return blendOf([
    ...base.parts.map((part) => ({ ...part, share: part.share * (1 - share) })),
    ...added.parts.map((part) => ({ ...part, share: part.share * share })),
  ]);
}

export function scoreByBlendInto(model: BlendModel, history: History, scores: Float32Array): void {
  scoreWithParts(model, [history], scores, (part, said) => {
    recommenderOf(part.kind).scoreInto(part.model, history, said);
  });
}

export function scoreManyByBlendInto(
  model: BlendModel,
  histories: readonly History[],
  scores: Float32Array,
  kernels: Kernels,
): void {
  scoreWithParts(model, histories, scores, (part, said) => {
    scoreHistories(recommenderOf(part.kind), part.model, kernels)(histories, said);
  });
}

export function recommenderOf(kind: BlendPart['kind']): AnySequenceRecommender {
  return blendable[kind];
}

function scoreWithParts(
  model: BlendModel,
  histories: readonly History[],
  scores: Float32Array,
  score: (part: BlendPart, scores: Float32Array) => void,
): void {
  const { items, parts } = model;
  const said = new Float32Array(scores.length);
  scores.fill(0);
  for (const part of parts) {
    score(part, said);
    for (let row = 0; row < histories.length; row++) {
      addStandardised(said.subarray(row * items, (row + 1) * items), part.share, scores, row * items);
    }
  }
}

/** target += share · (values − mean) / deviation, over what is finite; a part that cannot say anything adds nothing. */
function addStandardised(values: Float32Array, share: number, target: Float32Array, at: number): void {
  const { mean, deviation } = momentsOf(values);
  if (deviation === 0) return;
  const scale = share / deviation;
  for (let i = 0; i < values.length; i++) {
    if (values[i] !== Number.NEGATIVE_INFINITY) target[at + i] += scale * (values[i] - mean);
  }
}

/** Over what is finite; a deviation of 0 where there is no difference. */
function momentsOf(values: Float32Array): { mean: number; deviation: number } {
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === Number.NEGATIVE_INFINITY) continue;
    count++;
    sum += value;
    squares += value * value;
  }
  const mean = sum / Math.max(1, count);
  const variance = squares / Math.max(1, count) - mean * mean;
  return { mean, deviation: variance > 1e-12 * mean * mean ? Math.sqrt(variance) : 0 };
}

/**
 * What each part explains, in shares, weighed by what the part adds to the item's score; parts that speak against the item have no say.
 * The shares add up to 1. Cost: one scoring by each part for the first item of a history asked about.
 */
export function explainByBlend(model: BlendModel, history: History, item: number): readonly Contribution[] {
  const share = new Map<number, number>();
  for (const [at, part] of model.parts.entries()) {
    const { scores, mean, deviation } = partScores(model, history)[at];
    const said = deviation > 0 && Number.isFinite(scores[item]) ? (part.share * (scores[item] - mean)) / deviation : 0;
    const reasons = said > 0 ? (recommenderOf(part.kind).explain?.(part.model, history, item) ?? []) : [];
    const whole = reasons.reduce((sum, reason) => sum + Math.max(0, reason.share), 0);
    if (!(whole > 0)) continue;
    for (const reason of reasons) {
      share.set(reason.item, (share.get(reason.item) ?? 0) + (said * Math.max(0, reason.share)) / whole);
    }
  }
  let total = 0;
  for (const one of share.values()) total += one;
  return Array.from(share, ([item, one]): Contribution => ({ item, share: one / total }))
    .filter((one) => one.share > 0)
    .sort((a, b) => b.share - a.share);
}

type PartScores = { readonly scores: Float32Array; readonly mean: number; readonly deviation: number };

/** An answer's items are explained one by one from one history. */
const remembered = new WeakMap<History, { model: BlendModel; parts: readonly PartScores[] }>();

function partScores(model: BlendModel, history: History): readonly PartScores[] {
  const known = remembered.get(history);
  if (known?.model === model) return known.parts;
  const parts = model.parts.map((part) => {
    const scores = new Float32Array(model.items);
    recommenderOf(part.kind).scoreInto(part.model, history, scores);
    return { scores, ...momentsOf(scores) };
  });
  remembered.set(history, { model, parts });
  return parts;
}
