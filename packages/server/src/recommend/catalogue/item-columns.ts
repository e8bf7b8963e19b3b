import type { RecommendRules } from '@zhiyin/contract';
import { marginSignal } from '@zhiyin/learn';
import { currencyExponents } from '../../domain/currencies.ts';
import type { Catalogue } from './catalogue.ts';

/** What the rules of a surface read of each item, by catalogue index. */
export type ItemColumns = {
  /** Group with a cap: first those of `categoryCaps`, then every category by itself. */
  readonly capGroups: KeptColumn;
  readonly capOf: (group: number) => number;
  /** Group with a least share, by its place in the rule; −1: none. */
  readonly exposureGroups: KeptColumn;
  /** Margin as a share of the price, 0 where it is not known. */
  readonly margins: KeptColumn;
};

export function openItemColumns(rules: RecommendRules, catalogue: Catalogue): ItemColumns {
  const capped = Object.entries(rules.categoryCaps);
  const cappedNames = capped.map(([name]) => name);
  const { attribute, shares } = rules.exposure;
  const sharers = Object.keys(shares);
  const groupBy = groupReader(catalogue, attribute);
  return {
    capGroups: new KeptColumn((index) => {
      const group = findWithin(catalogue.categories[index]!, cappedNames);
      return group >= 0 ? group : capped.length + catalogue.categoryIds[index]!;
    }),
    capOf: (group) => capped[group]?.[1] ?? rules.perCategoryMax ?? Number.POSITIVE_INFINITY,
    exposureGroups: new KeptColumn((index) => groupBy(index, sharers)),
    margins: new KeptColumn((index) => marginOf(catalogue, index, rules.margin)),
  };
}

/** A number per item, worked out once per version of the item. */
export class KeptColumn {
  #values = new Float64Array(0);
  #revision = -1;
  #checked = 0;
  readonly #compute: (index: number) => number;

  constructor(compute: (index: number) => number) {
    this.#compute = compute;
  }

  bring({ size, revision, changedAt, present }: Catalogue): Float64Array {
    if (this.#revision === revision && this.#checked === size) return this.#values;
    if (this.#values.length < size) {
      const grown = new Float64Array(present.length);
      grown.set(this.#values);
      this.#values = grown;
    }
    for (let index = 0; index < size; index += 1) {
      if (index < this.#checked && changedAt[index]! <= this.#revision) continue;
      this.#values[index] = this.#compute(index);
    }
    this.#revision = revision;
    this.#checked = size;
    return this.#values;
  }
}

/** Which of the names the category is or lies beneath, the narrowest; −1: none. `tea / green` lies beneath `tea`. */
function findWithin(category: string, names: readonly string[]): number {
  let found = -1;
  names.forEach((name, at) => {
    const isWithin = category === name || category.startsWith(`${name} / `);
    if (isWithin && (found < 0 || name.length > names[found]!.length)) found = at;
  });
  return found;
}

function groupReader(catalogue: Catalogue, attribute: string): (index: number, names: readonly string[]) => number {
  if (attribute === 'category') return (index, names) => findWithin(catalogue.categories[index]!, names);
  if (attribute === 'brand') return (index, names) => names.indexOf(catalogue.brands[index]!);
  return (index, names) => {
    for (const pair of catalogue.pairsOf(index)) {
      const one = catalogue.pairs[pair]!;
      if (one.attribute === attribute && names.includes(one.value)) return names.indexOf(one.value);
    }
    return -1;
  };
}

function marginOf(catalogue: Catalogue, index: number, { attribute, holds }: RecommendRules['margin']): number {
  const price = catalogue.prices[index]!;
  for (const pair of catalogue.pairsOf(index)) {
    const { attribute: name, number } = catalogue.pairs[pair]!;
    if (name !== attribute || !(number >= 0)) continue;
    // People write 35 as often as 0.35.
    if (holds === 'margin') return Math.min(1, number > 1 ? number / 100 : number);
    return marginSignal(price, number * 10 ** (currencyExponents.get(catalogue.currencies[index] ?? '') ?? 2));
  }
  return 0;
}
