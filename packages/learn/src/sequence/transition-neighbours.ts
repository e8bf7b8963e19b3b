import { DomainError } from '../errors.ts';
import type { Contribution, History, Recommender } from '../recommend/recommender.ts';
import { topK } from '../recommend/top-k.ts';
import { countTransitions, mergeTransitions, type TransitionCounts } from './count-transitions.ts';
import { knownItems, type Sequences, sequencesOf } from './sequences.ts';

export type TransitionWeights = {
  /** b: how strongly popular items are pulled down, score / popularity^b. */
  readonly popularityPower: number;
  /** w: how many steps back an event of the history weighs 1/e of the last one. */
  readonly memory: number;
};

export type TransitionOptions = TransitionWeights & {
  /** Pairs further apart than this many steps are not counted. */
  readonly window: number;
  /** What "B came after A" says about A after B: 0 nothing, 1 as much as about B after A. */
  readonly backward: number;
};

/**
 * "After this, people took that": a decayed count of what follows what.
 * The counts are kept raw, so that new events only add to them; norms are applied when scoring.
 */
export type TransitionModel = {
  readonly kind: 'transition-knn';
  readonly version: 1;
  readonly items: number;
  readonly window: number;
  readonly backward: number;
  readonly popularityPower: number;
  readonly memory: number;
  /** Per item, from the counts: (rowTotal + 1)^-½, and itemCount^-b (items nobody took count as one). */
  readonly rowScale: Float32Array;
  readonly itemScale: Float32Array;
} & TransitionCounts;

/** Chosen on validation parts of several shops' sequences; a good start anywhere. */
export const transitionDefaults: TransitionOptions = { window: 20, backward: 0.3, popularityPower: 0.15, memory: 2 };

/**
 * T_ij = Σ over pairs (i before j, up to `window` steps apart) of 1 / steps, plus `backward` · T_ji.
 * Cost: O(events · window); a second holds about ten million pairs.
 */
export function fitTransitions(sequences: Sequences, options: TransitionOptions = transitionDefaults): TransitionModel {
  checkOptions(options);
  const { window, backward } = options;
  return weighTransitions(
    { items: sequences.items, window, backward, ...countTransitions(sequences, options) },
    options,
  );
}

/** The same counts with other weights. Cost: O(items). */
export function weighTransitions(
  counted: TransitionCounts & Pick<TransitionModel, 'items' | 'window' | 'backward'>,
  { popularityPower, memory }: TransitionWeights,
): TransitionModel {
  return {
    ...counted,
    kind: 'transition-knn',
    version: 1,
    popularityPower,
    memory,
    rowScale: Float32Array.from(counted.rowTotal, (total) => (total + 1) ** -0.5),
    itemScale: Float32Array.from(counted.itemCount, (count) => Math.max(1, count) ** -popularityPower),
  };
}

/**
 * Adds new events without a refit.
 * @param sequences of the people with new events: those, and up to `window` events before them. May hold new items at the end.
 * @param newFrom position in `itemOf` of the first new event of each user; earlier ones are context and are not counted again.
 * @param keep what old counts are multiplied by first: 1 keeps all, 2^(-days / half-life) forgets.
 * With keep 1 the result is that of a fit on everything (up to the last bits of f32).
 */
export function updateTransitions(
  model: TransitionModel,
  sequences: Sequences,
  newFrom: ArrayLike<number>,
  keep = 1,
): TransitionModel {
  if (!(keep >= 0 && keep <= 1)) throw new DomainError(`updateTransitions: keep must be from 0 to 1, got ${keep}`);
  if (sequences.items < model.items) {
    throw new DomainError(
      `updateTransitions: items must be at least the model's ${model.items}, got ${sequences.items}`,
    );
  }
  const added = countTransitions(sequences, model, newFrom);
  return weighTransitions({ ...model, items: sequences.items, ...mergeTransitions(model, added, keep) }, model);
}

/** score(j) = Σ over the history of e^(-steps back / memory) · T_ij · (Σ_j T_ij + 1)^-½ · popularity_j^-b. 0: never seen after any of it. */
export function scoreByTransitionsInto(model: TransitionModel, history: History, scores: Float32Array): void {
  scores.fill(0);
  const known = knownItems(history, model.items);
  const { offsets, itemOf, countOf, itemScale } = model;
  for (let h = 0; h < known.length; h++) {
    if (known.length - 1 - h > forgottenAfter * model.memory) continue;
    const share = shareOf(model, known, h);
    for (let at = offsets[known[h]]; at < offsets[known[h] + 1]; at++) {
      scores[itemOf[at]] += share * countOf[at] * itemScale[itemOf[at]];
    }
  }
}

/** In units of `memory`: what is e^-16 of the last event changes no rank. */
const forgottenAfter = 16;

/** How much the transitions from entry `at` of a history count. */
function shareOf({ memory, rowScale }: TransitionModel, known: Uint32Array, at: number): number {
  return Math.exp(-(known.length - 1 - at) / memory) * rowScale[known[at]];
}

export const transitionNeighbours: Recommender<TransitionModel, TransitionOptions> = {
  kind: 'transition-knn',
  fit: (data, options) => fitTransitions(sequencesOf(data), options),
  scoreInto: scoreByTransitionsInto,

  similar(model, item, k) {
    const scores = new Float32Array(model.items);
    scoreByTransitionsInto(model, { item: [item], weight: [1] }, scores);
    scores[item] = 0;
    const best = topK(scores, k).filter((other) => scores[other] > 0);
    return { item: best, score: Float32Array.from(best, (other) => scores[other]) };
  },

  explain(model, history, item) {
    const known = knownItems(history, model.items);
    const share = new Map<number, number>();
    for (let h = 0; h < known.length; h++) {
      const at = findTransition(model, known[h], item);
      if (at < 0) continue;
      const part = shareOf(model, known, h) * model.countOf[at] * model.itemScale[item];
      share.set(known[h], (share.get(known[h]) ?? 0) + part);
    }
    return Array.from(share, ([item, share]): Contribution => ({ item, share })).sort((a, b) => b.share - a.share);
  },
};

function findTransition(model: TransitionModel, from: number, to: number): number {
  const at = model.itemOf.subarray(model.offsets[from], model.offsets[from + 1]).indexOf(to);
  return at < 0 ? -1 : at + model.offsets[from];
}

function checkOptions({ window, backward, popularityPower, memory }: TransitionOptions): void {
  if (!Number.isInteger(window) || window < 1) {
    throw new DomainError(`fitTransitions: window must be a positive integer, got ${window}`);
  }
  if (!(backward >= 0 && backward <= 1)) {
    throw new DomainError(`fitTransitions: backward must be from 0 to 1, got ${backward}`);
  }
  if (!(popularityPower >= 0 && Number.isFinite(popularityPower))) {
    throw new DomainError(`fitTransitions: popularityPower must be 0 or more, got ${popularityPower}`);
  }
  if (!(memory > 0)) throw new DomainError(`fitTransitions: memory must be greater than 0, got ${memory}`);
}
