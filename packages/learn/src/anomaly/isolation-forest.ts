import { checkPoints, type Points } from '../cluster/points.ts';
import { integerDraw, type Random, seededRandom } from '../numerics/random.ts';

/** Random cuts until each point is alone: what is odd is alone early. Plain data. */
export type IsolationForest = {
  readonly kind: 'isolation-forest';
  readonly version: 1;
  readonly dimensions: number;
  readonly sampleSize: number;
  readonly treeOffsets: Uint32Array;
  /** -1 on leaves. */
  readonly columnOf: Int32Array;
  readonly cutOf: Float64Array;
  readonly leftOf: Int32Array;
  readonly rightOf: Int32Array;
  /** Leaves: depth plus the expected depth of what was left together. */
  readonly lengthOf: Float64Array;
};

/**
 * Source: Liu, Ting, Zhou (2008), ICDM. Cost: O(trees · sampleSize · log sampleSize).
 * @throws DomainError on values that are not finite.
 */
export function fitIsolationForest(
  points: Points,
  options: { readonly seed: number; readonly trees?: number; readonly sampleSize?: number },
): IsolationForest {
  checkPoints(points, 'fitIsolationForest');
  const { trees = 100 } = options;
  const sampleSize = Math.min(options.sampleSize ?? 256, points.rows);
  const depthMax = Math.ceil(Math.log2(Math.max(2, sampleSize)));
  const random = seededRandom(options.seed);
  const nodes: Node[] = [];
  const treeOffsets = new Uint32Array(trees + 1);
  for (let tree = 0; tree < trees; tree++) {
    isolate(points, drawWithout(points.rows, sampleSize, random), 0, depthMax, random, nodes);
    treeOffsets[tree + 1] = nodes.length;
  }
  return {
    kind: 'isolation-forest',
    version: 1,
    dimensions: points.dimensions,
    sampleSize,
    treeOffsets,
    columnOf: Int32Array.from(nodes, (node) => node.column),
    cutOf: Float64Array.from(nodes, (node) => node.cut),
    leftOf: Int32Array.from(nodes, (node) => node.left),
    rightOf: Int32Array.from(nodes, (node) => node.right),
    lengthOf: Float64Array.from(nodes, (node) => node.length),
  };
}

/** 2^(−mean path / expected path): near 1 is odd, well below .5 is ordinary. Cost: O(rows · trees · depth). */
export function scoreAnomaly(model: IsolationForest, points: Points): Float64Array {
  checkPoints(points, 'scoreAnomaly');
  const trees = model.treeOffsets.length - 1;
  const expected = Math.max(expectedPath(model.sampleSize), Number.MIN_VALUE);
  return Float64Array.from({ length: points.rows }, (_, row) => {
    let sum = 0;
    for (let tree = 0; tree < trees; tree++) {
      let node = model.treeOffsets[tree];
      while (model.columnOf[node] >= 0) {
        const value = points.values[row * points.dimensions + model.columnOf[node]];
        node = value < model.cutOf[node] ? model.leftOf[node] : model.rightOf[node];
      }
      sum += model.lengthOf[node];
    }
    return 2 ** (-sum / trees / expected);
  });
}

/**
 * Which columns made a row odd: how much shorter the paths became at cuts of that column than halving would have made them, as shares
 * that sum to 1 (0 for a row that is never cut off early).
 * @returns rows × dimensions. Source: the per-feature gain of a cut, as in Carletti, Terzi, Susto (2023), DIFFI.
 */
export function explainAnomaly(model: IsolationForest, points: Points, training: Points): Float64Array {
  const { dimensions } = points;
  const counts = countRows(model, training);
  const shares = new Float64Array(points.rows * dimensions);
  for (let row = 0; row < points.rows; row++) {
    let total = 0;
    for (let tree = 0; tree + 1 < model.treeOffsets.length; tree++) {
      let node = model.treeOffsets[tree];
      while (model.columnOf[node] >= 0) {
        const column = model.columnOf[node];
        const value = points.values[row * dimensions + column];
        const next = value < model.cutOf[node] ? model.leftOf[node] : model.rightOf[node];
        const gain = Math.max(0, Math.log2((counts[node] + 1) / (counts[next] + 1)) - 1);
        shares[row * dimensions + column] += gain;
        total += gain;
        node = next;
      }
    }
    if (total > 0) for (let column = 0; column < dimensions; column++) shares[row * dimensions + column] /= total;
  }
  return shares;
}

/** c(n): mean path of an unsuccessful search in a binary tree of n points. Source: Liu et al. (2008), equation 1. */
export function expectedPath(n: number): number {
  if (n <= 1) return 0;
  if (n === 2) return 1;
  return 2 * (Math.log(n - 1) + 0.5772156649015329) - (2 * (n - 1)) / n;
}

type Node = { readonly column: number; readonly cut: number; left: number; right: number; readonly length: number };

function isolate(
  points: Points,
  rows: Uint32Array,
  depth: number,
  depthMax: number,
  random: Random,
  nodes: Node[],
): number {
  const at = nodes.length;
  const cut = rows.length > 1 && depth < depthMax ? drawCut(points, rows, random) : undefined;
  if (!cut) {
    nodes.push({ column: -1, cut: 0, left: -1, right: -1, length: depth + expectedPath(rows.length) });
    return at;
  }
  const node: Node = { ...cut, left: -1, right: -1, length: 0 };
  nodes.push(node);
  const value = (row: number) => points.values[row * points.dimensions + cut.column];
  node.left = isolate(
    points,
    rows.filter((row) => value(row) < cut.cut),
    depth + 1,
    depthMax,
    random,
    nodes,
  );
  node.right = isolate(
    points,
    rows.filter((row) => value(row) >= cut.cut),
    depth + 1,
    depthMax,
    random,
    nodes,
  );
  return at;
}

/** A random column among those in which the rows differ, cut at a random place between their least and most. */
function drawCut(points: Points, rows: Uint32Array, random: Random): { column: number; cut: number } | undefined {
  const { dimensions, values } = points;
  const ranges: { column: number; least: number; most: number }[] = [];
  for (let column = 0; column < dimensions; column++) {
    let least = Number.POSITIVE_INFINITY;
    let most = Number.NEGATIVE_INFINITY;
    for (const row of rows) {
      const value = values[row * dimensions + column];
      if (value < least) least = value;
      if (value > most) most = value;
    }
    if (most > least) ranges.push({ column, least, most });
  }
  if (ranges.length === 0) return undefined;
  const { column, least, most } = ranges[integerDraw(random, ranges.length)];
  const cut = least + random() * (most - least);
  return { column, cut: cut > least ? cut : most };
}

/** `size` different rows. */
function drawWithout(rows: number, size: number, random: Random): Uint32Array {
  if (size === rows) return Uint32Array.from({ length: rows }, (_, i) => i);
  const drawn = new Set<number>();
  while (drawn.size < size) drawn.add(integerDraw(random, rows));
  return Uint32Array.from(drawn);
}

function countRows(model: IsolationForest, training: Points): Float64Array {
  const counts = new Float64Array(model.columnOf.length);
  for (let row = 0; row < training.rows; row++) {
    for (let tree = 0; tree + 1 < model.treeOffsets.length; tree++) {
      let node = model.treeOffsets[tree];
      for (;;) {
        counts[node]++;
        if (model.columnOf[node] < 0) break;
        const value = training.values[row * training.dimensions + model.columnOf[node]];
        node = value < model.cutOf[node] ? model.leftOf[node] : model.rightOf[node];
      }
    }
  }
  return counts;
}
