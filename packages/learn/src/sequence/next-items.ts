import type { Sequences } from './sequences.ts';

/**
 * Questions "what came next": for case c the history is `itemOf[start[c] … end[c])` of the sequences, and the answer, `target[c]`,
 * is the item at `end[c]`.
 */
export type NextItems = {
  readonly sequences: Sequences;
  readonly start: Uint32Array;
  readonly end: Uint32Array;
};

/** How many cases there are. */
export const countCases = (cases: NextItems): number => cases.start.length;

/**
 * The split of the published tables: a user's last event is for the test, the last but one for validation, the rest for training. The
 * history of a test case holds the validation event. Users with two events have no validation case; those with one are training only.
 */
export function leaveLastOut(sequences: Sequences): {
  readonly train: Sequences;
  readonly validation: NextItems;
  readonly test: NextItems;
} {
  const sizeOf = (u: number) => sequences.offsets[u + 1] - sequences.offsets[u];
  return {
    train: dropLast(sequences, (u) => Math.min(2, sizeOf(u) - 1)),
    validation: nextItemsAt(sequences, (u) => (sizeOf(u) > 2 ? sequences.offsets[u + 1] - 2 : undefined)),
    test: nextItemsAt(sequences, (u) => (sizeOf(u) > 1 ? sequences.offsets[u + 1] - 1 : undefined)),
  };
}

/** The sequences without the last events of each user: as many as `count` says. */
export function dropLast(sequences: Sequences, count: (user: number) => number): Sequences {
  const offsets = new Uint32Array(sequences.users + 1);
  const itemOf = new Uint32Array(sequences.itemOf.length);
  for (let u = 0; u < sequences.users; u++) {
    const kept = sequences.itemOf.subarray(
      sequences.offsets[u],
      sequences.offsets[u + 1] - Math.max(0, Math.min(count(u), sequences.offsets[u + 1] - sequences.offsets[u])),
    );
    itemOf.set(kept, offsets[u]);
    offsets[u + 1] = offsets[u] + kept.length;
  }
  return { users: sequences.users, items: sequences.items, offsets, itemOf: itemOf.slice(0, offsets[sequences.users]) };
}

/** One case per user for whom `at` gives the position of a target. */
export function nextItemsAt(sequences: Sequences, at: (user: number) => number | undefined): NextItems {
  const start: number[] = [];
  const end: number[] = [];
  for (let u = 0; u < sequences.users; u++) {
    const target = at(u);
    if (target === undefined || target <= sequences.offsets[u] || target >= sequences.offsets[u + 1]) continue;
    start.push(sequences.offsets[u]);
    end.push(target);
  }
  return { sequences, start: Uint32Array.from(start), end: Uint32Array.from(end) };
}

/** Some of the cases, spread evenly over all: at most `most`. */
export function sampleCases(cases: NextItems, most: number): NextItems {
  const n = countCases(cases);
  if (n <= most) return cases;
  const pick = (values: Uint32Array) =>
    Uint32Array.from({ length: most }, (_, i) => values[Math.floor((i * n) / most)]);
  return { sequences: cases.sequences, start: pick(cases.start), end: pick(cases.end) };
}

/** The last event of users spread evenly over all who have three or more: at most a tenth of them. */
export function holdOut(sequences: Sequences, casesMax: number): { train: Sequences; validation: NextItems } {
  const able: number[] = [];
  for (let u = 0; u < sequences.users; u++) {
    if (sequences.offsets[u + 1] - sequences.offsets[u] >= 3) able.push(u);
  }
  const most = Math.min(casesMax, Math.ceil(able.length / 10));
  const chosen = new Set(Array.from({ length: most }, (_, i) => able[Math.floor((i * able.length) / most)]));
  return {
    train: dropLast(sequences, (user) => (chosen.has(user) ? 1 : 0)),
    validation: nextItemsAt(sequences, (user) => (chosen.has(user) ? sequences.offsets[user + 1] - 1 : undefined)),
  };
}
