import { type Kernels, openKernels } from '@zhiyin/kernels';
import { findRecommender, type ServedModel, serveModel } from '@zhiyin/learn';
import { AppError } from '../../domain/app-error.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { ModelBundle } from './model-bundle.ts';

/** A model as it serves: the bundle, and how its items and the catalogue's name each other. */
export type ServingModel = {
  readonly version: number;
  readonly kind: string;
  readonly bundle: ModelBundle;
  readonly personal: ServedModel;
  /** Item of the model → index in the catalogue. */
  readonly catalogueOf: Int32Array;
  /** Index in the catalogue → item of the model, −1: not in the model. Items registered later are beyond its end. */
  readonly modelOf: Int32Array;
  /** Items of the model before this one have deeds. */
  readonly knownItems: number;
  /** Share of items less popular than this one, 0 to 1, by item of the model. */
  readonly popularityRank: Float32Array;
  /** What says what comes next, where a model of sequences ranked better than lists. */
  readonly following: Following | undefined;
  /** Reused by every request: requests are answered one after the other. */
  readonly scores: Float32Array;
  /** The items with the largest of `scores`, best first, equal ones by item. */
  best(most: number): { readonly item: Uint32Array; readonly score: Float32Array };
  /** Gives back the memory that its tables take outside of the heap. */
  close(): void;
};

export type Following = {
  readonly served: ServedModel;
  readonly steps: NonNullable<ModelBundle['following']>['steps'];
  /** Its scores are sums of what was seen: 0 says never. */
  readonly countsOnly: boolean;
};

/** Whether anybody has done anything with the item of the catalogue, as far as the model goes. */
export function knowsItem(model: ServingModel | undefined, index: number): boolean {
  const item = model?.modelOf[index] ?? -1;
  return model !== undefined && item >= 0 && item < model.knownItems;
}

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
  // One thread: an answer is shorter than waking another.
  const kernels = openKernels({ threads: 1 });
  const scores = kernels.float32(bundle.items);
  return {
    version,
    kind: bundle.personal.kind,
    bundle,
    personal: serveModel(recommender, bundle.personal, kernels),
    catalogueOf,
    modelOf,
    knownItems: bundle.knownItems ?? bundle.items,
    popularityRank: rankOf(bundle.popularity),
    following: openFollowing(bundle, kernels),
    scores,
    best(most) {
      const { column, score, count } = kernels.topKRows({ rows: 1, columns: bundle.items, scores, k: most });
      return { item: column.subarray(0, count[0]), score: score.subarray(0, count[0]) };
    },
    close: () => kernels.close(),
  };
}

/** One that this version does not know is left alone: the lists are there. */
function openFollowing({ following }: ModelBundle, kernels: Kernels): Following | undefined {
  const recommender = following && findRecommender(following.model.kind);
  if (!recommender) return undefined;
  const { model, steps } = following;
  const countsOnly = model.kind === 'transition-knn' || model.kind === 'vsknn';
  return { served: serveModel(recommender, model, kernels), steps, countsOnly };
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
