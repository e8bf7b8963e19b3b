import type { Contribution, History } from './recommender.ts';
import { topK } from './top-k.ts';

/**
 * Sparse item × item weights in CSR form: having j adds weight to the items in row j. Item neighbourhoods and what else scores by
 * Σ_j x_j W_ji share the functions below; such scores explain themselves.
 */
export type ItemWeights = {
  readonly items: number;
  readonly offsets: Uint32Array;
  readonly itemOf: Uint32Array;
  readonly weightOf: Float32Array;
};

/** score(i) = Σ_j weight(j) W_ji. Cost: O(Σ over the history of its rows' lengths). */
export function scoreByWeightsInto(model: ItemWeights, history: History, scores: Float32Array): void {
  const { items, offsets, itemOf, weightOf } = model;
  scores.fill(0);
  for (let h = 0; h < history.item.length; h++) {
    const item = history.item[h];
    const weight = history.weight[h];
    if (!(item < items) || !Number.isFinite(weight)) continue;
    for (let at = offsets[item], end = offsets[item + 1]; at < end; at++) scores[itemOf[at]] += weightOf[at] * weight;
  }
}

/** What each entry of the history added to the score of `item`, largest first. Cost: as scoring. */
export function explainByWeights(model: ItemWeights, history: History, item: number): readonly Contribution[] {
  const contributions: Contribution[] = [];
  for (let h = 0; h < history.item.length; h++) {
    const from = history.item[h];
    if (!(from < model.items)) continue;
    for (let at = model.offsets[from]; at < model.offsets[from + 1]; at++) {
      if (model.itemOf[at] === item) contributions.push({ item: from, share: model.weightOf[at] * history.weight[h] });
    }
  }
  return contributions.sort((a, b) => b.share - a.share || a.item - b.item);
}

/** The items that having `item` speaks for most. */
export function similarByWeights(
  model: ItemWeights,
  item: number,
  k: number,
): { readonly item: Uint32Array; readonly score: Float32Array } {
  const [start, end] = [model.offsets[item], model.offsets[item + 1]];
  const weights = model.weightOf.subarray(start, end);
  const nearest = topK(weights, k);
  return {
    item: nearest.map((at) => model.itemOf[start + at]),
    score: Float32Array.from(nearest, (at) => weights[at]),
  };
}
