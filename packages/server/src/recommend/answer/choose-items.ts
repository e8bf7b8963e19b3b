import type { Candidate, Chosen, Question } from './question.ts';

/** Relevance after boosts and the discount on what everybody gets; what is boosted with 0 is gone. */
export function scoreCandidates(question: Question, candidates: Candidate[]): Candidate[] {
  const { surface, model, arm, now } = question;
  const boosts = surface.boosts.filter((boost) => boost.untilMs > now);
  const discount = arm.popularityDiscount;
  if (boosts.length === 0 && discount === 0) return candidates;
  for (const candidate of candidates) {
    if (discount > 0 && model) {
      const item = model.modelOf[candidate.item] ?? -1;
      if (item >= 0) candidate.score *= 1 - discount * model.popularityRank[item]! ** 2;
    }
    for (const boost of boosts) {
      if (!boost.test(candidate.item)) continue;
      candidate.score *= boost.factor;
      candidate.boosted = true;
    }
  }
  return candidates.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score);
}

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

const sameCategory = 0.7;
const sameBrand = 0.3;

/**
 * Places one after the other: the candidate with the best of relevance − diversity · likeness to what stands already (maximal marginal
 * relevance, Carbonell and Goldstein 1998), within the caps per category and brand. A place is given to exploration with the arm's
 * share, by chance; pins have theirs. Propensity: the chance of this item for this place, given those before it.
 */
export function chooseItems(question: Question, candidates: readonly Candidate[], pool: readonly number[]): Chosen[] {
  const { k, arm, catalogue, random } = question;
  const { perCategoryMax, perBrandMax } = question.surface.settings.rules;
  const chosen: Chosen[] = [];
  const pins = livePins(question);
  const taken = new Set(pins.values());
  const left = candidates.filter(({ item }) => !taken.has(item));
  const likeness = new Float64Array(left.length);
  const used = new Uint8Array(left.length);
  const explorable = pool.filter((item) => !taken.has(item));
  const counts = { category: new Map<number, number>(), brand: new Map<number, number>() };
  const fits = (item: number) =>
    (perCategoryMax === null || (counts.category.get(catalogue.categoryIds[item]!) ?? 0) < perCategoryMax) &&
    (perBrandMax === null ||
      catalogue.brandIds[item] === 0 ||
      (counts.brand.get(catalogue.brandIds[item]!) ?? 0) < perBrandMax);
  const place = (one: Chosen) => {
    chosen.push(one);
    const [category, brand] = [catalogue.categoryIds[one.item]!, catalogue.brandIds[one.item]!];
    counts.category.set(category, (counts.category.get(category) ?? 0) + 1);
    counts.brand.set(brand, (counts.brand.get(brand) ?? 0) + 1);
    if (arm.diversity === 0) return;
    for (let at = 0; at < left.length; at += 1) {
      const other = left[at]!.item;
      let alike = 0;
      if (category !== 0 && catalogue.categoryIds[other] === category) alike = sameCategory;
      if (brand !== 0 && catalogue.brandIds[other] === brand) alike += sameBrand;
      if (alike > likeness[at]!) likeness[at] = alike;
    }
  };
  /** With diversity 0 candidates are taken in order: everything before `from` is used or did not fit and never will. */
  let from = 0;
  const findBest = (): number => {
    let best = -1;
    let bestValue = Number.NEGATIVE_INFINITY;
    for (let at = from; at < left.length; at += 1) {
      if (used[at] === 1 || !fits(left[at]!.item)) continue;
      if (arm.diversity === 0) {
        from = at;
        return at;
      }
      const value = left[at]!.score - arm.diversity * likeness[at]!;
      if (value > bestValue) {
        bestValue = value;
        best = at;
      }
      // Likeness only takes away: nothing below can win any more.
      if (bestValue >= left[at]!.score) break;
    }
    return best;
  };
  for (let at = 0; at < k; at += 1) {
    const pinned = pins.get(at + 1);
    if (pinned !== undefined) {
      const found = candidates.find(({ item }) => item === pinned);
      place({
        item: pinned,
        score: found?.score ?? 1,
        method: found?.method ?? 'popular',
        boosted: false,
        pinned: true,
        explored: false,
        propensity: 1,
      });
      continue;
    }
    const greedy = findBest();
    const chances = arm.exploration > 0 ? explorable.filter((item) => fits(item) && left[greedy]?.item !== item) : [];
    const share = greedy < 0 && chances.length > 0 ? 1 : chances.length > 0 ? arm.exploration : 0;
    if (share > 0 && random() < share) {
      const item = chances[Math.floor(random() * chances.length)]!;
      explorable.splice(explorable.indexOf(item), 1);
      const known = left.findIndex((candidate) => candidate.item === item);
      if (known >= 0) used[known] = 1;
      place({
        item,
        score: left[known]?.score ?? 0,
        method: left[known]?.method ?? 'new',
        boosted: left[known]?.boosted ?? false,
        pinned: false,
        explored: true,
        propensity: share / chances.length,
      });
      continue;
    }
    if (greedy < 0) break;
    used[greedy] = 1;
    const candidate = left[greedy]!;
    const known = explorable.indexOf(candidate.item);
    if (known >= 0) explorable.splice(known, 1);
    place({ ...candidate, pinned: false, explored: false, propensity: 1 - share });
  }
  return chosen;
}

/** Place → item of the pins that hold now and can be shown. */
function livePins({ surface, catalogue, excluded, now, k }: Question): Map<number, number> {
  const pins = new Map<number, number>();
  for (const { itemId, place, untilMs } of surface.pins) {
    const item = untilMs > now && place <= k ? catalogue.find(itemId) : undefined;
    if (item === undefined || !catalogue.isLive(item) || excluded.has(item) || pins.has(place)) continue;
    if (![...pins.values()].includes(item)) pins.set(place, item);
  }
  return pins;
}

const poolMax = 20;

/** Items worth learning about: those the model does not know yet, then the least popular ones among the candidates. */
export function explorationPool(
  question: Question,
  candidates: readonly Candidate[],
  newItems: readonly number[],
): number[] {
  const { model, eligible, excluded } = question;
  const pool = newItems.filter((item) => eligible[item] === 1 && !excluded.has(item)).slice(0, poolMax);
  if (!model || pool.length >= poolMax) return pool;
  const rare = candidates
    .filter(({ item }) => (model.popularityRank[model.modelOf[item] ?? -1] ?? 1) < 0.3)
    .slice(0, poolMax - pool.length);
  return [...new Set([...pool, ...rare.map(({ item }) => item)])];
}
