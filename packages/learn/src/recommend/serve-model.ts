import type { Kernels } from '@zhiyin/kernels';
import type { History, Recommender, RecommendModel } from './recommender.ts';

/** What each entry of a history added to the scores of some items. */
export type Shares = {
  /** The entries, as items of the model. */
  readonly from: ArrayLike<number>;
  /** Row by row, one row of `from.length` per item asked for; a row adds up to the score of its item. */
  readonly share: Float32Array;
};

/** A model made ready to answer one person after the other: what answers have in common is worked out and laid out once. */
export type ServedModel = {
  /** As `scoreInto` of the recommender. */
  scoreInto(history: History, scores: Float32Array): void;
  /** Contributions to the scores of `items` (each once), all in one go. Absent where the model gives no reasons. */
  explain?(history: History, items: ArrayLike<number>): Shares;
};

/**
 * Makes a model ready. Its tables may come to lie in the memory of the kernels, which must stay open and serve nobody else.
 * Recommenders without a way of their own are asked as they are.
 */
export function serveModel<Model extends RecommendModel>(
  recommender: Recommender<Model, never>,
  model: Model,
  kernels: Kernels,
): ServedModel {
  if (recommender.serve) return recommender.serve(model, kernels);
  const { explain } = recommender;
  return {
    scoreInto: (history, scores) => recommender.scoreInto(model, history, scores),
    ...(explain && {
      explain: (history, items) => explainOneByOne((item) => explain(model, history, item), history, items),
    }),
  };
}

/** For models where reasons of one item have nothing in common with those of another. */
export function explainOneByOne(
  explain: (item: number) => readonly { readonly item: number; readonly share: number }[],
  { item: from }: History,
  items: ArrayLike<number>,
): Shares {
  const share = new Float32Array(items.length * from.length);
  const placeOf = new Map(Array.from(from, (item, place) => [item, place]));
  for (let row = 0; row < items.length; row++) {
    for (const one of explain(items[row])) share[row * from.length + (placeOf.get(one.item) ?? 0)] = one.share;
  }
  return { from, share };
}
