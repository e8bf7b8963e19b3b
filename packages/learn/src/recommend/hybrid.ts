import { DomainError } from '../errors.ts';
import { spreadOf } from './blend-weights.ts';
import { type Content, content } from './content.ts';
import { serveHybrid } from './hybrid-serve.ts';
import { itemCounts } from './interactions.ts';
import { scoreBlockInto } from './recommend-many.ts';
import type { Contribution, FitTools, History, Recommender, RecommendModel, TrainingData } from './recommender.ts';
import type { AnyRecommender } from './recommenders.ts';

/**
 * Several models as one. Each has the weight it earned on validation data; where little is known about an item its content speaks,
 * and where little is known about a person, what most people like.
 */
export type Hybrid = {
  readonly kind: 'hybrid';
  readonly version: 1;
  readonly items: number;
  readonly parts: readonly { readonly weight: number; readonly model: RecommendModel }[];
  /** Per item n / (n + itemHalf), n the people who took it: how far the parts are believed about it. All 1 without content. */
  readonly itemEvidence: Float32Array;
  readonly content: { readonly model: Content; readonly weight: number; readonly share: number } | null;
  /** log(1 + people) per item, divided by its spread. */
  readonly popularity: Float32Array;
  readonly popularityWeight: number;
  /** A person with this many entries is half known. */
  readonly personHalf: number;
};

export type HybridPart = { readonly kind: string; readonly options: object; readonly weight: number };

export type HybridOptions = {
  readonly parts?: readonly HybridPart[];
  readonly evidence?: Partial<Evidence>;
};

/** How much must be known before the parts are believed. See `learnEvidence`. */
export type Evidence = {
  /** An item that this many people took is half known. */
  readonly itemHalf: number;
  /** Weight of content where nothing is known about an item. */
  readonly contentWeight: number;
  /** The share of it that stays where everything is known. */
  readonly contentShare: number;
  readonly personHalf: number;
  readonly popularityWeight: number;
};

const evidenceByDefault: Evidence = {
  itemHalf: 5,
  contentWeight: 1,
  contentShare: 0.1,
  personHalf: 1,
  popularityWeight: 1,
};

const partsByDefault: readonly HybridPart[] = [
  { kind: 'rp3beta', options: {}, weight: 1 },
  { kind: 'als', options: {}, weight: 0.5 },
];

/**
 * score(u, i) = e_u (e_i Σ weight · part(u, i) + (1 − e_i (1 − share)) contentWeight · content(u, i)) + (1 − e_u) popularityWeight ·
 * popularity(i), with e_i = n_i / (n_i + itemHalf), e_u = n_u / (n_u + personHalf), each part divided by its spread over all items
 * of the person. Contributions of the history add up to the score but for the last term, which is no matter of the history.
 * @param find recommenders by kind: those of the parts.
 */
export function createHybrid(find: (kind: string) => AnyRecommender | undefined): Recommender<Hybrid, HybridOptions> {
  const recommenderOf = (kind: string): AnyRecommender => {
    const found = kind === 'hybrid' ? undefined : find(kind);
    if (!found) throw new DomainError(`hybrid: no recommender for parts is called ${kind}`);
    return found;
  };
  return {
    kind: 'hybrid',

    fit(data, { parts = partsByDefault, evidence }, tools) {
      const models = fitParts(parts, recommenderOf, data, tools);
      return assembleHybrid(data, models, { ...evidenceByDefault, ...evidence }, tools);
    },

    scoreInto(model, history, scores) {
      addUp(
        model,
        [history],
        scores,
        (recommender, part, own) => recommender.scoreInto(part, history, own),
        recommenderOf,
      );
    },

    scoreManyInto(model, histories, scores, kernels) {
      const score: ScoreBlock = (recommender, part, own) => scoreBlockInto(recommender, part, histories, own, kernels);
      addUp(model, histories, scores, score, recommenderOf);
    },

    serve: (model, kernels) => serveHybrid(model, sourcesOf(model, recommenderOf), kernels),

    similar(model, item, k) {
      const known = model.parts.find(({ model: part }) => recommenderOf(part.kind).similar !== undefined);
      const useContent = model.content && (!known || model.itemEvidence[item] < 0.5);
      if (useContent && model.content && content.similar) return content.similar(model.content.model, item, k);
      const similar = known && recommenderOf(known.model.kind).similar?.(known.model, item, k);
      return similar ?? { item: new Uint32Array(0), score: new Float32Array(0) };
    },

    explain(model, history, item) {
      const own = new Float32Array(model.items);
      const known = personEvidence(model, history);
      const shares = new Map<number, number>();
      for (const { recommender, part, factorOf } of sourcesOf(model, recommenderOf)) {
        recommender.scoreInto(part, history, own);
        const factor = (known * factorOf(item)) / spreadOf(own);
        for (const { item: from, share } of recommender.explain?.(part, history, item) ?? []) {
          shares.set(from, (shares.get(from) ?? 0) + factor * share);
        }
      }
      return [...shares]
        .map(([from, share]): Contribution => ({ item: from, share }))
        .sort((a, b) => b.share - a.share || a.item - b.item);
    },
  };
}

