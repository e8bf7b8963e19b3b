import type { Clustering } from '@zhiyin/contract';
import {
  assignClusters,
  chooseClusterCount,
  computeAdjustedRand,
  computeShares,
  computeSilhouette,
  encodePoints,
  fitAutoencoder,
  fitKMeans,
  fitMiniBatchKMeans,
  fitMixture,
  integerDraw,
  type Points,
  seededRandom,
  takePoints,
} from '@zhiyin/learn';

export type FittedMethod = Clustering['method'];
export type FittedClusters = {
  readonly clusterOf: Uint32Array;
  readonly method: FittedMethod;
  readonly k: number;
  readonly curve: Clustering['curve'];
  readonly methods: Clustering['methods'];
};

/** Methods are compared, and mixtures and autoencoders learned, on at most so many people. */
const sampleRowsMax = 5_000;
const learnRowsMax = 40_000;
/** More people than this are clustered from small draws. */
const wholeRowsMax = 200_000;
const countMin = 3;
const countMax = 8;

/**
 * How many clusters and by which method: the number by silhouette among stable ones, the method by silhouette in one space for all, so
 * that what serves is what keeps people apart best, and the others stand beside it.
 */
export function fitClusters(
  points: Points,
  options: {
    readonly method: 'auto' | 'k-means' | 'mixture' | 'autoencoder';
    readonly k: number | null;
    readonly seed: number;
    readonly progress: (stage: 'choose' | 'fit', done: number) => void;
  },
): FittedClusters {
  const { seed, progress } = options;
  const most = Math.max(2, Math.min(countMax, Math.floor(points.rows / 10)));
  const chosen = chooseClusterCount(points, {
    seed,
    least: Math.min(countMin, most),
    most: Math.max(most, options.k ?? 0),
    progress: (done) => progress('choose', done),
  });
  const k = options.k ?? chosen.k;
  const whole: FittedMethod = points.rows > wholeRowsMax ? 'mini-batch' : 'k-means';
  const candidates: readonly FittedMethod[] =
    options.method === 'auto'
      ? [whole, 'mixture', 'autoencoder']
      : [options.method === 'k-means' ? whole : options.method];
  const sample = samplePoints(points, sampleRowsMax, seed);
  const methods = candidates.map((method, index) => {
    progress('fit', index / (candidates.length + 1));
    return { method, k, ...judgeMethod(sample, method, k, seed) };
  });
  const best = methods.reduce((a, b) => (b.silhouette > a.silhouette ? b : a));
  progress('fit', candidates.length / (candidates.length + 1));
  return {
    clusterOf: withoutEmpty(assign(points, best.method, k, seed)),
    method: best.method,
    k,
    curve: [...chosen.reports],
    methods: methods.toSorted((a, b) => b.silhouette - a.silhouette),
  };
}

/** How well people are kept apart, and how far clusters of two resampled halves of the people agree. */
function judgeMethod(sample: Points, method: FittedMethod, k: number, seed: number) {
  const silhouette = computeSilhouette(sample, assign(sample, method, k, seed), { seed, rowsMax: 2_000 });
  const random = seededRandom(seed + 1);
  const [first, second] = [0, 1].map((draw) => {
    const rows = Uint32Array.from({ length: sample.rows }, () => integerDraw(random, sample.rows));
    return assign(sample, method, k, seed + draw, takePoints(sample, rows));
  });
  return { silhouette, stability: Math.max(0, computeAdjustedRand(first as Uint32Array, second as Uint32Array)) };
}

/** Learns from `learned` and says of every point which cluster it is in. */
function assign(points: Points, method: FittedMethod, k: number, seed: number, learned: Points = points): Uint32Array {
  if (method === 'k-means') return assignClusters(fitKMeans(learned, { k, seed, restarts: 5 }), points);
  if (method === 'mini-batch') return assignClusters(fitMiniBatchKMeans(learned, { k, seed }), points);
  const part = samplePoints(learned, learnRowsMax, seed);
  if (method === 'mixture')
    return largestShares(computeShares(fitMixture(part, { k, seed, varianceMin: 1e-3 }), points), k);
  const model = fitAutoencoder(part, {
    seed,
    size: Math.max(2, Math.min(6, Math.ceil(points.dimensions / 3))),
    epochs: Math.max(4, Math.min(30, Math.ceil(120_000 / part.rows))),
  });
  return assign(
    encodePoints(model, points),
    points.rows > wholeRowsMax ? 'mini-batch' : 'k-means',
    k,
    seed,
    encodePoints(model, part),
  );
}

function largestShares(shares: Float64Array, k: number): Uint32Array {
  return Uint32Array.from({ length: shares.length / k }, (_, row) => {
    let best = 0;
    for (let cluster = 1; cluster < k; cluster++) {
      if ((shares[row * k + cluster] ?? 0) > (shares[row * k + best] ?? 0)) best = cluster;
    }
    return best;
  });
}

function samplePoints(points: Points, rowsMax: number, seed: number): Points {
  if (points.rows <= rowsMax) return points;
  const random = seededRandom(seed);
  return takePoints(
    points,
    Uint32Array.from({ length: rowsMax }, () => integerDraw(random, points.rows)),
  );
}

/** Clusters are numbered from 0 without gaps: one in which nobody is does not exist. */
function withoutEmpty(clusterOf: Uint32Array): Uint32Array {
  const present = [...new Set(clusterOf)].sort((a, b) => a - b);
  const numberOf = new Map(present.map((cluster, number) => [cluster, number]));
  return clusterOf.map((cluster) => numberOf.get(cluster) ?? 0);
}
