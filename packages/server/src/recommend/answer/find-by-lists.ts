import type { ItemLists } from '../models/model-bundle.ts';
import type { ServingModel } from '../models/serving-model.ts';
import type { Question } from './question.ts';

/** What one method found, best first. */
export type Found = { readonly item: ArrayLike<number>; readonly score: ArrayLike<number> };
export const nothing: Found = { item: [], score: [] };

/** Items looked at by the later steps, per method: enough to spread and cap from, whatever is left out for the person. */
export const mostOf = ({ k, excluded }: Question): number => Math.max(100, 3 * k) + excluded.size;

/** Σ over the situation's items of their lists. */
export function findByLists(
  question: Question,
  from: readonly number[],
  listsOf: (model: ServingModel) => ItemLists,
): Found {
  const { model, eligible, excluded } = question;
  if (!model || from.length === 0) return nothing;
  const lists = listsOf(model);
  const sums = new Map<number, number>();
  for (const index of from) {
    const item: number = model.modelOf[index] ?? -1;
    if (item < 0) continue;
    for (let at: number = lists.offsets[item]!; at < lists.offsets[item + 1]!; at += 1) {
      const to = model.catalogueOf[lists.itemOf[at]!]!;
      if (eligible[to] === 1 && !excluded.has(to)) sums.set(to, (sums.get(to) ?? 0) + lists.weightOf[at]!);
    }
  }
  const sorted = [...sums].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, mostOf(question));
  return { item: sorted.map(([item]) => item), score: sorted.map(([, score]) => score) };
}
