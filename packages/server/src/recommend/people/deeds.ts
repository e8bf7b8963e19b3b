/**
 * What people do with items, as recommendations see it. The number is the code used in histories and SQL, the weight its
 * confidence: how much one such deed says about taste. A brand may set other weights: see `deed-weights.ts`.
 */
export const deeds = {
  viewed: { code: 1, weight: 1, halfLifeDays: 30 },
  added: { code: 2, weight: 3, halfLifeDays: 60 },
  wished: { code: 3, weight: 3, halfLifeDays: 180 },
  bought: { code: 4, weight: 5, halfLifeDays: 240 },
  liked: { code: 5, weight: 4, halfLifeDays: 365 },
  shared: { code: 6, weight: 2, halfLifeDays: 120 },
  disliked: { code: 7, weight: -6, halfLifeDays: 730 },
  returned: { code: 8, weight: -6, halfLifeDays: 365 },
  removed: { code: 9, weight: -2, halfLifeDays: 30 },
} as const;

export type Deed = keyof typeof deeds;

export const deedNames = Object.keys(deeds) as Deed[];
const codeMax = deedNames.length;

/** By code; index 0 is unused. */
export const deedOfCode: readonly (Deed | undefined)[] = [undefined, ...deedNames];
export const isCode = (code: number): boolean => code >= 1 && code <= codeMax;

/** Names of events (after cleaning) that are such deeds. Orders are read from their lines, ratings by their stars. */
export const deedOfEvent: ReadonlyMap<string, Deed> = new Map<string, Deed>([
  ['product_viewed', 'viewed'],
  ['product_clicked', 'viewed'],
  ['item_viewed', 'viewed'],
  ['content_viewed', 'viewed'],
  ['article_viewed', 'viewed'],
  ['course_viewed', 'viewed'],
  ['trip_viewed', 'viewed'],
  ['dish_viewed', 'viewed'],
  ['recommendation_clicked', 'viewed'],
  ['product_added', 'added'],
  ['wishlist_product_added_to_cart', 'added'],
  ['course_enrolled', 'bought'],
  ['product_added_to_wishlist', 'wished'],
  ['item_saved', 'wished'],
  ['product_liked', 'liked'],
  ['item_liked', 'liked'],
  ['content_completed', 'liked'],
  ['course_completed', 'liked'],
  ['product_shared', 'shared'],
  ['item_shared', 'shared'],
  ['product_disliked', 'disliked'],
  ['item_disliked', 'disliked'],
  ['item_hidden', 'disliked'],
  ['recommendation_dismissed', 'disliked'],
  ['product_removed', 'removed'],
  ['product_removed_from_wishlist', 'removed'],
]);

/** A rating is a like from four stars on, a dislike up to two. */
export const likedFromStars = 4;
export const dislikedToStars = 2;

/** Properties that name the item, the first one present counts. Each one more is one more column to read for every event. */
export const itemProperties = ['product_id', 'item_id', 'sku'] as const;

/** As cleaning leaves names of a brand's own: `Recommendation Dismissed` and `recommendationDismissed` mean the same deed. */
export function findDeed(eventName: string): Deed | undefined {
  return deedOfEvent.get(eventName) ?? deedOfEvent.get(toSnake(eventName));
}

const toSnake = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[\s\-.:]+/g, '_')
    .toLowerCase();

/** All spellings that the event store may hold, for `name IN (…)`: standard names, and those of brands as `Title Case` and `camelCase`. */
export const deedSpellings: readonly { readonly name: string; readonly code: number }[] = [...deedOfEvent].flatMap(
  ([name, deed]) => spell(name).map((spelling) => ({ name: spelling, code: deeds[deed].code })),
);

function spell(name: string): string[] {
  const words = name.split('_');
  const capital = (word: string) => word[0]!.toUpperCase() + word.slice(1);
  return [
    ...new Set([name, words.map(capital).join(' '), words[0] + words.slice(1).map(capital).join(''), words.join(' ')]),
  ];
}
