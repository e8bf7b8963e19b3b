import { type Interactions, transpose } from './interactions.ts';
import { createRowSearch, type NearestRows, type NeighbourOptions } from './neighbour-lists.ts';
import type { Contribution, History, Recommender } from './recommender.ts';
import { explainOneByOne } from './serve-model.ts';

/** "People like you took": the rows of everybody, among which neighbours are looked for when they are needed. */
export type UserNeighbours = {
  readonly kind: 'user-knn';
  readonly version: 1;
  readonly items: number;
  readonly interactions: Interactions;
  /** The same, by item. */
  readonly columns: Interactions;
  readonly options: NeighbourOptions;
};

/** score(i) = Σ over the neighbours v of sim(u, v) · weight(v, i). Fitting only stores; a person is compared with all rows when asked. */
export const userNeighbours: Recommender<UserNeighbours, NeighbourOptions> = {
  kind: 'user-knn',

  fit({ interactions }, options) {
    const model: UserNeighbours = {
      kind: 'user-knn',
      version: 1,
      items: interactions.items,
      interactions,
      columns: transpose(interactions),
      options,
    };
    searchOf(model); // wrong options are told now, not at the first question
    return model;
  },

  /** Cost: O(Σ over the history of the items' people + Σ over the neighbours of their rows' lengths). */
  scoreInto(model, history, scores) {
    scoreByNeighboursInto(model, findNeighbours(model, history), scores);
  },

  explain: (model, history, item) => explainByNeighbours(model, findNeighbours(model, history), history, item),

  /** Neighbours are looked for once per person, for the list and for its reasons. */
  serve(model) {
    let found: { readonly history: History; readonly nearest: NearestRows } | undefined;
    const nearestOf = (history: History): NearestRows => {
      if (found?.history !== history) found = { history, nearest: findNeighbours(model, history) };
      return found.nearest;
    };
    return {
      scoreInto: (history, scores) => scoreByNeighboursInto(model, nearestOf(history), scores),
      explain(history, items) {
        const nearest = nearestOf(history);
        return explainOneByOne((item) => explainByNeighbours(model, nearest, history, item), history, items);
      },
    };
  },
};

function scoreByNeighboursInto({ interactions }: UserNeighbours, nearest: NearestRows, scores: Float32Array): void {
  const { offsets, itemOf, weightOf } = interactions;
  scores.fill(0);
  for (let n = 0; n < nearest.row.length; n++) {
    const [start, end, similarity] = [offsets[nearest.row[n]], offsets[nearest.row[n] + 1], nearest.similarity[n]];
    for (let at = start; at < end; at++) scores[itemOf[at]] += similarity * weightOf[at];
  }
}

/** A neighbour's share of the score goes to the entries of the history that make the neighbour similar, by what each adds. */
function explainByNeighbours(
  model: UserNeighbours,
  nearest: NearestRows,
  history: History,
  item: number,
): readonly Contribution[] {
  const shares = new Map<number, number>();
  for (const { row, share } of sharesOf(model, nearest, item)) {
    const shared = sharedEntries(model, history, row);
    const whole = shared.reduce((sum, { weight }) => sum + weight, 0);
    for (const { item: from, weight } of shared) {
      shares.set(from, (shares.get(from) ?? 0) + (whole === 0 ? share / shared.length : (share * weight) / whole));
    }
  }
  return [...shares]
    .map(([from, share]) => ({ item: from, share }))
    .sort((a, b) => b.share - a.share || a.item - b.item);
}

/** Neighbours asked for beyond those wanted, because some turn out to have nothing to add. */
const spareNeighbours = 16;

/**
 * The people most like this history, strongest first. People who did nothing but what is in the history are left out: they have
 * nothing to recommend (the person's own stored row is one of them).
 */
export function findNeighbours(model: UserNeighbours, history: History): NearestRows {
  const found = searchOf(model)(history);
  const known = new Set(Array.from(history.item));
  const { offsets, itemOf } = model.interactions;
  const kept: number[] = [];
  for (let i = 0; i < found.row.length && kept.length < model.options.neighbours; i++) {
    const items = itemOf.subarray(offsets[found.row[i]], offsets[found.row[i] + 1]);
    if (items.length > known.size || items.some((item) => !known.has(item))) kept.push(i);
  }
  return {
    row: Uint32Array.from(kept, (i) => found.row[i]),
    similarity: Float32Array.from(kept, (i) => found.similarity[i]),
  };
}

/** How much each neighbour who took `item` added to its score, largest first. */
export function neighbourShares(
  model: UserNeighbours,
  history: History,
  item: number,
): { readonly row: number; readonly share: number }[] {
  return sharesOf(model, findNeighbours(model, history), item);
}

function sharesOf(
  model: UserNeighbours,
  nearest: NearestRows,
  item: number,
): { readonly row: number; readonly share: number }[] {
  return [...nearest.row]
    .map((row, n) => ({ row, share: nearest.similarity[n] * weightAt(model.interactions, row, item) }))
    .filter(({ share }) => share !== 0)
    .sort((a, b) => b.share - a.share || a.row - b.row);
}

type Search = (history: History) => NearestRows;
/** A search needs room of its own, which is no part of the model; it is made once per model. */
const searches = new WeakMap<UserNeighbours, Search>();

function searchOf(model: UserNeighbours): Search {
  const known = searches.get(model);
  if (known) return known;
  const neighbours = model.options.neighbours + spareNeighbours;
  const search = createRowSearch(model.interactions, model.columns, { ...model.options, neighbours });
  searches.set(model, search);
  return search;
}

/** The entries of the history that the neighbour has too, weighted by how much they speak for the two being alike. */
function sharedEntries({ interactions }: UserNeighbours, history: History, row: number) {
  return Array.from(history.item, (item, h) => ({
    item,
    weight: Math.max(0, weightAt(interactions, row, item) * history.weight[h]),
  })).filter(({ item, weight }) => weight > 0 && item < interactions.items);
}

function weightAt({ offsets, itemOf, weightOf }: Interactions, row: number, item: number): number {
  let [low, high] = [offsets[row], offsets[row + 1]];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (itemOf[middle] < item) low = middle + 1;
    else high = middle;
  }
  return low < offsets[row + 1] && itemOf[low] === item ? weightOf[low] : 0;
}
