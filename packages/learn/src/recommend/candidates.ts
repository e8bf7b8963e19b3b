import { gfCfOptions } from './graph-filter.ts';
import { itemCounts } from './interactions.ts';
import type { TrainingData } from './recommender.ts';
import type { RecommenderKind } from './recommenders.ts';

/** One recommender with the options worth trying, most likely ones first. */
export type Candidate = {
  readonly kind: RecommenderKind;
  readonly grid: readonly object[];
  /** Expected CPU seconds of one fit, on a machine like that of docs/measured.md: decides order and what is begun at all. */
  readonly seconds: number;
  /** Tried after all options of the others: rarely the best for what it costs. */
  readonly isLast?: boolean;
  /** Of the kinds that rank best on public data: tried before cheaper ones, so that a short budget does not end without them. */
  readonly isLikely?: boolean;
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
const denseItemsMax = 20_000;

/**
 * What is tried on data of this size, cheapest first. Dense item × item models up to `denseItemsMax` items; walks, neighbourhoods,
 * factors and filters of the graph always.
 */
export function candidatesFor(data: TrainingData, memoryBytesMax = 6 * gigabyte): readonly Candidate[] {
  const sizes = sizesOf(data);
  const all: Candidate[] = [
    { kind: 'popularity', grid: popularityGrid(data), seconds: sizes.entries / 1e8 },
    ...(data.content ? [{ kind: 'content' as const, grid: [{}], seconds: data.content.featureOf.length / 1e7 }] : []),
    { kind: 'rp3beta', grid: walkGrid(sizes), seconds: sizes.pairs / 6e7 },
    { kind: 'item-knn', grid: itemGrid, seconds: sizes.pairs / 1e8 },
    userNeighbours(sizes),
    { kind: 'als', grid: factorGrid(sizes), seconds: alsSeconds(sizes, isDense(sizes) ? 64 : 128), isLikely: true },
    { kind: 'graph-filter', grid: filterGrid(sizes), seconds: filterSeconds(sizes), isLikely: true },
    denseWeights(sizes),
    { kind: 'bpr', grid: [{}], seconds: sizes.entries * 5e-5, isLast: true },
    { kind: 'svd', grid: [{ factors: 32 }, { factors: 128 }], seconds: svdSeconds(sizes), isLast: true },
  ];
  const tooBig = (candidate: Candidate): Candidate => {
    const bytes = modelBytes(candidate.kind, sizes);
    return bytes > memoryBytesMax && !candidate.leftOut && candidate.kind !== 'popularity'
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

/** On dense data popular things are everywhere and must be held back more. */
function walkGrid(sizes: Sizes): object[] {
  const sharp = { alpha: 1, beta: 0.6, linksMax: 200 };
  const soft = { alpha: 0.7, beta: 0.3, linksMax: 200 };
  return isDense(sizes) ? [sharp, soft] : [soft, { alpha: 0.6, beta: 0.4, linksMax: 400 }];
}

function isDense({ users, items, entries }: Sizes): boolean {
  return entries / (users * items) > 0.01;
}

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
function factorGrid(sizes: Sizes): object[] {
  return isDense(sizes)
    ? [
        { factors: 64, unobservedWeight: 0.3, regularisation: 0.01, personExponent: 0.4 },
        { factors: 128, unobservedWeight: 0.3, regularisation: 0.01, personExponent: 0.5 },
        { factors: 96, unobservedWeight: 0.15, regularisation: 0.008 },
      ]
    : [
        { factors: 128, unobservedWeight: 0.03, regularisation: 0.003, personExponent: 0.5, iterations: 12 },
        { factors: 256, unobservedWeight: 0.03, regularisation: 0.003, personExponent: 0.5, iterations: 8 },
        { factors: 64, unobservedWeight: 0.01, regularisation: 0.003 },
      ];
}

/** Exact and best on small catalogues; its cost grows with the third power of the items. */
/** Found on held-out parts of MovieLens-1M: people and items with much count for less each. */
const discounts = { personExponent: 0.7, itemExponent: 0.25 };

function denseWeights(sizes: Sizes): Candidate {
  const { items } = sizes;
  return {
    kind: 'ease',
    grid: isDense(sizes)
      ? [{ lambda: 1000, ...discounts }, { lambda: 300, dropout: 0.5 }, { lambda: 2000 }]
      : [{ lambda: 200, ...discounts }, { lambda: 600, ...discounts }, { lambda: 60 }],
    seconds: items ** 3 / 3e10 + sizes.pairs / 2e8,
    isLikely: true,
    ...(items > denseItemsMax ? { leftOut: `is for at most ${denseItemsMax} items, here are ${items}` } : {}),
  };
}

function alsSeconds({ users, items, entries }: Sizes, factors: number): number {
  const iterations = 16;
  return (iterations * 3 * (4 * entries * factors + 2 * (users + items) * factors ** 2)) / 6e9;
}

/** A space of six times as many directions as factors. */
function svdSeconds({ users, items, entries }: Sizes): number {
  const width = 6 * 32;
  return (4 * entries * width + 4 * (users + 2 * items) * width ** 2) / 1e10;
}

/** First the defaults, found on held-out parts of sparse data, then more factors, then as published; fewer factors on dense data. */
function filterGrid(sizes: Sizes): object[] {
  return isDense(sizes)
    ? [{ ...gfCfOptions, factors: 128 }, { factors: 96 }]
    : [{ spaceFactor: 2 }, gfCfOptions, { factors: 512, lowPass: 0.25, spaceFactor: 2 }];
}

/** One decomposition, and a pass over the graph for each person it is tried on. */
function filterSeconds(sizes: Sizes): number {
  const { users, items, entries, pairs } = sizes;
  const width = isDense(sizes) ? 256 : 1024;
  return (entries * width * 8 + (users + items) * width ** 2) / 5e9 + (pairs / users) * (entries / items) * 3e-6;
}

function modelBytes(kind: RecommenderKind, { users, items, entries }: Sizes): number {
  if (kind === 'als' || kind === 'bpr' || kind === 'svd') return 4 * 256 * (users + items);
  if (kind === 'graph-filter') return 4 * 1024 * (users + items) + 24 * entries;
  if (kind === 'ease') return 4 * items ** 2;
  if (kind === 'user-knn') return 16 * entries + 12 * users;
  return 8 * Math.min(items * 400, items * items);
}

/** People per item, for telling whether there are any items nobody took. */
export function shareOfNewItems({ interactions }: TrainingData): number {
  const counts = itemCounts(interactions);
  return counts.reduce((sum, count) => sum + (count === 0 ? 1 : 0), 0) / Math.max(1, counts.length);
}
