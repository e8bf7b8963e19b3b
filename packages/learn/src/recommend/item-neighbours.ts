import { type Interactions, transpose } from './interactions.ts';
import { type NeighbourLists, type NeighbourOptions, nearestRows } from './neighbour-lists.ts';

/** "People who took this also took": for each item its most similar items. */
export type ItemNeighbours = {
  readonly kind: 'item-knn';
  readonly version: 1;
  readonly items: number;
} & NeighbourLists;

/** Source: Sarwar et al. (2001); Deshpande and Karypis (2004), ACM TOIS 22(1). */
export function fitItemNeighbours(interactions: Interactions, options: NeighbourOptions): ItemNeighbours {
  return { kind: 'item-knn', version: 1, items: interactions.items, ...nearestRows(transpose(interactions), options) };
}

/** score(i) = Σ over the items j a person has of sim(i, j) · value(j). Works for a person who was not there when the model was fitted. */
export function scoreByItemNeighboursInto(
  model: ItemNeighbours,
  history: { readonly item: ArrayLike<number>; readonly value: ArrayLike<number> },
  scores: Float64Array,
): void {
  scores.fill(0);
  for (let h = 0; h < history.item.length; h++) {
    const item = history.item[h];
    for (let at = model.offsets[item]; at < model.offsets[item + 1]; at++) {
      scores[model.rowOf[at]] += model.similarityOf[at] * history.value[h];
    }
  }
}
