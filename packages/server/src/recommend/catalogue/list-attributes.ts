import type { ItemAttribute } from '@zhiyin/contract';
import { currencyExponents } from '../../domain/currencies.ts';
import type { Catalogue } from './catalogue.ts';

const valuesMax = 100;
const attributesMax = 100;

/** What rules can be made of: each attribute of the catalogue with its most frequent values. Cost: one pass over the catalogue. */
export function listAttributes(catalogue: Catalogue): ItemAttribute[] {
  const counts = new Map<
    string,
    { items: number; values: Map<string, number>; min: number; max: number; text: boolean }
  >();
  const seeAttribute = (attribute: string, value: string, number: number) => {
    let seen = counts.get(attribute);
    if (!seen) {
      if (counts.size >= attributesMax) return;
      seen = { items: 0, values: new Map(), min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY, text: false };
      counts.set(attribute, seen);
    }
    seen.items += 1;
    seen.values.set(value, (seen.values.get(value) ?? 0) + 1);
    if (Number.isNaN(number)) seen.text = true;
    else {
      seen.min = Math.min(seen.min, number);
      seen.max = Math.max(seen.max, number);
    }
  };
  for (let index = 0; index < catalogue.size; index += 1) {
    if (catalogue.present[index] !== 1) continue;
    if (catalogue.categories[index]) seeAttribute('category', catalogue.categories[index]!, Number.NaN);
    if (catalogue.brands[index]) seeAttribute('brand', catalogue.brands[index]!, Number.NaN);
    const minor = catalogue.prices[index]!;
    if (!Number.isNaN(minor)) {
      const price = minor / 10 ** (currencyExponents.get(catalogue.currencies[index]!) ?? 2);
      seeAttribute('price', String(price), price);
    }
    for (const pair of catalogue.pairsOf(index)) {
      const { attribute, value, number } = catalogue.pairs[pair]!;
      seeAttribute(attribute, value, number);
    }
  }
  return [...counts]
    .map(([attribute, { items, values, min, max, text }]) => ({
      attribute,
      type: text ? ('text' as const) : ('number' as const),
      items,
      values: [...values]
        .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
        .slice(0, valuesMax)
        .map(([value, count]) => ({ value, items: count })),
      min: text ? null : min,
      max: text ? null : max,
    }))
    .sort((a, b) => b.items - a.items || (a.attribute < b.attribute ? -1 : 1));
}
