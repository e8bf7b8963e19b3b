import { fillSlots, pickPositions, pinItems, type RankedList } from '@zhiyin/learn';
import { exploreWeights } from './explore-weights.ts';
import { describePairs, featureNames } from './item-features.ts';
import type { Candidate, Chosen, Question } from './question.ts';
import { listSteps } from './rerank-steps.ts';

/** Price relative to the dearest item at hand; items without a price pass, and all do where the cart has none. */
export function dropByPrice(question: Question, candidates: Candidate[]): Candidate[] {
  const { atLeast, atMost } = question.surface.settings.rules.priceToCart;
  if (atLeast === null && atMost === null) return candidates;
  const { prices } = question.catalogue;
  let dearest = 0;
  for (const item of question.about) if (prices[item]! > dearest) dearest = prices[item]!;
  if (dearest === 0) return candidates;
  return candidates.filter(({ item }) => {
    const share = prices[item]! / dearest;
    return Number.isNaN(share) || ((atLeast === null || share >= atLeast) && (atMost === null || share <= atMost));
  });
}

/**
 * From candidates to the answer: capped per category and brand, spread apart, in the person's proportions, every share served, a part of
 * the places given to exploration by chance, pins put at theirs. Propensity: the chance of this item for this place, given those before it.
 */
export function chooseItems(question: Question, candidates: readonly Candidate[], pool: readonly number[]): Chosen[] {
  const { k, arm, random, catalogue } = question;
  const pins = livePins(question);
  const pinned = new Set(pins.map(({ item }) => item));
  const places = Math.max(0, k - pins.length);
  const left = pinned.size === 0 ? candidates : candidates.filter(({ item }) => !pinned.has(item));
  const steps = listSteps(question, places);
  // Candidates come best first, each once.
  let list = toList(left);
  // Caps first: what is spread apart is what can be shown, however much of one kind stands at the top.
  for (const step of [...steps.caps, ...steps.order]) list = step.apply(list).list;
  // What is tried is capped with the rest.
  const tried = arm.exploration > 0 ? pool.filter((item) => !pinned.has(item)) : [];
  const full = appendItems(list, tried);
  let capped = full;
  if (full !== list) for (const step of steps.caps) capped = step.apply(capped).list;
  const filled = explore(capped, new Set(tried), { places, exploration: arm.exploration, random, question });
  const shown = pickPositions(capped, filled.shown);
  const final = pins.length > 0 ? pinItems(pins, () => true).apply(shown).list.item : shown.item;
  const placeOf = new Map<number, number>();
  if (pins.length > 0) for (const [place, item] of shown.item.entries()) placeOf.set(item, place);
  const known = findCandidates(candidates, final);
  const chosen: Chosen[] = [];
  for (let at = 0; at < Math.min(k, final.length); at += 1) {
    const item = final[at]!;
    const place = pins.length > 0 ? placeOf.get(item) : at;
    const isPin = pinned.has(item);
    const found = known[at];
    chosen.push({
      item,
      score: found?.score ?? (isPin ? 1 : 0),
      method: found?.method ?? (isPin ? 'popular' : catalogue.present[item] === 1 ? 'new' : 'popular'),
      boosted: found?.boosted ?? false,
      pinned: isPin,
      explored: place !== undefined && filled.explored[place] === 1,
      propensity: place === undefined ? 1 : filled.propensity[place]!,
    });
  }
  return withFeatures(question, chosen);
}

function toList(candidates: readonly Candidate[]): RankedList {
  const item = new Uint32Array(candidates.length);
  const score = new Float64Array(candidates.length);
  for (let at = 0; at < candidates.length; at += 1) {
    item[at] = candidates[at]!.item;
    score[at] = candidates[at]!.score;
  }
  return { item, score };
}

/** Of each item the candidate it was, if it was one. */
function findCandidates(candidates: readonly Candidate[], items: Uint32Array): (Candidate | undefined)[] {
  const placeOf = new Map<number, number>();
  for (let place = 0; place < items.length; place += 1) placeOf.set(items[place]!, place);
  const found = new Array<Candidate | undefined>(items.length);
  for (let at = 0; at < candidates.length; at += 1) {
    const place = placeOf.get(candidates[at]!.item);
    if (place !== undefined) found[place] = candidates[at]!;
  }
  return found;
}

/** What was tried is kept with its features: from them LinUCB learns, whatever the method was. */
function withFeatures(question: Question, chosen: Chosen[]): Chosen[] {
  const tried = chosen.filter((one) => one.explored);
  if (tried.length === 0) return chosen;
  const rows = describePairs(
    question,
    tried.map(({ item }) => item),
  );
  const size = featureNames.length;
  const rowOf = new Map(tried.map((one, at) => [one, rows.subarray(at * size, (at + 1) * size)]));
  return chosen.map((one) => ({ ...one, ...(one.explored ? { features: rowOf.get(one)! } : {}) }));
}

