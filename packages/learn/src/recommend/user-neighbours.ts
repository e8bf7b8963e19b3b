import type { Interactions } from './interactions.ts';
import { type NeighbourLists, type NeighbourOptions, nearestRows } from './neighbour-lists.ts';

/** "People like you took": for each person the people most like them. */
export type UserNeighbours = {
  readonly kind: 'user-knn';
  readonly version: 1;
  readonly interactions: Interactions;
} & NeighbourLists;

export function fitUserNeighbours(interactions: Interactions, options: NeighbourOptions): UserNeighbours {
  return { kind: 'user-knn', version: 1, interactions, ...nearestRows(interactions, options) };
}

/** score(i) = Σ over neighbours v of sim(u, v) · value(v, i). */
export function scoreByUserNeighboursInto(model: UserNeighbours, user: number, scores: Float64Array): void {
  const { offsets, itemOf, weightOf } = model.interactions;
  scores.fill(0);
  for (let at = model.offsets[user]; at < model.offsets[user + 1]; at++) {
    const neighbour = model.rowOf[at];
    for (let by = offsets[neighbour]; by < offsets[neighbour + 1]; by++) {
      scores[itemOf[by]] += model.similarityOf[at] * weightOf[by];
    }
  }
}
