import { DomainError } from '../errors.ts';
import type { Contribution, History, Recommender } from '../recommend/recommender.ts';
import { topK } from '../recommend/top-k.ts';
import { knownItems, type Sequences, sequencesOf } from './sequences.ts';

export type SessionOptions = {
  /** Most similar sessions that have a say. */
  readonly neighbours: number;
  /** Of the sessions with an item in common, so many of the latest are compared. Bounds the work per question. */
  readonly candidates: number;
  /** How much more rare items count: a neighbour's vote is multiplied by 1 + rarity · log(sessions / sessions with the item). */
  readonly rarity: number;
};

/**
 * "People in the middle of this went on to that": anonymous visits compared with past ones. Nothing is learnt; the past is indexed.
 */
export type SessionModel = {
  readonly kind: 'vsknn';
  readonly version: 1;
  readonly items: number;
  /** The past sessions, latest last. */
  readonly sessionOffsets: Uint32Array;
  readonly sessionItems: Uint32Array;
  /** Which sessions hold an item, ascending. */
  readonly indexOffsets: Uint32Array;
  readonly indexSessions: Uint32Array;
  readonly options: SessionOptions;
};

/** Source of the first two: Ludewig and Jannach (2018), UMUAI 28, where 500 of 1000 are good on all shops. */
export const sessionDefaults: SessionOptions = { neighbours: 500, candidates: 2500, rarity: 1 };

/**
 * @param sequences one row per session, latest last (order among sessions decides which are looked at first).
 * Cost: O(events).
 */
export function fitSessions(sequences: Sequences, options: SessionOptions = sessionDefaults): SessionModel {
  for (const name of ['neighbours', 'candidates'] as const) {
    if (!(Number.isInteger(options[name]) && options[name] >= 1)) {
      throw new DomainError(`fitSessions: ${name} must be a positive integer, got ${options[name]}`);
    }
  }
  if (!(options.rarity >= 0 && Number.isFinite(options.rarity))) {
    throw new DomainError(`fitSessions: rarity must be 0 or more, got ${options.rarity}`);
  }
  const { users, items, offsets, itemOf } = sequences;
  const lastSession = new Int32Array(items).fill(-1);
  const visit = (found: (session: number, item: number) => void) => {
    lastSession.fill(-1);
    for (let session = 0; session < users; session++) {
      for (let at = offsets[session]; at < offsets[session + 1]; at++) {
        if (lastSession[itemOf[at]] === session) continue;
        lastSession[itemOf[at]] = session;
        found(session, itemOf[at]);
      }
    }
  };
  const indexOffsets = new Uint32Array(items + 1);
  visit((_, item) => indexOffsets[item + 1]++);
  for (let i = 0; i < items; i++) indexOffsets[i + 1] += indexOffsets[i];
  const next = indexOffsets.slice(0, items);
  const indexSessions = new Uint32Array(indexOffsets[items]);
  visit((session, item) => {
    indexSessions[next[item]++] = session;
  });
  return {
    kind: 'vsknn',
    version: 1,
    items,
    sessionOffsets: offsets.slice(),
    sessionItems: itemOf.slice(),
    indexOffsets,
    indexSessions,
    options,
  };
}

/** One past session like the one asked about. */
export type SessionNeighbour = {
  readonly session: number;
  /** Σ over shared items of their weight in the history (the later the more), divided by √ of the session's length. */
  readonly similarity: number;
  /** Falls with the number of steps since the last shared item: 1, ½, ⅓ … */
  readonly recency: number;
};

/** An answer's items are explained one by one from one history. */
const remembered = new WeakMap<History, { model: SessionModel; neighbours: readonly SessionNeighbour[] }>();

/** The sessions most like a history, most similar first; equal ones: the later first. Found once for a history. */
export function findSessionNeighbours(model: SessionModel, history: History): readonly SessionNeighbour[] {
  const known = remembered.get(history);
  if (known?.model === model) return known.neighbours;
  const neighbours = compareSessions(model, history);
  remembered.set(history, { model, neighbours });
  return neighbours;
}

