import { sharpenedOptions } from './graph-filter.ts';
import { itemCounts } from './interactions.ts';
import type { TrainingData } from './recommender.ts';
import type { RecommenderKind } from './recommenders.ts';

/** One recommender with the options worth trying, most likely ones first. */
export type Candidate = {
  readonly kind: RecommenderKind;
  readonly grid: readonly object[];
  /** Expected CPU seconds of one fit, on a machine like that of docs/measured.md: decides order and what is begun at all. */
  readonly seconds: number;
  /** Why it is not tried on data of this size; absent when it is. */
  readonly leftOut?: string;
};

type Sizes = {
  readonly users: number;
  readonly items: number;
  readonly entries: number;
  /** Σ over people of entries², what it costs to compare all items. */
  readonly pairs: number;
};

const gigabyte = 2 ** 30;

/**
 * What is tried on data of this size, cheapest first. Dense item × item models up to `denseItemsMax` items; walks, neighbourhoods,
 * factors and filters of the graph always.
 */
export function candidatesFor(data: TrainingData, memoryBytesMax = 6 * gigabyte): readonly Candidate[] {
  const sizes = sizesOf(data);
  const all: Candidate[] = [
    { kind: 'popularity', grid: popularityGrid(data), seconds: sizes.entries / 1e8 },
    ...(data.content ? [{ kind: 'content' as const, grid: [{}], seconds: data.content.featureOf.length / 1e7 }] : []),
    { kind: 'rp3beta', grid: walkGrid, seconds: sizes.pairs / 6e7 },
    { kind: 'item-knn', grid: itemGrid, seconds: sizes.pairs / 6e7 },
    userNeighbours(sizes),
    { kind: 'als', grid: factorGrid(sizes), seconds: alsSeconds(sizes, 64) },
    { kind: 'graph-filter', grid: filterGrid, seconds: filterSeconds(sizes) },
  ];
  const tooBig = (candidate: Candidate): Candidate => {
    const bytes = modelBytes(candidate.kind, sizes);
    return bytes > memoryBytesMax && !candidate.leftOut
      ? { ...candidate, leftOut: `needs about ${(bytes / gigabyte).toFixed(1)} GB` }
      : candidate;
  };
  return all.map(tooBig).sort((a, b) => a.seconds - b.seconds);
}

function sizesOf({ interactions }: TrainingData): Sizes {
  const { users, items, offsets } = interactions;
  let pairs = 0;
  for (let user = 0; user < users; user++) pairs += (offsets[user + 1] - offsets[user]) ** 2;
  return { users, items, entries: interactions.itemOf.length, pairs };
}

function popularityGrid({ at }: TrainingData): object[] {
  if (!at || at.length === 0) return [{}];
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const second of at) {
    first = Math.min(first, second);
    last = Math.max(last, second);
  }
  return last > first ? [{}, { halfLifeSeconds: (last - first) / 4 }, { halfLifeSeconds: (last - first) / 20 }] : [{}];
}

const walkGrid = [
  { alpha: 0.7, beta: 0.3, linksMax: 200 },
  { alpha: 1, beta: 0.6, linksMax: 200 },
  { alpha: 0.5, beta: 0.4, linksMax: 400 },
];

const itemGrid = [
  { neighbours: 100, shrinkage: 20 },
  { neighbours: 100 },
  { neighbours: 300, shrinkage: 20, similarity: 'asymmetric-cosine', asymmetry: 0.4 },
];

function userNeighbours({ users, pairs }: Sizes): Candidate {
  return {
    kind: 'user-knn',
    grid: [{ neighbours: 100 }, { neighbours: 300, similarity: 'asymmetric-cosine', asymmetry: 0.6 }],
    seconds: pairs / 1e8,
    ...(users > 500_000 ? { leftOut: `compares a person with all ${users} others at each question` } : {}),
  };
}

/** Dense data have much to say about every pair not seen, sparse data little. */
function factorGrid({ users, items, entries }: Sizes): object[] {
  const dense = entries / (users * items) > 0.01;
  return dense
    ? [
        { factors: 64, unobservedWeight: 0.3, regularisation: 0.01 },
        { factors: 128, unobservedWeight: 0.3, regularisation: 0.02 },
      ]
    : [
        { factors: 64, unobservedWeight: 0.01, regularisation: 0.003 },
        { factors: 128, unobservedWeight: 0.03, regularisation: 0.003 },
      ];
}

function alsSeconds({ users, items, entries }: Sizes, factors: number): number {
  const iterations = 16;
  return (iterations * 3 * (4 * entries * factors + 2 * (users + items) * factors ** 2)) / 6e9;
}

const filterGrid = [{ factors: 256 }, { ...sharpenedOptions }];

/** One decomposition, and a pass over the graph for each person it is tried on. */
function filterSeconds({ users, items, entries, pairs }: Sizes): number {
  return (entries * 640 * 8 + (users + items) * 640 ** 2) / 1e10 + (pairs / users) * (entries / items) * 3e-6;
}

function modelBytes(kind: RecommenderKind, { users, items, entries }: Sizes): number {
  if (kind === 'als') return 4 * 128 * (users + items);
  if (kind === 'user-knn') return 16 * entries + 12 * users;
  return 8 * Math.min(items * 400, items * items);
}

/** People per item, for telling whether there are any items nobody took. */
export function shareOfNewItems({ interactions }: TrainingData): number {
  const counts = itemCounts(interactions);
  return counts.reduce((sum, count) => sum + (count === 0 ? 1 : 0), 0) / Math.max(1, counts.length);
}