function fitParts(
  parts: readonly HybridPart[],
  recommenderOf: (kind: string) => AnyRecommender,
  data: TrainingData,
  tools: FitTools,
): { weight: number; model: RecommendModel }[] {
  const wrong = parts.find(({ weight }) => !(weight > 0 && Number.isFinite(weight)));
  if (wrong) throw new DomainError(`hybrid: weight of ${wrong.kind} must be above 0, got ${wrong.weight}`);
  return parts.map(({ kind, options, weight }, i) => {
    const progress = tools.progress && ((done: number) => tools.progress?.((i + done) / parts.length));
    return { weight, model: recommenderOf(kind).fit(data, options, { ...tools, ...(progress ? { progress } : {}) }) };
  });
}

/** From parts that are fitted already. `data` gives the counts and the content. */
export function assembleHybrid(
  data: TrainingData,
  parts: readonly { readonly weight: number; readonly model: RecommendModel }[],
  evidence: Evidence,
  tools: FitTools,
): Hybrid {
  const { interactions } = data;
  const counts = itemCounts(interactions);
  const hasContent = data.content !== undefined && evidence.contentWeight > 0;
  const popularity = Float32Array.from(counts, (count) => Math.log1p(count));
  const spread = spreadOf(popularity);
  return {
    kind: 'hybrid',
    version: 1,
    items: interactions.items,
    parts,
    itemEvidence: Float32Array.from(counts, (count) => (hasContent ? evidenceOf(count, evidence.itemHalf) : 1)),
    content: hasContent
      ? { model: content.fit(data, {}, tools), weight: evidence.contentWeight, share: evidence.contentShare }
      : null,
    popularity: popularity.map((value) => value / spread),
    popularityWeight: evidence.popularityWeight,
    personHalf: evidence.personHalf,
  };
}

export function evidenceOf(count: number, half: number): number {
  return count === 0 ? 0 : count / (count + half);
}

export function personEvidence(model: Hybrid, history: History): number {
  let known = 0;
  for (let h = 0; h < history.item.length; h++) if (history.item[h] < model.items) known++;
  return evidenceOf(known, model.personHalf);
}

/** A model that adds to the score, and by how much of what it says of each item. */
export type Source = {
  readonly recommender: AnyRecommender;
  readonly part: RecommendModel;
  readonly factorOf: (item: number) => number;
};

function sourcesOf(model: Hybrid, recommenderOf: (kind: string) => AnyRecommender): Source[] {
  const { itemEvidence } = model;
  const sources: Source[] = model.parts.map(({ weight, model: part }) => ({
    recommender: recommenderOf(part.kind),
    part,
    factorOf: (item) => weight * itemEvidence[item],
  }));
  if (model.content) {
    const { model: part, weight, share } = model.content;
    sources.push({
      recommender: content as AnyRecommender,
      part,
      factorOf: (item) => weight * (1 - itemEvidence[item] * (1 - share)),
    });
  }
  return sources;
}

type ScoreBlock = (recommender: AnyRecommender, part: RecommendModel, own: Float32Array) => void;

function addUp(
  model: Hybrid,
  histories: readonly History[],
  scores: Float32Array,
  scoreBlock: ScoreBlock,
  recommenderOf: (kind: string) => AnyRecommender,
): void {
  const { items, popularity, popularityWeight } = model;
  const known = histories.map((history) => personEvidence(model, history));
  histories.forEach((_, row) => {
    const factor = (1 - known[row]) * popularityWeight;
    for (let i = 0; i < items; i++) scores[row * items + i] = factor * popularity[i];
  });
  const own = new Float32Array(histories.length * items);
  for (const { recommender, part, factorOf } of sourcesOf(model, recommenderOf)) {
    const factors = Float32Array.from({ length: items }, (_, item) => factorOf(item));
    scoreBlock(recommender, part, own);
    histories.forEach((_, row) => {
      const start = row * items;
      const scale = known[row] / spreadOf(own.subarray(start, start + items));
      for (let i = 0; i < items; i++) {
        const value = own[start + i];
        if (value > Number.NEGATIVE_INFINITY) scores[start + i] += scale * factors[i] * value;
      }
    });
  }
}
