import { DomainError } from '../errors.ts';
import { integerDraw, normalDraw, type Random, seededRandom } from '../numerics/random.ts';
import { type HistoryEntries, historyEntries } from './history-entries.ts';
import type { Interactions } from './interactions.ts';
import type { Recommender } from './recommender.ts';
import { similarByFactors } from './similar-by-factors.ts';
import { checkInteractions, checkNumbers, checkPositiveInteger } from './walk-weights.ts';

/** Factors learned from pairs: what a person has shall score above what they do not have. */
export type Bpr = {
  readonly kind: 'bpr';
  readonly version: 1;
  readonly items: number;
  readonly factors: number;
  /** items × factors. */
  readonly itemFactors: Float32Array;
  readonly itemBias: Float32Array;
  readonly learningRate: number;
  readonly regularisation: number;
  /** Passes over a history by which a person's factors are learned, against items as they are. */
  readonly foldInPasses: number;
};

export type BprOptions = {
  readonly factors?: number;
  /** Passes over all interactions. */
  readonly epochs?: number;
  readonly learningRate?: number;
  readonly regularisation?: number;
  readonly foldInPasses?: number;
};

const defaults = { factors: 64, epochs: 60, learningRate: 0.05, regularisation: 0.01, foldInPasses: 20 } as const;
const triesMax = 16;

/**
 * Maximises Σ over people, what they have (i) and a random thing they have not (j) of log σ(x·y_i + b_i − x·y_j − b_j), less
 * regularisation, by stochastic gradient steps. A person's own factors are learned the same way from their history alone, so that
 * newcomers and the people fitted are scored alike. Cost: O(entries · factors) per epoch.
 * Source: Rendle et al. (2009), UAI, 452-461.
 */
export const bpr: Recommender<Bpr, BprOptions> = {
  kind: 'bpr',
  fit({ interactions }, options, tools) {
    const settings = { ...defaults, ...options };
    checkOptions(settings, interactions);
    const { users, items } = interactions;
    const { factors, epochs } = settings;
    const random = seededRandom(tools.seed);
    const draw = (length: number) =>
      Float32Array.from({ length }, () => (0.1 / Math.sqrt(factors)) * normalDraw(random));
    const people = draw(users * factors);
    const model: Bpr = {
      kind: 'bpr',
      version: 1,
      items,
      factors,
      itemFactors: draw(items * factors),
      itemBias: new Float32Array(items),
      learningRate: settings.learningRate,
      regularisation: settings.regularisation,
      foldInPasses: settings.foldInPasses,
    };
    const userOf = usersOfEntries(interactions);
    for (let epoch = 0; epoch < epochs; epoch++) {
      // Falls to a tenth: large steps find the region, small ones the place.
      const rate = settings.learningRate * (1 - (0.9 * epoch) / epochs);
      runEpoch(model, people, interactions, userOf, rate, random);
      tools.progress?.((epoch + 1) / epochs);
    }
    return model;
  },
  scoreInto(model, history, scores) {
    const { items, factors, itemFactors, itemBias } = model;
    const person = foldIn(model, historyEntries(history, items));
    for (let item = 0; item < items; item++) {
      let score = itemBias[item];
      for (let f = 0, at = item * factors; f < factors; f++, at++) score += person[f] * itemFactors[at];
      scores[item] = score;
    }
  },
  similar: (model, item, k) => similarByFactors(model.itemFactors, model.factors, item, k),
};

function runEpoch(
  model: Bpr,
  people: Float32Array,
  { itemOf, offsets }: Interactions,
  userOf: Uint32Array,
  rate: number,
  random: Random,
): void {
  const { items, factors, itemFactors, itemBias, regularisation } = model;
  const keep = 1 - rate * regularisation;
  for (let step = 0; step < itemOf.length; step++) {
    const entry = integerDraw(random, itemOf.length);
    const user = userOf[entry];
    const taken = itemOf.subarray(offsets[user], offsets[user + 1]);
    const other = drawOther(taken, items, random);
    if (other === undefined) continue;
    const own = itemOf[entry];
    const [x, y, z] = [user * factors, own * factors, other * factors];
    let gap = itemBias[own] - itemBias[other];
    for (let f = 0; f < factors; f++) gap += people[x + f] * (itemFactors[y + f] - itemFactors[z + f]);
    const push = rate / (1 + Math.exp(gap));
    itemBias[own] = keep * itemBias[own] + push;
    itemBias[other] = keep * itemBias[other] - push;
    for (let f = 0; f < factors; f++) {
      const person = people[x + f];
      people[x + f] = keep * person + push * (itemFactors[y + f] - itemFactors[z + f]);
      itemFactors[y + f] = keep * itemFactors[y + f] + push * person;
      itemFactors[z + f] = keep * itemFactors[z + f] - push * person;
    }
  }
}

/** The same steps on one person's factors, items held. Seeded by the history: the same history has the same factors. */
function foldIn(model: Bpr, { item, weight }: HistoryEntries): Float64Array {
  const { items, factors, itemFactors, itemBias, learningRate, regularisation, foldInPasses } = model;
  const person = new Float64Array(factors);
  const taken = item.slice().sort();
  const random = seededRandom(item.length);
  for (let pass = 0; pass < foldInPasses; pass++) {
    const rate = learningRate * (1 - (0.9 * pass) / foldInPasses);
    const keep = 1 - rate * regularisation;
    for (let at = 0; at < item.length; at++) {
      const other = drawOther(taken, items, random);
      if (other === undefined) return person;
      const [y, z] = [item[at] * factors, other * factors];
      let gap = itemBias[item[at]] - itemBias[other];
      for (let f = 0; f < factors; f++) gap += person[f] * (itemFactors[y + f] - itemFactors[z + f]);
      const push = (rate * weight[at]) / (1 + Math.exp(gap));
      for (let f = 0; f < factors; f++) {
        person[f] = keep * person[f] + push * (itemFactors[y + f] - itemFactors[z + f]);
      }
    }
  }
  return person;
}

/** A random item that is not in `taken` (ascending); undefined where chance finds none, as with people who have everything. */
function drawOther(taken: Uint32Array, items: number, random: Random): number | undefined {
  for (let attempt = 0; attempt < triesMax; attempt++) {
    const item = integerDraw(random, items);
    if (!contains(taken, item)) return item;
  }
  return undefined;
}

function contains(ascending: Uint32Array, value: number): boolean {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] < value) low = middle + 1;
    else high = middle;
  }
  return ascending[low] === value;
}

function usersOfEntries({ users, offsets, itemOf }: Interactions): Uint32Array {
  const userOf = new Uint32Array(itemOf.length);
  for (let user = 0; user < users; user++) userOf.fill(user, offsets[user], offsets[user + 1]);
  return userOf;
}

function checkOptions(settings: Required<BprOptions>, interactions: Interactions): void {
  const { factors, epochs, foldInPasses, learningRate, regularisation } = settings;
  checkInteractions('bpr', interactions);
  checkPositiveInteger('bpr', 'factors', factors);
  checkPositiveInteger('bpr', 'epochs', epochs);
  checkPositiveInteger('bpr', 'foldInPasses', foldInPasses);
  checkNumbers('bpr', { learningRate, regularisation });
  if (!(learningRate > 0 && learningRate * regularisation < 1 && regularisation >= 0)) {
    throw new DomainError(
      `bpr: learningRate must be above 0, regularisation 0 or more and their product below 1, got ${learningRate} and ${regularisation}`,
    );
  }
}
