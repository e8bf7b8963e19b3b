import { DomainError, ShapeError } from '../errors.ts';
import type { Random } from './draw.ts';

export type SlotOptions = {
  /** How many candidates there are, best first. */
  readonly candidates: number;
  readonly slots: number;
  /** The last so many slots may try something; those before always show the ranking. */
  readonly exploringSlots: number;
  /** Chance that an exploring slot tries something, 0 to 1. */
  readonly explorationRate: number;
  /** What may be tried: the candidates that fit into the slots and so many after them. */
  readonly poolSize: number;
  /** How gladly each candidate is tried, length candidates: shares of Thompson sampling, say. Absent: all alike. */
  readonly weights?: ArrayLike<number>;
};

export type FilledSlots = {
  /** Rank of the candidate shown per slot, length min(slots, candidates). */
  readonly shown: Uint32Array;
  /** Chance that this candidate was shown in its slot, given the slots before it. 1 where nothing is tried. */
  readonly propensity: Float64Array;
  /** 1 where the slot shows something else than the ranking would have. */
  readonly explored: Uint8Array;
};

/**
 * Exploration with a budget: the head of a list stays as ranked, each of its last slots shows the best candidate left with
 * chance 1 − ε, and with chance ε one drawn from the pool (the best one included). The propensities are exact, not estimated:
 * (1 − ε) [is the best left] + ε w / Σ w over the pool left. The chance of the whole list is their product. Cost: O(slots × pool).
 */
export function fillSlots(options: SlotOptions, random: Random): FilledSlots {
  const { candidates, slots, exploringSlots } = options;
  assertOptions(options);
  const places = Math.min(slots, candidates);
  const shown = new Uint32Array(places);
  const propensity = new Float64Array(places).fill(1);
  const explored = new Uint8Array(places);
  const taken = new Uint8Array(candidates);
  const tried = triedRanks(options);
  for (let slot = 0; slot < places; slot++) {
    const best = taken.indexOf(0);
    shown[slot] = best;
    if (slot >= slots - exploringSlots) {
      const { rank, chance } = drawSlot({ options, tried, taken, best }, random);
      shown[slot] = rank;
      propensity[slot] = chance;
      explored[slot] = rank === best ? 0 : 1;
    }
    taken[shown[slot]] = 1;
  }
  return { shown, propensity, explored };
}

/** Ranks of the pool that may be tried, ascending: often few of many. */
function triedRanks({ candidates, slots, poolSize, weights }: SlotOptions): Uint32Array {
  const ranks = new Uint32Array(Math.min(candidates, slots + poolSize));
  let count = 0;
  for (let rank = 0; rank < ranks.length; rank++) if (!weights || weights[rank] > 0) ranks[count++] = rank;
  return ranks.subarray(0, count);
}

type Slot = {
  readonly options: SlotOptions;
  readonly tried: Uint32Array;
  readonly taken: Uint8Array;
  /** The best candidate left: no rank before it can be drawn. */
  readonly best: number;
};

/** One draw by `slotChances`, without writing out the chances of those that have none. */
function drawSlot(
  { options: { explorationRate, weights }, tried, taken, best }: Slot,
  random: Random,
): { rank: number; chance: number } {
  const weightOf = (rank: number) => weights?.[rank] ?? 1;
  let [total, own] = [0, 0];
  for (let at = 0; at < tried.length; at++) {
    if (taken[tried[at]] === 1) continue;
    total += weightOf(tried[at]);
    if (tried[at] === best) own = weightOf(best);
  }
  const rate = total > 0 ? explorationRate : 0;
  let [rank, chance] = [best, (rate > 0 ? (rate * own) / total : 0) + (1 - rate)];
  let left = random() - chance;
  for (let at = 0; at < tried.length && rate > 0 && left >= 0; at++) {
    if (taken[tried[at]] === 1 || tried[at] === best) continue;
    rank = tried[at];
    chance = (rate * weightOf(rank)) / total;
    left -= chance;
  }
  return { rank, chance };
}

/** The chance of every candidate to be shown in an exploring slot, given which are taken. Adds up to 1. */
export function slotChances(
  { candidates, slots, explorationRate, poolSize, weights }: SlotOptions,
  taken: Uint8Array,
): Float64Array {
  const pool = Math.min(candidates, slots + poolSize);
  const chances = new Float64Array(candidates);
  let total = 0;
  for (let rank = 0; rank < pool; rank++) if (taken[rank] === 0) total += weights?.[rank] ?? 1;
  const rate = total > 0 ? explorationRate : 0;
  for (let rank = 0; rank < pool; rank++) {
    if (taken[rank] === 0 && rate > 0) chances[rank] = (rate * (weights?.[rank] ?? 1)) / total;
  }
  chances[taken.indexOf(0)] += 1 - rate;
  return chances;
}

function assertOptions(options: SlotOptions): void {
  for (const name of ['candidates', 'slots', 'exploringSlots', 'poolSize'] as const) {
    if (!Number.isInteger(options[name]) || options[name] < 0) {
      throw new DomainError(`fillSlots: ${name} must be a whole number of at least 0, got ${options[name]}`);
    }
  }
  if (!(options.explorationRate >= 0 && options.explorationRate <= 1)) {
    throw new DomainError(`fillSlots: explorationRate must be between 0 and 1, got ${options.explorationRate}`);
  }
  if (!options.weights) return;
  if (options.weights.length !== options.candidates) {
    throw new ShapeError(`fillSlots: ${options.candidates} candidates but ${options.weights.length} weights`);
  }
  for (let rank = 0; rank < options.candidates; rank++) {
    if (!(options.weights[rank] >= 0 && options.weights[rank] < Number.POSITIVE_INFINITY)) {
      throw new DomainError(`fillSlots: weight ${rank} must be 0 or more, got ${options.weights[rank]}`);
    }
  }
}
