import type { RecommendRules } from '@zhiyin/contract';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Taste } from '../people/history.ts';

const dayMs = 86_400_000;

export type Exclusion = { readonly rule: string; readonly items: ReadonlySet<number> };

/** Items that may not show to this person now, by reason. */
export function listExclusions(options: {
  readonly rules: RecommendRules;
  readonly taste: Taste;
  readonly catalogue: Catalogue;
  /** The item looked at, the cart, what the request itself excludes. */
  readonly asked: readonly number[];
  readonly now: number;
}): Exclusion[] {
  const { rules, taste, catalogue, asked, now } = options;
  const exclusions: Exclusion[] = [];
  const add = (rule: string, items: Iterable<number>) => {
    const set = new Set(items);
    if (set.size > 0) exclusions.push({ rule, items: set });
  };
  add('asked', asked);
  if (rules.excludeBought) add('bought', boughtLately(rules, taste, catalogue, now));
  if (rules.excludeViewedHours > 0) {
    const since = now - rules.excludeViewedHours * 3_600_000;
    add(
      'viewed',
      [...taste.viewed].flatMap(([item, at]) => (at > since ? [item] : [])),
    );
  }
  if (rules.excludeDisliked) add('disliked', taste.disliked);
  return exclusions;
}

/** What was bought and has not come round again: the cycle of its category, else the general one, else never. */
function* boughtLately(rules: RecommendRules, taste: Taste, catalogue: Catalogue, now: number): Generator<number> {
  for (const [item, at] of taste.bought) {
    const category = catalogue.categories[item] ?? '';
    const days = rules.repurchaseByCategory[category] ?? rules.repurchaseDays;
    if (days === null || now - at < days * dayMs) yield item;
  }
}

export function unionOf(exclusions: readonly Exclusion[]): ReadonlySet<number> {
  if (exclusions.length === 0) return none;
  if (exclusions.length === 1) return exclusions[0]!.items;
  const all = new Set<number>();
  for (const { items } of exclusions) for (const item of items) all.add(item);
  return all;
}

const none: ReadonlySet<number> = new Set();
