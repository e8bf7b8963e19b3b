import { Random, streamKey } from '../random.ts';
import { homeParts } from './home-parts.ts';
import { personalParts } from './personal-parts.ts';

export const tasteSize = 12;
export const categories = [...homeParts, ...personalParts];
export const brandName = '溪午 Xiwu';

/** Lines of the brand: a name, a factor on the price, and how many goods carry it. */
const lines = [
  { zh: '溪午·日常', en: 'Xiwu Everyday', price: 0.85, weight: 4 },
  { zh: '溪午·山野', en: 'Xiwu Field', price: 1, weight: 3 },
  { zh: '溪午·匠作', en: 'Xiwu Studio', price: 1.4, weight: 2 },
  { zh: '溪午·小满', en: 'Xiwu Xiaoman', price: 1, weight: 2 },
] as const;

/** What anyone may see of an item: this is what the catalogue push carries. */
export type CatalogueItem = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly category: string;
  readonly brand: string;
  readonly price: number;
  readonly currency: 'CNY';
  readonly url: string;
  readonly imageUrl: string;
  readonly stock: number;
  readonly attributes: { readonly [key: string]: string };
};

/** An item with what only the market knows. */
export type MarketItem = {
  readonly index: number;
  readonly shown: CatalogueItem;
  readonly categoryIndex: number;
  readonly categoryId: string;
  readonly nounZh: string;
  readonly nounEn: string;
  /** Hidden: direction of taste, standard normal around its category's centre. */
  readonly taste: Float64Array;
  /** Hidden: how good it really is, about standard normal. */
  readonly quality: number;
  /** Hidden: what the name, pictures and price promise; `quality - promise` is what buyers feel. */
  readonly promise: number;
  /** Hidden: how much the brand's own fame pulls it up (long tail). */
  readonly fame: number;
  readonly fragility: number;
  readonly cycleDays: number;
  /** ln(price / middle price of its category). */
  readonly relativePrice: number;
};

export type Catalogue = {
  readonly items: readonly MarketItem[];
  readonly byCategory: readonly (readonly MarketItem[])[];
  /** Centre of each category in the space of tastes. */
  readonly centres: readonly Float64Array[];
};

/**
 * Composes the brand's goods. Each category has a centre in the space of tastes; an item lies around it:
 * `taste = 0.75 × centre + 0.66 × noise`, scaled so that taste vectors have length about 1.
 */
export function buildCatalogue(seed: number, count: number): Catalogue {
  const random = new Random();
  const centres = categories.map((_, index) => unitVector(random.reset(streamKey(seed, 'category'), index)));
  const drafts = Array.from({ length: count }, (_, index) => draftItem(seed, index, centres));
  const items = drafts.map((draft) => {
    const middle = median(
      drafts.filter((other) => other.categoryIndex === draft.categoryIndex).map((other) => other.shown.price),
    );
    return { ...draft, relativePrice: Math.log(draft.shown.price / middle) };
  });
  return { items, byCategory: categories.map((_, c) => items.filter((item) => item.categoryIndex === c)), centres };
}

function draftItem(seed: number, index: number, centres: readonly Float64Array[]): Omit<MarketItem, 'relativePrice'> {
  const categoryIndex = index % categories.length;
  const parts = categories[categoryIndex]!;
  const random = new Random().reset(streamKey(seed, 'item'), index);
  // Walks through all pairs of noun and variant before it repeats one, in an order that depends on the category.
  const place = Math.floor(index / categories.length);
  const noun = parts.nouns[place % parts.nouns.length]!;
  const round = Math.floor(place / parts.nouns.length);
  const variant = parts.variants[((place % parts.nouns.length) * 3 + round + categoryIndex) % parts.variants.length]!;
  const edition = Math.floor(round / parts.variants.length);
  const line = lines[random.weighted(lines.map((each) => each.weight))]!;
  const quality = random.normal() * 0.9 + (line.price - 1);
  const price = tidyPrice(noun[2] * variant[2] * line.price * random.between(0.88, 1.15));
  const [a, b] = [random.below(4), random.below(4)];
  const id = `XW-${parts.code}-${String(place + 1).padStart(3, '0')}`;
  const mark = edition > 0 ? { zh: ` ${edition + 1} 号`, en: ` No. ${edition + 1}` } : { zh: '', en: '' };
  const nameEn = `${variant[1]} ${noun[1]}${mark.en}`;
  const detailsZh = a === b ? parts.detailsZh[a]! : `${parts.detailsZh[a]}，${parts.detailsZh[b]}`;
  const detailsEn = a === b ? parts.detailsEn[a]! : `${parts.detailsEn[a]}, ${parts.detailsEn[b]}`;
  return {
    index,
    shown: {
      id,
      name: `${variant[0]}${noun[0]}${mark.zh}`,
      description: `${line.zh}系列的${variant[0]}${noun[0]}。${detailsZh}。${nameEn}: ${detailsEn}.`,
      category: parts.zh,
      brand: line.zh,
      price,
      currency: 'CNY',
      url: `https://shop.xiwu.example/p/${id.toLowerCase()}`,
      imageUrl: `https://img.xiwu.example/p/${id.toLowerCase()}.webp`,
      stock: 20 + Math.floor(random.exponential(260)),
      attributes: {
        name_en: nameEn,
        category_en: parts.en,
        category_id: parts.id,
        line_en: line.en,
        variant: variant[0],
      },
    },
    categoryIndex,
    categoryId: parts.id,
    nounZh: noun[0],
    nounEn: noun[1].split(',')[0]!.toLowerCase(),
    taste: around(centres[categoryIndex]!, random),
    quality,
    promise: 0.45 * (line.price - 1) * 2 + 0.35 * random.normal() + 0.25 * quality,
    fame: 0.85 * random.normal() + 0.3 * quality,
    fragility: parts.fragility,
    cycleDays: parts.cycleDays,
  };
}

function around(centre: Float64Array, random: Random): Float64Array {
  const noise = unitVector(random);
  return centre.map((value, axis) => 0.75 * value + 0.66 * (noise[axis] as number));
}

function unitVector(random: Random): Float64Array {
  const vector = Float64Array.from({ length: tasteSize }, () => random.normal());
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

/** Prices end in 9 or 8, as shops have them. */
function tidyPrice(raw: number): number {
  const step = raw < 60 ? 5 : raw < 300 ? 10 : 20;
  return Math.max(9, Math.round(raw / step) * step - (Math.round(raw) % 3 === 0 ? 2 : 1));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 1;
}
