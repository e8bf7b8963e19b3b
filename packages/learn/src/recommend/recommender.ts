import type { Kernels, TopKRows } from '@zhiyin/kernels';
import type { Interactions } from './interactions.ts';
import type { ServedModel } from './serve-model.ts';

/** What one person did, oldest first. Need not have been there when the model was fitted. */
export type History = {
  /** Indices into the items of the model; others are ignored. */
  readonly item: ArrayLike<number>;
  /** Confidence or rating per entry, same length as `item`; 1 for "did". */
  readonly weight: ArrayLike<number>;
  /** Seconds since any epoch per entry, ascending; models that know no time ignore it. */
  readonly at?: ArrayLike<number>;
};

/** What models of content look at: one sparse row of named features per item, L2-normalised. */
export type ItemContent = {
  readonly items: number;
  readonly features: number;
  readonly offsets: Uint32Array;
  readonly featureOf: Uint32Array;
  readonly weightOf: Float32Array;
  /** What a feature is called in a reason: `category:tea`, `word:jasmine`, `price:2`. */
  readonly names: readonly string[];
};

export type TrainingData = {
  readonly interactions: Interactions;
  /** Seconds per entry, parallel to `interactions.itemOf`. */
  readonly at?: Float64Array;
  readonly content?: ItemContent;
};

export type FitTools = {
  readonly kernels: Kernels;
  /** Everything random comes from it: the same seed gives the same model. */
  readonly seed: number;
  /** 0 to 1; may throw to cancel. */
  readonly progress?: (done: number) => void;
};

/** Plain data: `kind`, `version`, numbers, strings and typed arrays. See `saveModel` and `loadModel`. */
export type RecommendModel = { readonly kind: string; readonly version: number; readonly items: number };

/** How much entry `item` of a person's history added to the score of the item explained. */
export type Contribution = { readonly item: number; readonly share: number };

/**
 * The contract of all recommenders. `Model` is plain data; a new or changed person needs no refit: scores are a function of the
 * model and a history (fold-in).
 */
export type Recommender<Model extends RecommendModel, Options> = {
  readonly kind: Model['kind'];
  fit(data: TrainingData, options: Options, tools: FitTools): Model;
  /** Writes a score for every item (length `model.items`, higher is better, never NaN); -Infinity: cannot say. */
  scoreInto(model: Model, history: History, scores: Float32Array): void;
  /** The items most like one item, best first. Absent where the model knows no items apart from people. */
  similar?(model: Model, item: number, k: number): { readonly item: Uint32Array; readonly score: Float32Array };
  /**
   * Contributions of the history to the score of `item`, largest first. They add up to its score; where a score is no sum (networks and
   * blends with them) they are shares that add up to 1, and none are given when nothing in the history speaks for the item.
   */
  explain?(model: Model, history: History, item: number): readonly Contribution[];
  /** Makes a model ready to answer one person after the other, where that pays; see `serveModel`. */
  serve?(model: Model, kernels: Kernels): ServedModel;
  /** Many at once, where that is faster than one by one: scores of `histories.length` people, row by row. */
  scoreManyInto?(model: Model, histories: readonly History[], scores: Float32Array, kernels: Kernels): void;
  /** The k best items of many people, where scores need never be written out (fused scoring and top k). */
  rankMany?(model: Model, histories: readonly History[], request: RankRequest, kernels: Kernels): TopKRows;
};

export type RankRequest = {
  readonly k: number;
  /** Items that row r must not get: CSR, ascending in each row, all below `model.items`. */
  readonly exclude: { readonly offsets: Uint32Array; readonly columnOf: Uint32Array };
};
