import { type AnyRecommender, findRecommender, type RecommendModel } from '@zhiyin/learn';
import { AppError } from '../../domain/app-error.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { ItemLists, ModelBundle } from './model-bundle.ts';

/** A model as it serves: the bundle, and how its items and the catalogue's name each other. */
export type ServingModel = {
  readonly version: number;
  readonly kind: string;
  readonly bundle: ModelBundle;
  readonly recommender: AnyRecommender;
  readonly personal: RecommendModel;
  /** Item of the model → index in the catalogue. */
  readonly catalogueOf: Int32Array;
  /** Index in the catalogue → item of the model, −1: not in the model. Items registered later are beyond its end. */
  readonly modelOf: Int32Array;
  /** Share of items less popular than this one, 0 to 1, by item of the model. */
  readonly popularityRank: Float32Array;
  /** Where a score is a sum of item-to-item weights, those weights: many items are explained in one pass. */
  readonly weights: ItemLists | undefined;
  /** What says what comes next, where a model of sequences ranked better than lists. */
  readonly following: Following | undefined;
  /** Reused by every request: requests are answered one after the other. Zero between requests. */
  readonly scores: Float32Array;
  readonly placeOf: Int32Array;
};

export type Following = {
  readonly recommender: AnyRecommender;
  readonly model: RecommendModel;
  readonly steps: NonNullable<ModelBundle['following']>['steps'];
  /** Its scores are sums of what was seen: 0 says never. */
  readonly countsOnly: boolean;
};

export function openServingModel(version: number, bundle: ModelBundle, catalogue: Catalogue): ServingModel {
  const recommender = findRecommender(bundle.personal.kind);
  if (!recommender) {
    throw new AppError(
      'storage.refused',
      `model ${version}: this version of Zhiyin knows no recommender ${bundle.personal.kind}`,
      {
        details: { fix: 'Train again, or serve a version of another kind.' },
      },
    );
  }
  const catalogueOf = Int32Array.from(bundle.itemIds, (id) => catalogue.register(id));
  const modelOf = new Int32Array(catalogue.size).fill(-1);
  catalogueOf.forEach((index, item) => {
    modelOf[index] = item;
  });
  return {
    version,
    kind: bundle.personal.kind,
    bundle,
    recommender,
    personal: bundle.personal,
    catalogueOf,
    modelOf,
    popularityRank: rankOf(bundle.popularity),
    weights: findWeights(recommender, bundle.personal),
    following: openFollowing(bundle),
    scores: new Float32Array(bundle.items),
    placeOf: new Int32Array(bundle.items),
  };
}

/** One that this version does not know is left alone: the lists are there. */
function openFollowing({ following }: ModelBundle): Following | undefined {
  const recommender = following && findRecommender(following.model.kind);
  if (!recommender) return undefined;
  const countsOnly = following.model.kind === 'transition-knn' || following.model.kind === 'vsknn';
  return { recommender, ...following, countsOnly };
}

/** The model's lists when they are all there is to its scores: tried on a history, not believed. */
function findWeights(recommender: AnyRecommender, model: RecommendModel): ItemLists | undefined {
  const { offsets, itemOf, weightOf } = model as Partial<Record<keyof ItemLists, unknown>>;
  const isLists = offsets instanceof Uint32Array && itemOf instanceof Uint32Array && weightOf instanceof Float32Array;
  if (!isLists || offsets.length !== model.items + 1) return undefined;
  const item: number[] = [];
  for (let from = 0; from < model.items && item.length < 5; from += 1) {
    if (offsets[from + 1]! > offsets[from]!) item.push(from);
  }
  const weight = item.map((_, at) => 1 + at / 2);
  const scores = new Float32Array(model.items);
  recommender.scoreInto(model, { item, weight, at: item.map((_, at) => at) }, scores);
  const sums = new Float64Array(model.items);
  item.forEach((from, h) => {
    for (let at = offsets[from]!; at < offsets[from + 1]!; at += 1) sums[itemOf[at]!]! += weightOf[at]! * weight[h]!;
  });
  const agrees = sums.every((sum, at) => Math.abs(sum - scores[at]!) <= 1e-4 * Math.max(1, Math.abs(sum)));
  return agrees ? { offsets, itemOf, weightOf } : undefined;
}

function rankOf(popularity: Float32Array): Float32Array {
  const order = Uint32Array.from(popularity, (_, item) => item).sort(
    (a, b) => popularity[a]! - popularity[b]! || a - b,
  );
  const rank = new Float32Array(popularity.length);
  order.forEach((item, place) => {
    rank[item] = popularity.length <= 1 ? 0 : place / (popularity.length - 1);
  });
  return rank;
}
