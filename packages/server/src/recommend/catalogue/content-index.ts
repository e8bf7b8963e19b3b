import type { ItemVectors } from '../models/item-vectors.ts';
import type { Catalogue } from './catalogue.ts';

const wordsMax = 24;
/** Multiplications that one answer spends on vectors. */
const productsMax = 4_000_000;
const cjk = /[\u3400-\u9fff\uf900-\ufaff]/;

/**
 * What items are, as sparse unit vectors over category, brand, attributes, price band and words of the name: how an item that nobody
 * has touched yet is found. Built when first needed, brought up to date item by item.
 */
export class ContentIndex {
  readonly #catalogue: Catalogue;
  readonly #featureOf = new Map<string, number>();
  readonly names: string[] = [];
  #itemsWith = new Float64Array(1024);
  /** 0: not worked out since the last change. */
  #rarities = new Float64Array(1024);
  readonly #features: (Uint32Array | undefined)[] = [];
  readonly #weights: (Float32Array | undefined)[] = [];
  #revision = -1;
  #seen = 0;
  #query = new Float32Array(1024);
  #vectors: { readonly all: ItemVectors; readonly rowOf: Int32Array } | undefined;

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
  }

  /** From now on likeness counts what texts mean, too, for items that have a vector. Undefined: words alone again. */
  useVectors(vectors: ItemVectors | undefined): void {
    if (!vectors || vectors.items === 0) {
      this.#vectors = undefined;
      return;
    }
    const indices = vectors.itemIds.map((id) => this.#catalogue.register(id));
    const rowOf = new Int32Array(this.#catalogue.size).fill(-1);
    indices.forEach((index, row) => {
      rowOf[index] = row;
    });
    this.#vectors = { all: vectors, rowOf };
  }

  /** Takes up items that changed. Cost: the changed items and one pass over the revisions. */
  bring(): void {
    const { revision, size, changedAt, present } = this.#catalogue;
    if (this.#revision === revision && this.#seen === size) return;
    for (let index = 0; index < size; index += 1) {
      if (index < this.#seen && changedAt[index]! <= this.#revision) continue;
      if (present[index] === 1) this.#put(index);
    }
    this.#revision = revision;
    this.#seen = size;
    this.#rarities = new Float64Array(this.#itemsWith.length);
  }

  /**
   * Likeness of each of `items` to a mixture of other items, 0 to 1 where the mixture's weights are not negative.
   * Cost: features of the mixture + features of `items`.
   */
  scores(
    mixture: readonly { readonly item: number; readonly weight: number }[],
    items: ArrayLike<number>,
  ): Float32Array {
    const touched: number[] = [];
    if (this.#query.length < this.names.length) this.#query = new Float32Array(this.#itemsWith.length);
    const query = this.#query;
    for (const { item, weight } of mixture) {
      const features = this.#features[item];
      const weights = this.#weights[item];
      if (!features || !weights) continue;
      for (let at = 0; at < features.length; at += 1) {
        const feature = features[at]!;
        if (query[feature] === 0) touched.push(feature);
        query[feature]! += weight * weights[at]! * this.#rarity(feature);
      }
    }
    let squares = 0;
    for (const feature of touched) squares += query[feature]! ** 2;
    const norm = Math.sqrt(squares) || 1;
    const scores = new Float32Array(items.length);
    for (let place = 0; place < items.length; place += 1) {
      const features = this.#features[items[place]!];
      const weights = this.#weights[items[place]!];
      if (!features || !weights) continue;
      let product = 0;
      let own = 0;
      for (let at = 0; at < features.length; at += 1) {
        const value = weights[at]! * this.#rarity(features[at]!);
        product += value * query[features[at]!]!;
        own += value * value;
      }
      scores[place] = own === 0 ? 0 : product / (norm * Math.sqrt(own));
    }
    for (const feature of touched) query[feature] = 0;
    this.#addMeaning(mixture, items, scores);
    return scores;
  }

  /**
   * Half of the likeness of items with a vector is the cosine of their vectors. Of a large catalogue only the likest by words are
   * looked at, so that an answer takes a few milliseconds whatever its size.
   */
  #addMeaning(
    mixture: readonly { readonly item: number; readonly weight: number }[],
    items: ArrayLike<number>,
    scores: Float32Array,
  ): void {
    if (!this.#vectors) return;
    const { all, rowOf } = this.#vectors;
    const { dimensions, values } = all;
    const query = new Float32Array(dimensions);
    for (const { item, weight } of mixture) {
      const row = rowOf[item] ?? -1;
      for (let at = 0; row >= 0 && at < dimensions; at += 1) query[at]! += weight * values[row * dimensions + at]!;
    }
    const norm = Math.sqrt(query.reduce((sum, value) => sum + value * value, 0)) * 127;
    if (norm === 0) return;
    const looked = Math.floor(productsMax / dimensions);
    const least = items.length <= looked ? 0 : scores.toSorted()[scores.length - looked]!;
    for (let place = 0; place < items.length; place += 1) {
      const row = rowOf[items[place]!] ?? -1;
      if (row < 0) continue;
      let product = 0;
      if (scores[place]! >= least) {
        const start = row * dimensions;
        for (let at = 0; at < dimensions; at += 1) product += query[at]! * values[start + at]!;
      }
      scores[place] = 0.5 * scores[place]! + 0.5 * Math.max(0, product / norm);
    }
  }

  /** What two items share most: `category:tea`; undefined when nothing. */
  sharedFeature(item: number, other: number): string | undefined {
    const features = this.#features[item];
    const others = new Set(this.#features[other]);
    let best: number | undefined;
    for (const feature of features ?? []) {
      if (others.has(feature) && (best === undefined || this.#rarity(feature) > this.#rarity(best))) best = feature;
    }
    return best === undefined ? undefined : this.names[best];
  }

  #rarity(feature: number): number {
    const known = this.#rarities[feature]!;
    if (known > 0) return known;
    const rarity = Math.log(1 + this.#seenItems() / (1 + this.#itemsWith[feature]!));
    this.#rarities[feature] = rarity;
    return rarity;
  }

  #seenItems(): number {
    return Math.max(1, this.#catalogue.live);
  }

  #put(index: number): void {
    for (const feature of this.#features[index] ?? []) this.#itemsWith[feature]! -= 1;
    const weightOf = new Map<number, number>();
    const add = (name: string, weight: number) => {
      const feature = this.#intern(name);
      weightOf.set(feature, Math.max(weight, weightOf.get(feature) ?? 0));
    };
    const { categories, brands, prices, names, pairs } = this.#catalogue;
    const category = categories[index]!;
    if (category) {
      add(`category:${category}`, 1);
      const parts = category.split(' / ');
      if (parts.length > 1) add(`category:${parts[0]}`, 0.6);
    }
    if (brands[index]) add(`brand:${brands[index]}`, 0.5);
    for (const pair of this.#catalogue.pairsOf(index)) add(`${pairs[pair]!.attribute}:${pairs[pair]!.value}`, 0.6);
    if (prices[index]! > 0) add(`price:${Math.round(Math.log2(prices[index]!))}`, 0.3);
    for (const word of wordsOf(names[index]!)) add(`word:${word}`, 0.5);
    this.#features[index] = Uint32Array.from(weightOf.keys());
    this.#weights[index] = Float32Array.from(weightOf.values());
    for (const feature of weightOf.keys()) this.#itemsWith[feature]! += 1;
  }

  #intern(name: string): number {
    const known = this.#featureOf.get(name);
    if (known !== undefined) return known;
    const feature = this.names.length;
    this.#featureOf.set(name, feature);
    this.names.push(name);
    if (feature >= this.#itemsWith.length) {
      const grown = new Float64Array(this.#itemsWith.length * 2);
      grown.set(this.#itemsWith);
      this.#itemsWith = grown;
    }
    return feature;
  }
}

/** Words of a name: between blanks where a script has them, pairs of characters where it has none. */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (const part of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    if (!cjk.test(part)) {
      if (part.length > 1) words.push(part);
      continue;
    }
    for (let at = 0; at + 1 < part.length; at += 1) words.push(part.slice(at, at + 2));
  }
  return [...new Set(words)].slice(0, wordsMax);
}
