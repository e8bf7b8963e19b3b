import { ShapeError } from '../errors.ts';
import { integerDraw, seededRandom } from '../numerics/random.ts';
import { assignClusters, fitKMeans } from './fit-k-means.ts';
import { type Points, squaredDistance, takePoints } from './points.ts';

/**
 * Mean over points of (b − a) / max(a, b): a the mean distance within the own cluster, b to the nearest other. 1 is well apart, 0 is
 * touching. Points alone in their cluster count 0. Source: Rousseeuw (1987). Cost: O(rows² · d); beyond `rowsMax` a seeded sample of points
 * is judged within itself.
 */
export function computeSilhouette(
  points: Points,
  clusterOf: Uint32Array,
  options: { readonly seed: number; readonly rowsMax?: number },
): number {
  if (clusterOf.length !== points.rows) {
    throw new ShapeError(`computeSilhouette: ${clusterOf.length} clusters for ${points.rows} points`);
  }
  const { rowsMax = 5_000 } = options;
  let [judged, clusters] = [points, clusterOf];
  if (points.rows > rowsMax) {
    const random = seededRandom(options.seed);
    const rows = Uint32Array.from({ length: rowsMax }, () => integerDraw(random, points.rows));
    judged = takePoints(points, rows);
    clusters = Uint32Array.from(rows, (row) => clusterOf[row]);
  }
  const k = clusters.reduce((most, cluster) => Math.max(most, cluster), 0) + 1;
  const sizes = new Float64Array(k);
  for (const cluster of clusters) sizes[cluster]++;
  const sums = new Float64Array(judged.rows * k);
  for (let i = 0; i < judged.rows; i++) {
    for (let j = 0; j < i; j++) {
      const distance = Math.sqrt(squaredDistance(judged.values, i, judged.values, j, judged.dimensions));
      sums[i * k + clusters[j]] += distance;
      sums[j * k + clusters[i]] += distance;
    }
  }
  let total = 0;
  for (let i = 0; i < judged.rows; i++) {
    const own = clusters[i];
    if (sizes[own] < 2) continue;
    const within = sums[i * k + own] / (sizes[own] - 1);
    let nearest = Number.POSITIVE_INFINITY;
    for (let cluster = 0; cluster < k; cluster++) {
      if (cluster !== own && sizes[cluster] > 0) nearest = Math.min(nearest, sums[i * k + cluster] / sizes[cluster]);
    }
    if (Number.isFinite(nearest)) total += (nearest - within) / Math.max(nearest, within, Number.MIN_VALUE);
  }
  return total / judged.rows;
}

/** Agreement of two partitions of the same points, 1 the same, 0 what chance gives. Source: Hubert and Arabie (1985). */
export function computeAdjustedRand(a: Uint32Array, b: Uint32Array): number {
  if (a.length !== b.length) throw new ShapeError(`computeAdjustedRand: ${a.length} and ${b.length} points`);
  const pairs = (count: number) => (count * (count - 1)) / 2;
  const cells = new Map<string, number>();
  const rows = new Map<number, number>();
  const columns = new Map<number, number>();
  for (let i = 0; i < a.length; i++) {
    const key = `${a[i]} ${b[i]}`;
    cells.set(key, (cells.get(key) ?? 0) + 1);
    rows.set(a[i], (rows.get(a[i]) ?? 0) + 1);
    columns.set(b[i], (columns.get(b[i]) ?? 0) + 1);
  }
  const sumOf = (counts: Map<unknown, number>) => [...counts.values()].reduce((sum, count) => sum + pairs(count), 0);
  const [together, inA, inB] = [sumOf(cells), sumOf(rows), sumOf(columns)];
  const expected = (inA * inB) / Math.max(1, pairs(a.length));
  const most = (inA + inB) / 2;
  return most === expected ? 1 : (together - expected) / (most - expected);
}

