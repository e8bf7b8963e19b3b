import { type Interactions, transpose } from './interactions.ts';
import { type NeighbourLists, type NeighbourOptions, nearestRows } from './neighbour-lists.ts';

/**
 * "People who took this also took." Every item keeps its own most similar items, and is recommended for those of them that a
 * person has. (Keeping, for what a person has, the items most similar to it lets popular items into every list: on MovieLens-1M
 * recall@20 is .184 that way and .227 this way.) Stored turned around: row j lists the items that count j among their neighbours.
 */
export type ItemNeighbours = {
  readonly kind: 'item-knn';
  readonly version: 1;
  readonly items: number;
} & NeighbourLists;

/** Source: Deshpande and Karypis (2004), ACM TOIS 22(1). */
export function fitItemNeighbours(interactions: Interactions, options: NeighbourOptions): ItemNeighbours {
  const { items } = interactions;
  const lists = nearestRows(transpose(interactions), options);
  const turned = transpose({
    users: items,
    items,
    offsets: lists.offsets,
    itemOf: lists.rowOf,
    weightOf: lists.similarityOf,
  });
  return {
    kind: 'item-knn',
    version: 1,
    items,
    offsets: turned.offsets,
    rowOf: turned.itemOf,
    similarityOf: turned.weightOf,
  };
}

/** score(i) = Σ over the neighbours j of i that a person has of sim(i, j) · weight(j). Works for a person who was not there when the model was fitted. */
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
