import { DomainError } from '../errors.ts';
import { normalise, splitWords } from './content-words.ts';
import type { ItemContent } from './recommender.ts';

/** What is known about an item apart from who took it. All may be missing. */
export type ItemDescription = {
  readonly text?: string;
  /** From wide to narrow; sharing the first steps counts too. */
  readonly category?: readonly string[];
  readonly brand?: string;
  readonly price?: number;
  readonly tags?: readonly string[];
  /** Numbers from a model of text or images; one length for all items that have them. */
  readonly embedding?: ArrayLike<number>;
};

export type ContentOptions = {
  /** How much each kind of feature counts in the similarity of two items that have all. */
  readonly groupWeights?: Partial<Record<FeatureGroup, number>>;
  readonly priceBands?: number;
  /** Words kept: the most frequent of those that at least two items and at most half of them share. */
  readonly wordsMax?: number;
};

export type FeatureGroup = 'word' | 'category' | 'brand' | 'price' | 'tag' | 'embedding';

const groupWeightsByDefault: Record<FeatureGroup, number> = {
  word: 1,
  category: 1,
  brand: 0.7,
  price: 0.5,
  tag: 1,
  embedding: 1.5,
};

/**
 * Items as rows of named features: words by TF-IDF, categories, brands, tags and price bands (equal shares of the items) by IDF,
 * embeddings as they are. Each group of an item has its weight as length, then the whole row is normalised to 1; an item about
 * which nothing is known has an empty row.
 * @throws DomainError for a price that is not a number from 0, embeddings of different lengths or with other than finite numbers.
 * Cost: O(length of all texts).
 */
export function buildItemContent(items: readonly ItemDescription[], options: ContentOptions = {}): ItemContent {
  const bands = priceBandsOf(items, options.priceBands ?? 5);
  const dimensions = embeddingLength(items);
  const vocabulary = chooseFeatures(items, bands, options.wordsMax ?? 20_000);
  const names = [...vocabulary.keys(), ...Array.from({ length: dimensions }, (_, i) => `embedding:${i}`)];
  const weights = { ...groupWeightsByDefault, ...options.groupWeights };
  const offsets = new Uint32Array(items.length + 1);
  const featureOf: number[] = [];
  const weightOf: number[] = [];
  items.forEach((item, i) => {
    // Counted once more rather than kept: the counts of a large catalogue would take far more room than its content.
    for (const [feature, weight] of weighRow(countFeatures(item, bands), item, vocabulary, items.length, weights)) {
      featureOf.push(feature);
      weightOf.push(weight);
    }
    offsets[i + 1] = featureOf.length;
  });
  return {
    items: items.length,
    features: names.length,
    offsets,
    featureOf: Uint32Array.from(featureOf),
    weightOf: Float32Array.from(weightOf),
    names,
  };
}

type FeatureCounts = Map<string, number>;

function countFeatures(item: ItemDescription, bandOf: (price: number) => number): FeatureCounts {
  const counts: FeatureCounts = new Map();
  const count = (group: FeatureGroup, name: string) => {
    if (name !== '') counts.set(`${group}:${name}`, (counts.get(`${group}:${name}`) ?? 0) + 1);
  };
  for (const word of splitWords(item.text ?? '')) count('word', word);
  const path = (item.category ?? []).map(normalise).filter((step) => step !== '');
  path.forEach((_, depth) => {
    count('category', path.slice(0, depth + 1).join(' > '));
  });
  count('brand', normalise(item.brand ?? ''));
  for (const tag of item.tags ?? []) count('tag', normalise(tag));
  if (item.price !== undefined) count('price', String(bandOf(item.price)));
  return counts;
}

/** The band of a price, from 1: as many items in each, as far as equal prices allow. */
function priceBandsOf(items: readonly ItemDescription[], bands: number): (price: number) => number {
  const prices = items.flatMap(({ price }, i) => {
    if (price === undefined) return [];
    if (!(price >= 0 && Number.isFinite(price))) {
      throw new DomainError(`buildItemContent: price of item ${i} must be a number from 0, got ${price}`);
    }
    return [price];
  });
  const sorted = Float64Array.from(prices).sort();
  const bounds = Array.from({ length: bands - 1 }, (_, b) => sorted[Math.ceil(((b + 1) * sorted.length) / bands) - 1]);
  return (price) => 1 + bounds.filter((bound) => price > bound).length;
}

function embeddingLength(items: readonly ItemDescription[]): number {
  let length = 0;
  items.forEach(({ embedding }, i) => {
    if (!embedding) return;
    if (length > 0 && embedding.length !== length) {
      throw new DomainError(
        `buildItemContent: embedding of item ${i} must have length ${length}, got ${embedding.length}`,
      );
    }
    length = embedding.length;
    const wrong = Array.from(embedding).find((value) => !Number.isFinite(value));
    if (wrong !== undefined) throw new DomainError(`buildItemContent: embedding of item ${i} has the value ${wrong}`);
  });
  return length;
}

type Vocabulary = Map<string, { readonly feature: number; readonly items: number }>;

/** Features of one item say nothing about another, words in more than half of many items say little. */
function chooseFeatures(
  all: readonly ItemDescription[],
  bandOf: (price: number) => number,
  wordsMax: number,
): Vocabulary {
  const items = new Map<string, number>();
  for (const item of all) {
    for (const name of countFeatures(item, bandOf).keys()) items.set(name, (items.get(name) ?? 0) + 1);
  }
  const commonest = all.length < 20 ? all.length : all.length / 2;
  const isWord = (name: string) => name.startsWith('word:');
  const usable = [...items].filter(([name, count]) => count >= 2 && !(isWord(name) && count > commonest));
  const words = usable
    .filter(([name]) => isWord(name))
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, wordsMax);
  const kept = [...usable.filter(([name]) => !isWord(name)), ...words].sort((a, b) => (a[0] < b[0] ? -1 : 1));
  return new Map(kept.map(([name, count], feature) => [name, { feature, items: count }]));
}

function weighRow(
  counts: FeatureCounts,
  item: ItemDescription,
  vocabulary: Vocabulary,
  items: number,
  groupWeights: Record<FeatureGroup, number>,
): [number, number][] {
  const groups = new Map<FeatureGroup, [number, number][]>();
  for (const [name, count] of counts) {
    const known = vocabulary.get(name);
    if (!known) continue;
    const group = name.slice(0, name.indexOf(':')) as FeatureGroup;
    const weight = (1 + Math.log(count)) * Math.log(1 + items / known.items);
    groups.set(group, [...(groups.get(group) ?? []), [known.feature, weight]]);
  }
  if (item.embedding) {
    const first = vocabulary.size;
    const values = Array.from(item.embedding, (value, i): [number, number] => [first + i, value]);
    groups.set(
      'embedding',
      values.filter(([, value]) => value !== 0),
    );
  }
  const row = [...groups].flatMap(([group, entries]) => scaled(entries, groupWeights[group]));
  return scaled(row, 1)
    .filter(([, weight]) => weight !== 0)
    .sort((a, b) => a[0] - b[0]);
}

/** To this Euclidean length. */
function scaled(entries: readonly [number, number][], length: number): [number, number][] {
  const norm = Math.sqrt(entries.reduce((sum, [, weight]) => sum + weight * weight, 0));
  return entries.map(([feature, weight]) => [feature, norm === 0 ? 0 : (weight / norm) * length]);
}
