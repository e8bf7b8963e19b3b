import { type CompiledWeights, compileWeights, defaultWeights } from './deed-weights.ts';
import { deeds } from './deeds.ts';

/** What one person did, one entry per item and deed, in no order. Columns of one length. */
export type DeedHistory = {
  readonly item: Int32Array;
  readonly code: Uint8Array;
  /** Milliseconds, of the latest time. */
  readonly at: Float64Array;
  readonly times: Uint16Array;
};

export const emptyHistory: DeedHistory = {
  item: new Int32Array(0),
  code: new Uint8Array(0),
  at: new Float64Array(0),
  times: new Uint16Array(0),
};

/** Its columns lie in one piece of memory: a piece for each would weigh more than what stands in it. */
export function newHistory(rows: number): DeedHistory {
  const bytes = new ArrayBuffer(rows * 15);
  return {
    at: new Float64Array(bytes, 0, rows),
    item: new Int32Array(bytes, 8 * rows, rows),
    times: new Uint16Array(bytes, 12 * rows, rows),
    code: new Uint8Array(bytes, 14 * rows, rows),
  };
}

/** One deed that is not stored yet. */
export type FreshDeed = { readonly item: number; readonly code: number; readonly at: number };

/** A person's taste as models take it: items with weights, oldest first, and what rules ask about. */
export type Taste = {
  readonly item: number[];
  readonly weight: number[];
  /** Seconds. */
  readonly at: number[];
  /** The strongest deed per item of the taste, for reasons. */
  readonly code: number[];
  /** Item → last bought, in milliseconds. */
  readonly bought: ReadonlyMap<number, number>;
  readonly viewed: ReadonlyMap<number, number>;
  /** Disliked, rated low or sent back, and not liked or bought since. */
  readonly disliked: ReadonlySet<number>;
};

export const emptyTaste: Taste = {
  item: [],
  weight: [],
  at: [],
  code: [],
  bought: new Map(),
  viewed: new Map(),
  disliked: new Set(),
};

const timesCounted = 5;
const plainWeights = compileWeights(defaultWeights);

/**
 * Stored and fresh deeds → taste now: weight = Σ over deeds of confidence · (1 + log2 times) · 2^(−age / half-life). Items whose
 * deeds add up to nothing or less say nothing about taste. `itemsMax` keeps the latest.
 */
export function computeTaste(
  stored: DeedHistory,
  fresh: readonly FreshDeed[],
  options: { readonly now: number; readonly itemsMax: number; readonly weights?: CompiledWeights },
): Taste {
  const { weightOfCode, halfLifeMsOfCode } = options.weights ?? plainWeights;
  const perItem = new Map<number, { weight: number; at: number; code: number; best: number }>();
  const bought = new Map<number, number>();
  const viewed = new Map<number, number>();
  const disliked = new Set<number>();
  const add = (item: number, code: number, at: number, times: number): void => {
    const repeated = 1 + Math.log2(Math.min(times, timesCounted));
    const weight = weightOfCode[code]! * repeated * 2 ** (-Math.max(0, options.now - at) / halfLifeMsOfCode[code]!);
    const known = perItem.get(item);
    if (!known) perItem.set(item, { weight, at, code, best: weight });
    else {
      known.weight += weight;
      known.at = Math.max(known.at, at);
      if (weight > known.best) {
        known.best = weight;
        known.code = code;
      }
    }
    if (code === deeds.bought.code) bought.set(item, Math.max(at, bought.get(item) ?? 0));
    else if (code === deeds.viewed.code) viewed.set(item, Math.max(at, viewed.get(item) ?? 0));
    else if (refusals.has(code)) disliked.add(item);
  };
  for (let i = 0; i < stored.item.length; i += 1)
    add(stored.item[i]!, stored.code[i]!, stored.at[i]!, stored.times[i]!);
  for (const deed of fresh) if (!isStored(stored, deed)) add(deed.item, deed.code, deed.at, 1);
  // A like or another purchase after a dislike or a return takes it back.
  for (const item of disliked) if (isTakenBack(stored, fresh, item)) disliked.delete(item);

  let kept = [...perItem].filter(([, entry]) => entry.weight > 0).sort((a, b) => a[1].at - b[1].at);
  if (kept.length > options.itemsMax) kept = kept.slice(-options.itemsMax);
  return {
    item: kept.map(([item]) => item),
    weight: kept.map(([, entry]) => entry.weight),
    at: kept.map(([, entry]) => entry.at / 1_000),
    code: kept.map(([, entry]) => entry.code),
    bought,
    viewed,
    disliked,
  };
}

/** Turned down: by a word, by few stars, or by sending it back. */
const refusals: ReadonlySet<number> = new Set([deeds.disliked.code, deeds.returned.code]);

/** A second of slack: what is stored is rounded to the millisecond, and cleaning may have corrected a clock. */
const sameMs = 1_000;

function isStored(stored: DeedHistory, deed: FreshDeed): boolean {
  for (let i = 0; i < stored.item.length; i += 1) {
    if (stored.item[i] === deed.item && stored.code[i] === deed.code) return stored.at[i]! >= deed.at - sameMs;
  }
  return false;
}

function isTakenBack(stored: DeedHistory, fresh: readonly FreshDeed[], item: number): boolean {
  let dislikedAt = 0;
  let likedAt = 0;
  const see = (code: number, at: number) => {
    if (refusals.has(code)) dislikedAt = Math.max(dislikedAt, at);
    if (code === deeds.liked.code || code === deeds.bought.code) likedAt = Math.max(likedAt, at);
  };
  for (let i = 0; i < stored.item.length; i += 1) if (stored.item[i] === item) see(stored.code[i]!, stored.at[i]!);
  for (const deed of fresh) if (deed.item === item) see(deed.code, deed.at);
  return likedAt > dislikedAt;
}
