import { knowsItem } from '../models/serving-model.ts';
import type { Question } from './question.ts';

/** What LinUCB looks at, each from 0 to 1. */
export const featureNames = ['always', 'likeness', 'category', 'brand', 'price', 'popularity', 'novelty'] as const;

const likenessItems = 20;

/** How the items stand to the person: row by row, items × features. Who is not told apart has the same rows as everybody. */
export function describePairs(question: Question, items: readonly number[]): Float64Array {
  const { taste, catalogue, content, model } = question;
  const { categoryIds, brandIds, prices } = catalogue;
  const mixture = taste.item.map((item, at) => ({ item, weight: taste.weight[at]! })).slice(-likenessItems);
  if (mixture.length > 0) content.bring();
  const likeness = mixture.length > 0 ? content.scores(mixture, items) : undefined;
  const total = taste.weight.reduce((sum, weight) => sum + weight, 0);
  const shareBy = (ids: Int32Array) => {
    const shares = new Map<number, number>();
    taste.item.forEach((item, at) => {
      shares.set(ids[item]!, (shares.get(ids[item]!) ?? 0) + taste.weight[at]! / total);
    });
    return shares;
  };
  const [categories, brands] = [shareBy(categoryIds), shareBy(brandIds)];
  const usual = usualPrice(question);
  const rows = new Float64Array(items.length * featureNames.length);
  items.forEach((item, row) => {
    const price = prices[item]!;
    const isPriced = usual > 0 && price > 0;
    rows.set(
      [
        1,
        Math.max(0, likeness?.[row] ?? 0),
        categories.get(categoryIds[item]!) ?? 0,
        brands.get(brandIds[item]!) ?? 0,
        isPriced ? Math.exp(-Math.abs(Math.log2(price / usual))) : 0,
        model?.popularityRank[model.modelOf[item] ?? -1] ?? 0,
        knowsItem(model, item) ? 0 : 1,
      ],
      row * featureNames.length,
    );
  });
  return rows;
}

/** The geometric mean of what the person took; 0: not known. */
function usualPrice({ taste, catalogue }: Question): number {
  let [sum, weights] = [0, 0];
  taste.item.forEach((item, at) => {
    const price = catalogue.prices[item]!;
    if (!(price > 0)) return;
    sum += taste.weight[at]! * Math.log(price);
    weights += taste.weight[at]!;
  });
  return weights > 0 ? Math.exp(sum / weights) : 0;
}