export type ClusterCountReport = {
  readonly k: number;
  readonly inertia: number;
  readonly silhouette: number;
  /** log of the inertia of even data in the same box, minus log of the inertia here; and its standard error. */
  readonly gap: number;
  readonly gapError: number;
  /** Mean agreement of clusterings of resampled data, 0 to 1. */
  readonly stability: number;
};

export type ChosenClusterCount = { readonly k: number; readonly reports: readonly ClusterCountReport[] };

/**
 * How many clusters: among counts that are stable (agreement at least .6 over bootstrap samples) the one with the best silhouette; ties by
 * the gap. The gap alone (Tibshirani, Walther, Hastie 2001) is reported beside it.
 * Works on a seeded sample of at most 5,000 points.
 */
export function chooseClusterCount(
  points: Points,
  options: {
    readonly seed: number;
    readonly least?: number;
    readonly most?: number;
    readonly progress?: (done: number) => void;
  },
): ChosenClusterCount {
  const random = seededRandom(options.seed);
  const sample =
    points.rows > 5_000
      ? takePoints(
          points,
          Uint32Array.from({ length: 5_000 }, () => integerDraw(random, points.rows)),
        )
      : points;
  const least = options.least ?? 2;
  const most = Math.min(options.most ?? 8, sample.rows - 1);
  const reports: ClusterCountReport[] = [];
  for (let k = least; k <= most; k++) {
    const model = fitKMeans(sample, { k, seed: options.seed, restarts: 5 });
    const silhouette = computeSilhouette(sample, assignClusters(model, sample), { seed: options.seed, rowsMax: 2_000 });
    reports.push({
      k,
      inertia: model.inertia,
      silhouette,
      ...computeGap(sample, k, model.inertia, options.seed),
      stability: computeStability(sample, k, options.seed),
    });
    options.progress?.((k - least + 1) / Math.max(1, most - least + 1));
  }
  const stable = reports.filter((report) => report.stability >= 0.6);
  const best = (stable.length > 0 ? stable : reports).reduce((a, b) => (b.silhouette > a.silhouette ? b : a));
  return { k: best.k, reports };
}

function computeGap(points: Points, k: number, inertia: number, seed: number): { gap: number; gapError: number } {
  const random = seededRandom(seed + k);
  const { rows, dimensions, values } = points;
  const least = new Float64Array(dimensions).fill(Number.POSITIVE_INFINITY);
  const most = new Float64Array(dimensions).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < values.length; i++) {
    least[i % dimensions] = Math.min(least[i % dimensions], values[i]);
    most[i % dimensions] = Math.max(most[i % dimensions], values[i]);
  }
  const draws = 4;
  const logs = Array.from({ length: draws }, (_, draw) => {
    const even = Float64Array.from({ length: rows * dimensions }, (_, i) => {
      const d = i % dimensions;
      return least[d] + random() * (most[d] - least[d]);
    });
    return Math.log(
      Math.max(
        Number.MIN_VALUE,
        fitKMeans({ rows, dimensions, values: even }, { k, seed: seed + draw, restarts: 1 }).inertia,
      ),
    );
  });
  const mean = logs.reduce((sum, value) => sum + value, 0) / draws;
  const deviation = Math.sqrt(logs.reduce((sum, value) => sum + (value - mean) ** 2, 0) / draws);
  return { gap: mean - Math.log(Math.max(Number.MIN_VALUE, inertia)), gapError: deviation * Math.sqrt(1 + 1 / draws) };
}

/** Clusters of two bootstrap samples, both carried over to all points, and how far they agree. */
function computeStability(points: Points, k: number, seed: number): number {
  const random = seededRandom(seed * 31 + k);
  const draws = 6;
  const partitions = Array.from({ length: draws }, (_, draw) => {
    const rows = Uint32Array.from({ length: points.rows }, () => integerDraw(random, points.rows));
    return assignClusters(fitKMeans(takePoints(points, rows), { k, seed: seed + draw, restarts: 2 }), points);
  });
  let sum = 0;
  for (let i = 0; i < draws; i += 2) sum += Math.max(0, computeAdjustedRand(partitions[i], partitions[i + 1]));
  return sum / (draws / 2);
}
