import type { RecommendRules } from '@zhiyin/contract';
import type { Taste } from '../people/history.ts';
import type { Bought } from './judge-bought.ts';

export type Exclusion = { readonly rule: string; readonly items: ReadonlySet<number> };

/** Items that may not show to this person now, by reason. */
export function listExclusions(options: {
  readonly rules: RecommendRules;
  readonly taste: Taste;
  readonly bought: Bought;
  /** The item looked at, the cart, what the request itself excludes. */
  readonly asked: readonly number[];
  readonly now: number;
}): Exclusion[] {
  const { rules, taste, bought, asked, now } = options;
  const exclusions: Exclusion[] = [];
  const add = (rule: string, items: Iterable<number>) => {
    const set = new Set(items);
    if (set.size > 0) exclusions.push({ rule, items: set });
  };
  add('asked', asked);
  add('bought', bought.gone);
  add('bought_too_soon', bought.tooSoon);
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

export function unionOf(exclusions: readonly Exclusion[]): ReadonlySet<number> {
  if (exclusions.length === 0) return none;
  if (exclusions.length === 1) return exclusions[0]!.items;
  const all = new Set<number>();
  for (const { items } of exclusions) for (const item of items) all.add(item);
  return all;
}

const none: ReadonlySet<number> = new Set();
