import { seededRandom } from '../numerics/random.ts';
import { filterInteractions, type Interactions } from './interactions.ts';
import type { TrainingData } from './recommender.ts';

export type ValidationSplit = {
  /** What is left to learn from. */
  readonly train: TrainingData;
  /** What the people did that is held back. */
  readonly held: Interactions;
  /** `time`: the latest part of everything. `last of each`: each person's latest. `random of each`: no times are known. */
  readonly kind: 'time' | 'last of each' | 'random of each';
  /** Items of which nothing is left in `train`, to see how models do with new ones. */
  readonly hiddenItems: Uint32Array;
};

export type SplitOptions = {
  readonly seed: number;
  /** Share of the entries held back. */
  readonly share?: number;
  /** Share of the items of which everything is held back; only of use where models know content. */
  readonly hiddenItemShare?: number;
};

/** People with fewer entries keep them all: there would be too little left to know them by. */
const entriesMin = 3;

/**
 * Cuts a validation part from training data, so that the test part is never needed to choose a model. By time where times are
 * known and most of the late part is of people known from before; else by person. Cost: O(n log n) with times, else O(n).
 */
export function splitForValidation(data: TrainingData, options: SplitOptions): ValidationSplit {
  const { interactions } = data;
  const random = seededRandom(options.seed);
  const hidden = drawItems(interactions.items, options.hiddenItemShare ?? 0, random);
  const share = options.share ?? 0.1;
  const byTime = data.at ? latestPart(interactions, data.at, share) : undefined;
  const isHeld = byTime ?? partOfEach(interactions, data.at, share, random);
  interactions.itemOf.forEach((item, entry) => {
    if (hidden[item]) isHeld[entry] = 1;
  });
  return {
    train: filterInteractions(data, (entry) => isHeld[entry] === 0),
    held: filterInteractions(data, (entry) => isHeld[entry] === 1).interactions,
    kind: byTime ? 'time' : data.at ? 'last of each' : 'random of each',
    hiddenItems: Uint32Array.from({ length: interactions.items }, (_, item) => item).filter(
      (item) => hidden[item] === 1,
    ),
  };
}

function drawItems(items: number, share: number, random: () => number): Uint8Array {
  return Uint8Array.from({ length: items }, () => (share > 0 && random() < share ? 1 : 0));
}

/** @returns undefined where the late part is mostly of people about whom nothing is known before it. */
function latestPart({ users, offsets }: Interactions, at: Float64Array, share: number): Uint8Array | undefined {
  const cut = at.slice().sort()[Math.floor((1 - share) * at.length)];
  const isHeld = Uint8Array.from(at, (second) => (second >= cut ? 1 : 0));
  let known = 0;
  let held = 0;
  for (let user = 0; user < users; user++) {
    const row = isHeld.subarray(offsets[user], offsets[user + 1]);
    const late = row.reduce((sum, flag) => sum + flag, 0);
    held += late;
    if (late < row.length) known += late;
  }
  return known > held / 2 && held < at.length / 2 ? isHeld : undefined;
}

function partOfEach(
  { users, offsets }: Interactions,
  at: Float64Array | undefined,
  share: number,
  random: () => number,
): Uint8Array {
  const isHeld = new Uint8Array(offsets[users]);
  for (let user = 0; user < users; user++) {
    const [start, end] = [offsets[user], offsets[user + 1]];
    if (end - start < entriesMin) continue;
    const count = Math.max(1, Math.round(share * (end - start)));
    const entries = Uint32Array.from({ length: end - start }, (_, i) => start + i);
    if (at) entries.sort((a, b) => at[b] - at[a] || b - a);
    else moveRandomToFront(entries, count, random);
    for (let i = 0; i < count; i++) isHeld[entries[i]] = 1;
  }
  return isHeld;
}

function moveRandomToFront(entries: Uint32Array, count: number, random: () => number): void {
  for (let i = 0; i < count; i++) {
    const from = i + Math.floor(random() * (entries.length - i));
    [entries[i], entries[from]] = [entries[from], entries[i]];
  }
}
