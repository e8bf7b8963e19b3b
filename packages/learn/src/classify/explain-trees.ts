import { type BoostedTrees, goesLeft, openRows, type RowReader } from './boosted-trees.ts';
import type { FeatureTable } from './feature-table.ts';

/** Per row what each feature adds; `base` plus a row's contributions is its score exactly. */
export type Explanation = {
  readonly base: number;
  readonly features: number;
  /** rows × features, row-major, in the order of the model's columns. */
  readonly contributions: Float64Array;
};

/**
 * Exact path-dependent TreeSHAP. A leaf pays its value to the game "which features on my path may be looked at"; with each feature of
 * the path either satisfied or not there are few such games per leaf, so their Shapley values are computed once and looked up per row.
 * Leaves with more than `pathFeaturesMax` features on their path are computed per row.
 * Source: Lundberg et al. (2018), arXiv 1802.03888; tables as in Yang (2021), Fast TreeSHAP. Cost: O(rows · leaves · depth).
 */
export function explainTrees(model: BoostedTrees, table: FeatureTable): Explanation {
  const read = openRows(model, table);
  const features = model.shapes.length;
  const contributions = new Float64Array(table.rows * features);
  let base = model.base;
  for (let tree = 0; tree + 1 < model.treeOffsets.length; tree++) {
    base += model.valueOf[model.treeOffsets[tree]];
    addTree(model, openTree(model, tree), read, table.rows, contributions, features);
  }
  return { base, features, contributions };
}

const pathFeaturesMax = 8;

/**
 * A tree as leaves and the distinct features on their paths ("pairs"). A row's way through a tree is one bit per inner node (1 = left;
 * trees have at most 31); a pair is satisfied when the way, under its mask, is its value.
 */
type OpenedTree = {
  readonly inners: Int32Array;
  /** Pairs of leaf g are `[pairOffsets[g], pairOffsets[g + 1])`. */
  readonly pairOffsets: Int32Array;
  readonly featureOf: Int32Array;
  readonly maskOf: Int32Array;
  readonly wantedOf: Int32Array;
  /** Share of training rows that would come this way if the feature could not be looked at. */
  readonly shareOf: Float64Array;
  readonly leafValueOf: Float64Array;
  /** Where in `shapley` the values of a leaf begin, pattern-major; -1 for long paths. */
  readonly shapleyAt: Int32Array;
  readonly shapley: Float64Array;
};

function addTree(
  model: BoostedTrees,
  tree: OpenedTree,
  read: RowReader,
  rows: number,
  contributions: Float64Array,
  width: number,
): void {
  const { inners, pairOffsets, featureOf, maskOf, wantedOf, shapleyAt, shapley } = tree;
  const leaves = shapleyAt.length;
  for (let row = 0; row < rows; row++) {
    let way = 0;
    for (let i = 0; i < inners.length; i++) if (goesLeft(model, inners[i], read, row)) way |= 1 << i;
    const to = row * width;
    for (let leaf = 0; leaf < leaves; leaf++) {
      const start = pairOffsets[leaf];
      const end = pairOffsets[leaf + 1];
      let pattern = 0;
      for (let pair = start; pair < end; pair++) {
        if ((way & maskOf[pair]) === wantedOf[pair]) pattern |= 1 << (pair - start);
      }
      if (shapleyAt[leaf] < 0) {
        addLongPath(tree, leaf, pattern, contributions, to);
        continue;
      }
      let at = shapleyAt[leaf] + pattern * (end - start);
      for (let pair = start; pair < end; pair++) contributions[to + featureOf[pair]] += shapley[at++];
    }
  }
}

function addLongPath(tree: OpenedTree, leaf: number, pattern: number, contributions: Float64Array, to: number): void {
  const [start, end] = [tree.pairOffsets[leaf], tree.pairOffsets[leaf + 1]];
  const values = new Float64Array(end - start);
  shapleyOfPattern(tree.leafValueOf[leaf], tree.shareOf.subarray(start, end), pattern, values, 0);
  for (let pair = start; pair < end; pair++) contributions[to + tree.featureOf[pair]] += values[pair - start];
}

