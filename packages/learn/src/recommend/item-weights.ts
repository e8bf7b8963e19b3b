import type { Contribution, History } from './recommender.ts';
import type { ServedModel } from './serve-model.ts';
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

/** Reasons of many items come from one pass over the history's rows. */
export function serveByWeights(
  model: ItemWeights,
  scoreInto: (model: ItemWeights, history: History, scores: Float32Array) => void = scoreByWeightsInto,
): ServedModel {
  /** Row of an item that is asked for, from 1 on; 0 between questions. */
  const rowOf = new Uint32Array(model.items);
  return {
    scoreInto: (history, scores) => scoreInto(model, history, scores),
    explain({ item: from, weight }, items) {
      const entries = from.length;
      const share = new Float32Array(items.length * entries);
      const { offsets, itemOf, weightOf } = model;
      for (let row = 0; row < items.length; row++) rowOf[items[row]] = row + 1;
      for (let h = 0; h < entries; h++) {
        if (!(from[h] < model.items)) continue;
        for (let at = offsets[from[h]], end = offsets[from[h] + 1]; at < end; at++) {
          const row = rowOf[itemOf[at]];
          if (row > 0) share[(row - 1) * entries + h] += weightOf[at] * weight[h];
        }
      }
      for (let row = 0; row < items.length; row++) rowOf[items[row]] = 0;
      return { from, share };
    },
  };
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