function appendItems(list: RankedList, items: readonly number[]): RankedList {
  const added = items.filter((item) => !list.item.includes(item));
  if (added.length === 0) return list;
  const lowest = list.score.at(-1) ?? 0;
  const full = {
    item: new Uint32Array(list.item.length + added.length),
    score: new Float64Array(list.item.length + added.length).fill(lowest * 0.5),
  };
  full.item.set(list.item);
  full.item.set(added, list.item.length);
  full.score.set(list.score);
  return full;
}

/**
 * The head of a list stays as ranked; each place of its second half tries something with chance ε, so that the arm's share of all
 * places is tried. What is tried is drawn from the pool, those like the person's taste the more gladly. Propensities are exact.
 */
function explore(
  list: RankedList,
  tried: ReadonlySet<number>,
  options: {
    readonly places: number;
    readonly exploration: number;
    readonly random: () => number;
    readonly question: Question;
  },
) {
  const { places, exploration, random, question } = options;
  const exploringSlots = tried.size === 0 ? 0 : Math.ceil(places / 2);
  const rate = exploringSlots === 0 ? 0 : Math.min(1, (exploration * places) / exploringSlots);
  return fillSlots(
    {
      candidates: list.item.length,
      slots: places,
      exploringSlots,
      explorationRate: rate,
      poolSize: list.item.length,
      ...(exploringSlots > 0 ? { weights: weightsOf(list.item, tried, question) } : {}),
    },
    random,
  );
}

/** Only what is in the pool is tried. */
function weightsOf(items: Uint32Array, tried: ReadonlySet<number>, question: Question): Float64Array {
  const pool = [...tried];
  const worth = exploreWeights(question, pool);
  const weights = new Float64Array(items.length);
  pool.forEach((item, at) => {
    const place = items.indexOf(item);
    if (place >= 0) weights[place] = worth[at]!;
  });
  return weights;
}

/** Pins that hold now and can be shown, by place from 0. */
export function livePins({ surface, catalogue, excluded, now, k }: Question): { item: number; position: number }[] {
  const pins = new Map<number, number>();
  for (const { itemId, place, untilMs } of surface.pins) {
    const item = untilMs > now && place <= k ? catalogue.find(itemId) : undefined;
    if (item === undefined || !catalogue.isLive(item) || excluded.has(item) || pins.has(place - 1)) continue;
    if (![...pins.values()].includes(item)) pins.set(place - 1, item);
  }
  return [...pins].map(([position, item]) => ({ item, position }));
}

const poolMax = 20;
/** The less popular part of the model's items. */
const rareBelow = 0.3;
/** New items among which the likest are looked for. */
const newItemsLookedAt = 300;

const tasteItems = 20;
/** Places of the pool for what Thompson sampling found most promising so far. */
const promisingMax = 10;

/**
 * Items worth learning about: those found promising, those the model does not know yet, like the taste first, then the least popular
 * ones among the candidates.
 */
export function explorationPool(
  question: Question,
  candidates: readonly Candidate[],
  newItems: readonly number[],
): number[] {
  const { model, eligible, excluded, taste, content } = question;
  let pool: number[] = [];
  for (let at = 0; at < newItems.length && pool.length < newItemsLookedAt; at += 1) {
    const item = newItems[at]!;
    if (eligible[item] === 1 && !excluded.has(item)) pool.push(item);
  }
  if (pool.length > poolMax && taste.item.length > 0) {
    content.bring();
    const mixture = taste.item.map((item, at) => ({ item, weight: taste.weight[at]! })).slice(-tasteItems);
    const likeness = content.scores(mixture, pool);
    const order = pool.map((_, at) => at).sort((a, b) => likeness[b]! - likeness[a]! || a - b);
    pool = order.slice(0, poolMax).map((at) => pool[at]!);
  }
  pool = [...new Set([...promisingItems(question), ...pool])].slice(0, poolMax);
  if (!model || pool.length >= poolMax) return pool;
  const known = new Set(pool);
  for (let at = 0; at < candidates.length && known.size < poolMax; at += 1) {
    const { item } = candidates[at]!;
    if ((model.popularityRank[model.modelOf[item] ?? -1] ?? 1) < rareBelow) known.add(item);
  }
  return [...known];
}

function promisingItems({ arm, learned, eligible, excluded }: Question): number[] {
  if (arm.explorationMethod !== 'thompson' || !learned) return [];
  return learned.best.filter((item) => eligible[item] === 1 && !excluded.has(item)).slice(0, promisingMax);
}
