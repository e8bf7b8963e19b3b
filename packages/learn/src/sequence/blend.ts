import type { Kernels } from '@zhiyin/kernels';
import { DomainError } from '../errors.ts';
import { popularity } from '../recommend/popularity.ts';
import type { History, Recommender, RecommendModel } from '../recommend/recommender.ts';
import { evaluateNextItem, type NextItemOptions, type NextItemReport, scoreHistories } from './evaluate-next-item.ts';
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

const triedShares = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/**
 * Shares by validation: from the best part on, each other one is added with the share that ranks best, or left out.
 * @throws DomainError without parts or cases.
 * Cost: ten rankings of the cases per part.
 */
export function fitBlend(
  parts: readonly Omit<BlendPart, 'share'>[],
  validation: NextItems,
  { kernels, casesMax = 5000, ...options }: BlendOptions,
): { readonly model: BlendModel; readonly validation: NextItemReport } {
  if (parts.length === 0) throw new DomainError('fitBlend: there are no parts');
  if (countCases(validation) === 0) throw new DomainError('fitBlend: there are no validation cases');
  const cases = sampleCases(validation, casesMax);
  const score = (model: BlendModel) => (histories: readonly History[], scores: Float32Array) =>
    scoreManyByBlendInto(model, histories, scores, kernels);
  const judge = (parts: readonly BlendPart[]) => {
    const model: BlendModel = { kind: 'sequence-blend', version: 1, items: parts[0].model.items, parts };
    return { model, validation: evaluateNextItem(cases, score(model), options) };
  };
  const alone = parts
    .map((part) => judge([{ ...part, share: 1 }]))
    .sort((a, b) => b.validation.ndcg - a.validation.ndcg);
  let best = alone[0];
  for (const { model } of alone.slice(1)) {
    const from = best.model.parts;
    for (const share of triedShares) {
      const tried = judge([
        ...from.map((part) => ({ ...part, share: part.share * (1 - share) })),
        { ...model.parts[0], share },
      ]);
      if (tried.validation.ndcg > best.validation.ndcg) best = tried;
    }
  }
  return best;
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
  if (!(variance > 1e-12 * mean * mean)) return;
  const scale = share / Math.sqrt(variance);
  for (let i = 0; i < values.length; i++) {
    if (values[i] !== Number.NEGATIVE_INFINITY) target[at + i] += scale * (values[i] - mean);
  }
}
