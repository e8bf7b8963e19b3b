import { DomainError, ShapeError } from '../errors.ts';
import type { History, TrainingData } from '../recommend/recommender.ts';

/** Who took what, in order: the items of user u are `itemOf[offsets[u] … offsets[u + 1])`, oldest first. Repeats stay. */
export type Sequences = {
  readonly users: number;
  readonly items: number;
  /** Length users + 1. */
  readonly offsets: Uint32Array;
  readonly itemOf: Uint32Array;
};

/**
 * From events in any order. Within a user they are ordered by time; events of one instant keep the order in which they came,
 * as do all events where no times are given.
 * @throws ShapeError when lengths differ; DomainError when an id is out of range or a time is not finite.
 * Cost: O(n log n).
 */
export function buildSequences(
  users: number,
  items: number,
  events: { readonly user: ArrayLike<number>; readonly item: ArrayLike<number>; readonly at?: ArrayLike<number> },
): Sequences {
  const { user, item, at } = events;
  const n = user.length;
  if (item.length !== n || (at && at.length !== n)) {
    throw new ShapeError(
      `buildSequences: user, item and at must have one length, got ${n}, ${item.length}, ${at?.length ?? n}`,
    );
  }
  const offsets = new Uint32Array(users + 1);
  for (let i = 0; i < n; i++) {
    if (!(user[i] >= 0 && user[i] < users && item[i] >= 0 && item[i] < items)) {
      throw new DomainError(`buildSequences: event ${i} (${user[i]}, ${item[i]}) is outside ${users} × ${items}`);
    }
    if (at && !Number.isFinite(at[i])) {
      throw new DomainError(`buildSequences: at ${i} must be a finite number of seconds, got ${at[i]}`);
    }
    offsets[user[i] + 1]++;
  }
  for (let u = 0; u < users; u++) offsets[u + 1] += offsets[u];
  const next = offsets.slice(0, users);
  const order = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[next[user[i]]++] = i;
  if (at) {
    for (let u = 0; u < users; u++) {
      order.subarray(offsets[u], offsets[u + 1]).sort((a, b) => at[a] - at[b] || a - b);
    }
  }
  return { users, items, offsets, itemOf: Uint32Array.from(order, (i) => item[i]) };
}

/**
 * The sequences behind the training data of a recommender. There a pair of user and item stands once, so a repeat counts at its last time.
 * @throws DomainError without times: an order cannot be guessed.
 */
export function sequencesOf(data: TrainingData): Sequences {
  const { interactions, at } = data;
  if (!at) {
    throw new DomainError(
      'models of sequences need `at`, the seconds of each interaction, to know what came after what',
    );
  }
  if (at.length !== interactions.itemOf.length) {
    throw new ShapeError(`at must have one entry per interaction: ${at.length} for ${interactions.itemOf.length}`);
  }
  const user = new Uint32Array(at.length);
  for (let u = 0; u < interactions.users; u++) user.fill(u, interactions.offsets[u], interactions.offsets[u + 1]);
  return buildSequences(interactions.users, interactions.items, { user, item: interactions.itemOf, at });
}

/** Items of a history that a model knows, oldest first. */
export function knownItems(history: History, items: number): Uint32Array {
  const known = new Uint32Array(history.item.length);
  let n = 0;
  for (let i = 0; i < history.item.length; i++) if (history.item[i] < items) known[n++] = history.item[i];
  return known.subarray(0, n);
}

/** Long streams cut into sessions: a new one begins after a pause longer than `gapSeconds`. `at` ascends within a user. */
export function splitSessions(sequences: Sequences, at: ArrayLike<number>, gapSeconds: number): Sequences {
  if (at.length !== sequences.itemOf.length) {
    throw new ShapeError(`splitSessions: at must have one entry per event, got ${at.length}`);
  }
  const offsets = [0];
  for (let u = 0; u < sequences.users; u++) {
    for (let i = sequences.offsets[u]; i < sequences.offsets[u + 1]; i++) {
      const isNew = i > 0 && (i === sequences.offsets[u] || at[i] - at[i - 1] > gapSeconds);
      if (isNew) offsets.push(i);
    }
  }
  if (sequences.itemOf.length > 0) offsets.push(sequences.itemOf.length);
  return { ...sequences, users: offsets.length - 1, offsets: Uint32Array.from(offsets) };
}
