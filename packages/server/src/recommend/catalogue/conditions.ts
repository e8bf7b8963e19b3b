import type { ItemCondition } from '@zhiyin/contract';
import { currencyExponents } from '../../domain/currencies.ts';
import type { Catalogue } from './catalogue.ts';

export type ItemTest = (index: number) => boolean;

/** A condition as a test of one item. `price` is compared in the major unit of the item's own currency. */
export function compileCondition(catalogue: Catalogue, condition: ItemCondition): ItemTest {
  const { attribute, is, values } = condition;
  if (attribute === 'price') return testPrice(catalogue, condition);
  if (attribute === 'category' || attribute === 'brand' || attribute === 'item_id') {
    const column = { category: catalogue.categories, brand: catalogue.brands, item_id: catalogue.ids }[attribute];
    return testText((index) => column[index] ?? '', condition);
  }
  const wanted = new Set(values.map(String));
  const limit = Number(values[0]);
  return (index) => {
    let has = false;
    for (const pair of catalogue.pairsOf(index)) {
      const found = catalogue.pairs[pair]!;
      if (found.attribute !== attribute) continue;
      if (is === 'exists') return true;
      if (is === 'at_least' && found.number >= limit) return true;
      if (is === 'at_most' && found.number <= limit) return true;
      if (wanted.has(found.value)) has = true;
    }
    return is === 'in' ? has : is === 'not_in' ? !has : false;
  };
}

function testText(textOf: (index: number) => string, { is, values }: ItemCondition): ItemTest {
  const wanted = values.map(String);
  // A category is often a path: `tea / green` is in `tea`.
  const isOne = (text: string) => wanted.some((value) => text === value || text.startsWith(`${value} / `));
  if (is === 'in') return (index) => isOne(textOf(index));
  if (is === 'not_in') return (index) => !isOne(textOf(index));
  if (is === 'exists') return (index) => textOf(index) !== '';
  const limit = Number(values[0]);
  return is === 'at_least' ? (index) => Number(textOf(index)) >= limit : (index) => Number(textOf(index)) <= limit;
}

function testPrice(catalogue: Catalogue, { is, values }: ItemCondition): ItemTest {
  const limit = Number(values[0]);
  const wanted = new Set(values.map(Number));
  const priceOf = (index: number) =>
    catalogue.prices[index]! / 10 ** (currencyExponents.get(catalogue.currencies[index] ?? '') ?? 2);
  if (is === 'exists') return (index) => !Number.isNaN(catalogue.prices[index]!);
  if (is === 'at_least') return (index) => priceOf(index) >= limit;
  if (is === 'at_most') return (index) => priceOf(index) <= limit;
  return is === 'in' ? (index) => wanted.has(priceOf(index)) : (index) => !wanted.has(priceOf(index));
}

/** Items that name the region, and items that name none: the attribute `regions` (a list) or `region`. */
export function compileRegion(catalogue: Catalogue, region: string): ItemTest {
  return (index) => {
    let names = false;
    for (const pair of catalogue.pairsOf(index)) {
      const { attribute, value } = catalogue.pairs[pair]!;
      if (attribute !== 'region' && attribute !== 'regions') continue;
      if (value === region) return true;
      names = true;
    }
    return !names;
  };
}
