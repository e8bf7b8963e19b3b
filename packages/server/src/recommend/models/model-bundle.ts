import type { RecommendModel, RepurchaseCycles } from '@zhiyin/learn';
import type { ItemVectors } from './item-vectors.ts';

/** Items most strongly tied to each item: CSR, strongest first, in indices of the bundle. */
export type ItemLists = {
  readonly offsets: Uint32Array;
  readonly itemOf: Uint32Array;
  readonly weightOf: Float32Array;
};

/** Everything one training makes: plain data, saved as one file. `items` is the number of items all parts speak of. */
export type ModelBundle = RecommendModel & {
  readonly kind: 'bundle';
  readonly version: 1;
  /** Catalogue ids by index. */
  readonly itemIds: readonly string[];
  /** Items before this one have deeds; the others are known by their content alone. Absent in older files: all have. */
  readonly knownItems?: number;
  /** The recommender chosen, by the contract of `@zhiyin/learn`. */
  readonly personal: RecommendModel;
  /** Looked at by the same people: what "similar" means where the model itself does not say. */
  readonly viewed: ItemLists;
  /** Bought in the same order. */
  readonly together: ItemLists;
  /** Taken after it. */
  readonly next: ItemLists;
  /** What answers "what comes next" instead of the lists, where it ranked better than them. */
  readonly following?: {
    readonly model: RecommendModel;
    /** What its histories are made of: what was bought, liked or saved, or everything. */
    readonly steps: 'taken' | 'all';
  };
  /** Decayed weight of everything that happened with each item. */
  readonly popularity: Float32Array;
  /** Pieces sold a day, over the last month. Absent in files of older versions. */
  readonly salesPerDay?: Float32Array;
  /** How long people take until they buy the same again. Absent in files of older versions. */
  readonly cycles?: RepurchaseCycles;
  /** What items mean, where an embeddings model was set when it was trained. */
  readonly vectors?: ItemVectors;
};

export const isBundle = (model: RecommendModel): model is ModelBundle => model.kind === 'bundle' && model.version === 1;

export type Pair = { readonly from: number; readonly to: number; readonly weight: number };

/** Pairs in any order → lists, each at most `perItemMax` long. Cost: O(n log n). */
export function toItemLists(items: number, pairs: readonly Pair[], perItemMax: number): ItemLists {
  const sorted = pairs.toSorted((a, b) => a.from - b.from || b.weight - a.weight || a.to - b.to);
  const offsets = new Uint32Array(items + 1);
  const kept: Pair[] = [];
  let inRow = 0;
  sorted.forEach((pair, at) => {
    inRow = at > 0 && sorted[at - 1]!.from === pair.from ? inRow + 1 : 1;
    if (inRow > perItemMax) return;
    kept.push(pair);
    offsets[pair.from + 1]! += 1;
  });
  for (let item = 0; item < items; item += 1) offsets[item + 1]! += offsets[item]!;
  return {
    offsets,
    itemOf: Uint32Array.from(kept, (pair) => pair.to),
    weightOf: Float32Array.from(kept, (pair) => pair.weight),
  };
}