type Pair = { readonly feature: number; mask: number; value: number; share: number };

function openTree(model: BoostedTrees, tree: number): OpenedTree {
  const inners: number[] = [];
  const leaves: { readonly value: number; readonly pairs: readonly Pair[] }[] = [];
  const walk = (node: number, path: readonly Pair[]): void => {
    const feature = model.featureOf[node];
    if (feature < 0) {
      leaves.push({ value: model.valueOf[node], pairs: path });
      return;
    }
    const bit = 1 << inners.length;
    inners.push(node);
    for (const child of [model.leftOf[node], model.rightOf[node]]) {
      const share = model.rowsOf[child] / model.rowsOf[node];
      const value = child === model.leftOf[node] ? bit : 0;
      const known = path.find((pair) => pair.feature === feature);
      const step = known
        ? { feature, mask: known.mask | bit, value: known.value | value, share: known.share * share }
        : { feature, mask: bit, value, share };
      walk(child, [...path.filter((pair) => pair.feature !== feature), step]);
    }
  };
  walk(model.treeOffsets[tree], []);

  const pairs = leaves.flatMap((leaf) => leaf.pairs);
  const pairOffsets = new Int32Array(leaves.length + 1);
  const shapleyAt = new Int32Array(leaves.length);
  let shapleySize = 0;
  leaves.forEach((leaf, g) => {
    const count = leaf.pairs.length;
    pairOffsets[g + 1] = pairOffsets[g] + count;
    shapleyAt[g] = count <= pathFeaturesMax ? shapleySize : -1;
    if (count <= pathFeaturesMax) shapleySize += count << count;
  });
  const shareOf = Float64Array.from(pairs, (pair) => pair.share);
  const shapley = new Float64Array(shapleySize);
  leaves.forEach((leaf, g) => {
    const count = leaf.pairs.length;
    if (shapleyAt[g] < 0) return;
    const shares = shareOf.subarray(pairOffsets[g], pairOffsets[g + 1]);
    for (let pattern = 0; pattern < 1 << count; pattern++) {
      shapleyOfPattern(leaf.value, shares, pattern, shapley, shapleyAt[g] + pattern * count);
    }
  });
  return {
    inners: Int32Array.from(inners),
    pairOffsets,
    featureOf: Int32Array.from(pairs, (pair) => pair.feature),
    maskOf: Int32Array.from(pairs, (pair) => pair.mask),
    wantedOf: Int32Array.from(pairs, (pair) => pair.value),
    shareOf,
    leafValueOf: Float64Array.from(leaves, (leaf) => leaf.value),
    shapleyAt,
    shapley,
  };
}

/**
 * Shapley values of v(S) = value · Π_{j in S} one_j · Π_{j not in S} share_j. With p(y) = Π_{k≠j} (share_k + one_k y) = Σ c_s y^s,
 * φ_j = value · (one_j − share_j) · Σ_s c_s · s! (m − s − 1)! / m!.
 */
function shapleyOfPattern(value: number, shares: Float64Array, pattern: number, into: Float64Array, at: number): void {
  const count = shares.length;
  const polynomial = new Float64Array(count);
  for (let j = 0; j < count; j++) {
    polynomial.fill(0);
    polynomial[0] = 1;
    for (let k = 0, degree = 0; k < count; k++) {
      if (k === j) continue;
      const one = (pattern >> k) & 1;
      degree++;
      for (let s = degree; s >= 0; s--) {
        polynomial[s] = polynomial[s] * shares[k] + (s > 0 ? polynomial[s - 1] * one : 0);
      }
    }
    let sum = 0;
    let weight = 1 / count; // 0! (m − 1)! / m!
    for (let s = 0; s < count; s++) {
      sum += polynomial[s] * weight;
      weight *= (s + 1) / Math.max(1, count - s - 1);
    }
    into[at + j] = value * (((pattern >> j) & 1) - shares[j]) * sum;
  }
}
