import { DomainError } from '../errors.ts';
import { historyEntries } from './history-entries.ts';
import { transpose } from './interactions.ts';
import type { History, ItemContent, Recommender } from './recommender.ts';
import { topK } from './top-k.ts';

/** "More of what you like": what items are, not who took them. Knows new items from the first moment, and no people. */
export type Content = {
  readonly kind: 'content';
  readonly version: 1;
  readonly items: number;
  readonly content: ItemContent;
  /** Feature by feature the items that have it: CSR, features × items. */
  readonly itemsOfFeature: {
    readonly offsets: Uint32Array;
    readonly itemOf: Uint32Array;
    readonly weightOf: Float32Array;
  };
};

/** What person and item have in common, and how much of the score it is. */
export type SharedFeature = { readonly name: string; readonly share: number };

/**
 * A person's taste is Σ weight · features over what they took; an item scores by the cosine of its features with it.
 * Fitting only turns the table around. Cost of a score: O(features of the history + items that share any of them).
 */
export const content: Recommender<Content, object> = {
  kind: 'content',

  fit({ interactions, content: table }) {
    if (!table) throw new DomainError('content: needs the content of the items, and there is none');
    if (table.items !== interactions.items) {
      throw new DomainError(`content: there are ${interactions.items} items, and content of ${table.items}`);
    }
    const turned = transpose({
      users: table.items,
      items: table.features,
      offsets: table.offsets,
      itemOf: table.featureOf,
      weightOf: table.weightOf,
    });
    return {
      kind: 'content',
      version: 1,
      items: table.items,
      content: table,
      itemsOfFeature: { offsets: turned.offsets, itemOf: turned.itemOf, weightOf: turned.weightOf },
    };
  },

  scoreInto(model, history, scores) {
    scores.fill(0);
    const taste = tasteOf(model.content, history);
    const length = lengthOf(taste);
    if (length === 0) return;
    for (const [feature, weight] of taste) addFeature(model, feature, weight / length, scores);
  },

  similar(model, item, k) {
    const scores = new Float32Array(model.items);
    content.scoreInto(model, { item: [item], weight: [1] }, scores);
    scores[item] = Number.NEGATIVE_INFINITY;
    const best = topK(scores, k).filter((other) => scores[other] > 0);
    return { item: best, score: Float32Array.from(best, (other) => scores[other]) };
  },

  explain(model, history, item) {
    const length = lengthOf(tasteOf(model.content, history));
    const features = new Map(rowOf(model.content, item));
    const entries = historyEntries(history, model.items);
    return Array.from(entries.item, (from, h) => {
      const dot = rowOf(model.content, from).reduce(
        (sum, [feature, weight]) => sum + weight * (features.get(feature) ?? 0),
        0,
      );
      return { item: from, share: length === 0 ? 0 : (entries.weight[h] * dot) / length };
    })
      .filter(({ share }) => share !== 0)
      .sort((a, b) => b.share - a.share || a.item - b.item);
  },
};

/** The features for which `item` is recommended to a person, largest share first; the shares add up to the score. */
export function explainByFeatures(model: Content, history: History, item: number): readonly SharedFeature[] {
  const taste = tasteOf(model.content, history);
  const length = lengthOf(taste) || 1;
  return rowOf(model.content, item)
    .map(([feature, weight]) => ({
      name: model.content.names[feature],
      share: (weight * (taste.get(feature) ?? 0)) / length,
    }))
    .filter(({ share }) => share !== 0)
    .sort((a, b) => b.share - a.share || (a.name < b.name ? -1 : 1));
}

/** Σ weight · features over the history. */
function tasteOf({ items, offsets, featureOf, weightOf }: ItemContent, history: History): Map<number, number> {
  const taste = new Map<number, number>();
  const entries = historyEntries(history, items);
  entries.item.forEach((item, h) => {
    for (let at = offsets[item]; at < offsets[item + 1]; at++) {
      taste.set(featureOf[at], (taste.get(featureOf[at]) ?? 0) + entries.weight[h] * weightOf[at]);
    }
  });
  return taste;
}

function lengthOf(taste: ReadonlyMap<number, number>): number {
  let squares = 0;
  for (const weight of taste.values()) squares += weight * weight;
  return Math.sqrt(squares);
}

function addFeature({ itemsOfFeature }: Content, feature: number, weight: number, scores: Float32Array): void {
  const { offsets, itemOf, weightOf } = itemsOfFeature;
  for (let at = offsets[feature]; at < offsets[feature + 1]; at++) scores[itemOf[at]] += weight * weightOf[at];
}

function rowOf({ offsets, featureOf, weightOf }: ItemContent, item: number): [feature: number, weight: number][] {
  const [start, end] = [offsets[item], offsets[item + 1]];
  return Array.from(featureOf.subarray(start, end), (feature, i) => [feature, weightOf[start + i]]);
}