function compareSessions(model: SessionModel, history: History): SessionNeighbour[] {
  const { options, indexOffsets, indexSessions, sessionOffsets } = model;
  const query = queryWeights(knownItems(history, model.items));
  const shared = new Map<number, { similarity: number; steps: number }>();
  for (const [item, { weight, steps }] of query) {
    const from = Math.max(indexOffsets[item], indexOffsets[item + 1] - options.candidates);
    for (let at = indexOffsets[item + 1] - 1; at >= from; at--) {
      const known = shared.get(indexSessions[at]);
      if (known) {
        known.similarity += weight;
        known.steps = Math.min(known.steps, steps);
      } else shared.set(indexSessions[at], { similarity: weight, steps });
    }
  }
  return [...shared]
    .sort(([a], [b]) => b - a)
    .slice(0, options.candidates)
    .map(([session, { similarity, steps }]) => ({
      session,
      similarity: similarity / Math.sqrt(sessionOffsets[session + 1] - sessionOffsets[session]),
      recency: 1 / (1 + steps),
    }))
    .sort((a, b) => b.similarity - a.similarity || b.session - a.session)
    .slice(0, options.neighbours);
}

/** score(j) = Σ over neighbours that hold j of similarity · recency · (1 + rarity · idf(j)). */
export function scoreBySessionsInto(model: SessionModel, history: History, scores: Float32Array): void {
  scores.fill(0);
  const isCounted = new Set<number>();
  for (const { session, similarity, recency } of findSessionNeighbours(model, history)) {
    isCounted.clear();
    for (let at = model.sessionOffsets[session]; at < model.sessionOffsets[session + 1]; at++) {
      const item = model.sessionItems[at];
      if (isCounted.has(item)) continue;
      isCounted.add(item);
      scores[item] += similarity * recency * rarityOf(model, item);
    }
  }
}

function rarityOf({ indexOffsets, sessionOffsets, options }: SessionModel, item: number): number {
  const sessions = sessionOffsets.length - 1;
  const holding = Math.max(1, indexOffsets[item + 1] - indexOffsets[item]);
  return 1 + options.rarity * Math.log(sessions / holding);
}

/** Per distinct item: its weight, place / length of the last time it was taken, and how many steps ago that was. They come latest first. */
function queryWeights(known: Uint32Array): Map<number, { weight: number; steps: number }> {
  const weights = new Map<number, { weight: number; steps: number }>();
  for (let at = known.length - 1; at >= 0; at--) {
    if (weights.has(known[at])) continue;
    weights.set(known[at], { weight: (at + 1) / known.length, steps: known.length - 1 - at });
  }
  return weights;
}

export const sessionNeighbours: Recommender<SessionModel, SessionOptions> = {
  kind: 'vsknn',
  fit: (data, options) => fitSessions(sequencesOf(data), options),
  scoreInto: scoreBySessionsInto,

  similar(model, item, k) {
    const scores = new Float32Array(model.items);
    scoreBySessionsInto(model, { item: [item], weight: [1] }, scores);
    scores[item] = 0;
    const best = topK(scores, k).filter((other) => scores[other] > 0);
    return { item: best, score: Float32Array.from(best, (other) => scores[other]) };
  },

  explain(model, history, item) {
    const query = queryWeights(knownItems(history, model.items));
    const share = new Map<number, number>();
    for (const { session, recency } of findSessionNeighbours(model, history)) {
      const items = model.sessionItems.subarray(model.sessionOffsets[session], model.sessionOffsets[session + 1]);
      if (!items.includes(item)) continue;
      for (const [asked, { weight }] of query) {
        if (!items.includes(asked)) continue;
        const part = (weight / Math.sqrt(items.length)) * recency * rarityOf(model, item);
        share.set(asked, (share.get(asked) ?? 0) + part);
      }
    }
    return Array.from(share, ([item, share]): Contribution => ({ item, share })).sort((a, b) => b.share - a.share);
  },
};
