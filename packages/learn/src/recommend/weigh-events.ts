import { DomainError, ShapeError } from '../errors.ts';
import { buildTimedInteractions, itemCounts } from './interactions.ts';
import type { TrainingData } from './recommender.ts';

export type WeightedEvents = {
  readonly user: ArrayLike<number>;
  readonly item: ArrayLike<number>;
  /** Index into `typeWeights`. */
  readonly type: ArrayLike<number>;
  /** Seconds since any epoch. */
  readonly at: ArrayLike<number>;
};

export type WeighOptions = {
  /** What one event of each type counts: 0 leaves the type out. */
  readonly typeWeights: ArrayLike<number>;
  /** An event this old counts half; without it age does not matter. */
  readonly halfLifeSeconds?: number;
  /** Seconds from which ages count. Events after it are left out. */
  readonly now: number;
  /** `log1p`: log(1 + c), many events say less each. `bm25`: also less for people who do much and things everybody takes. */
  readonly scale?: 'none' | 'log1p' | 'bm25';
  /** BM25: how slowly many events saturate. */
  readonly saturation?: number;
  /** BM25: 0 to 1, how much it matters that a person does much. */
  readonly lengthNormalisation?: number;
};

/**
 * Confidence of person u in item i from everything that happened between them: c_ui = Σ_e w_type(e) · 2^(−age(e) / half-life).
 * Pairs that come to 0 are left out. `at` of the result is the latest event of a pair.
 * @throws ShapeError when lengths differ; DomainError for unknown types, negative weights, wrong options.
 * Cost: O(events).
 */
export function weighEvents(users: number, items: number, events: WeightedEvents, options: WeighOptions): TrainingData {
  checkEvents(events, options);
  const sums = new Map<number, { weight: number; at: number }>();
  for (let e = 0; e < events.user.length; e++) {
    const age = options.now - events.at[e];
    const decay = options.halfLifeSeconds === undefined ? 1 : 2 ** (-age / options.halfLifeSeconds);
    const weight = options.typeWeights[events.type[e]] * decay;
    if (age < 0 || !(Math.fround(weight) > 0)) continue;
    const pair = events.user[e] * items + events.item[e];
    const sum = sums.get(pair);
    if (sum) {
      sum.weight += weight;
      sum.at = Math.max(sum.at, events.at[e]);
    } else sums.set(pair, { weight, at: events.at[e] });
  }
  const pairs = [...sums];
  const data = buildTimedInteractions(users, items, {
    user: pairs.map(([pair]) => Math.floor(pair / items)),
    item: pairs.map(([pair]) => pair % items),
    value: pairs.map(([, { weight }]) => weight),
    at: pairs.map(([, { at }]) => at),
  });
  return scaleWeights(data, options);
}

function scaleWeights(data: TrainingData, options: WeighOptions): TrainingData {
  const { interactions } = data;
  if (options.scale === 'log1p') {
    return { ...data, interactions: { ...interactions, weightOf: interactions.weightOf.map((c) => Math.log1p(c)) } };
  }
  return options.scale === 'bm25' ? { ...data, interactions: weighByBm25(data, options) } : data;
}

/** Robertson and Zaragoza (2009): people are documents, items are terms. Defaults as usual for feedback of this kind. */
function weighByBm25({ interactions }: TrainingData, { saturation = 100, lengthNormalisation = 0.8 }: WeighOptions) {
  const { users, items, offsets, itemOf, weightOf } = interactions;
  const counts = itemCounts(interactions);
  const rarity = Float64Array.from({ length: items }, (_, item) => Math.log((1 + users) / (1 + counts[item])));
  const total = weightOf.reduce((sum, weight) => sum + weight, 0);
  const averageLength = total / Math.max(1, users);
  const scaled = new Float32Array(weightOf.length);
  for (let user = 0; user < users; user++) {
    const length = weightOf.subarray(offsets[user], offsets[user + 1]).reduce((sum, weight) => sum + weight, 0);
    const damp = 1 - lengthNormalisation + (lengthNormalisation * length) / averageLength;
    for (let entry = offsets[user]; entry < offsets[user + 1]; entry++) {
      const weight = weightOf[entry];
      scaled[entry] = ((weight * (saturation + 1)) / (saturation * damp + weight)) * rarity[itemOf[entry]];
    }
  }
  return { ...interactions, weightOf: scaled };
}

function checkEvents(events: WeightedEvents, options: WeighOptions): void {
  const n = events.user.length;
  if (events.item.length !== n || events.type.length !== n || events.at.length !== n) {
    throw new ShapeError(
      `weighEvents: user, item, type and at must have one length, got ${n}, ${events.item.length}, ${events.type.length}, ${events.at.length}`,
    );
  }
  if (options.halfLifeSeconds !== undefined && !(options.halfLifeSeconds > 0)) {
    throw new DomainError(`weighEvents: halfLifeSeconds must be above 0, got ${options.halfLifeSeconds}`);
  }
  for (let type = 0; type < options.typeWeights.length; type++) {
    if (!(options.typeWeights[type] >= 0 && Number.isFinite(options.typeWeights[type]))) {
      throw new DomainError(`weighEvents: weight of type ${type} must be 0 or more, got ${options.typeWeights[type]}`);
    }
  }
  for (let e = 0; e < n; e++) {
    if (!(events.type[e] >= 0 && events.type[e] < options.typeWeights.length)) {
      throw new DomainError(
        `weighEvents: type of event ${e} must be below ${options.typeWeights.length}, got ${events.type[e]}`,
      );
    }
    if (!Number.isFinite(events.at[e]))
      throw new DomainError(`weighEvents: at of event ${e} must be seconds, got ${events.at[e]}`);
  }
}
