import type { BinnedFeatures } from './bin-features.ts';
import { findBestSplit, type Split, type SplitRules } from './find-split.ts';

export type TreeOptions = SplitRules & {
  readonly leavesMax: number;
  readonly depthMax: number;
};

/** One tree, nodes in the order in which they were made; node 0 is the root. */
export type GrownTree = {
  readonly nodes: readonly GrownNode[];
};

export type GrownNode = {
  /** Where a row goes; absent on leaves. */
  split?: Split;
  left: number;
  right: number;
  /** -G / (H + λ), before the learning rate. */
  readonly value: number;
  readonly rows: number;
};

/** Three sums per bin, one after another: gradient, curvature, rows. */
type Histogram = Float64Array;

type OpenNode = {
  readonly node: number;
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly histogram: Histogram;
  readonly split: Split | undefined;
};

/**
 * Grows one tree leaf by leaf, the most gaining first (Ke et al. 2017, LightGBM). Only the smaller child's histogram is counted; its
 * sibling's is the parent's minus it.
 * @param rowOrder permutation of the rows to use; comes back grouped by leaf.
 * @param onLeaf called per leaf with the rows it holds.
 */
export function growTree(
  binned: BinnedFeatures,
  gradient: Float64Array,
  curvature: Float64Array,
  rowOrder: Uint32Array,
  usable: Uint8Array,
  options: TreeOptions,
  onLeaf: (rows: Uint32Array, value: number) => void,
): GrownTree {
  const layout = layOut(binned);
  const ordered = { gradient: new Float64Array(rowOrder.length), curvature: new Float64Array(rowOrder.length) };
  const spare = new Uint32Array(rowOrder.length);
  const nodes: GrownNode[] = [];
  const open: OpenNode[] = [];

  const count = (start: number, end: number): Histogram => {
    const histogram = new Float64Array(layout.size);
    for (let i = start; i < end; i++) {
      ordered.gradient[i] = gradient[rowOrder[i]];
      ordered.curvature[i] = curvature[rowOrder[i]];
    }
    binned.features.forEach((feature, f) => {
      if (usable[f]) addTo(histogram, layout.offsets[f], feature.binOf, rowOrder, ordered, start, end);
    });
    return histogram;
  };
  const add = (start: number, end: number, depth: number, histogram: Histogram): number => {
    const sums = sumsOf(histogram, layout, usable, binned);
    const node = nodes.length;
    nodes.push({
      left: -1,
      right: -1,
      value: -sums.gradient / (sums.curvature + options.lambda),
      rows: end - start,
    });
    const maySplit = depth < options.depthMax && end - start >= 2 * options.rowsPerLeafMin;
    const split = maySplit
      ? findBestSplit(binned, histogram, layout.offsets, usable, { ...sums, rows: end - start }, options)
      : undefined;
    open.push({ node, start, end, depth, histogram, split });
    return node;
  };

  add(0, rowOrder.length, 0, count(0, rowOrder.length));
  let leaves = 1;
  while (leaves < options.leavesMax) {
    let best = -1;
    for (let i = 0; i < open.length; i++) {
      if (open[i].split && (best < 0 || open[i].split!.gain > open[best].split!.gain)) best = i;
    }
    if (best < 0) break;
    const [chosen] = open.splice(best, 1);
    const { split, start, end, depth, histogram } = chosen;
    if (!split) break;
    const middle = partition(binned, split, rowOrder, spare, start, end);
    const isLeftSmaller = middle - start <= end - middle;
    const small = isLeftSmaller ? count(start, middle) : count(middle, end);
    for (let i = 0; i < histogram.length; i++) histogram[i] -= small[i];
    const parent = nodes[chosen.node];
    parent.split = split;
    parent.left = add(start, middle, depth + 1, isLeftSmaller ? small : histogram);
    parent.right = add(middle, end, depth + 1, isLeftSmaller ? histogram : small);
    leaves++;
  }
  for (const leaf of open) onLeaf(rowOrder.subarray(leaf.start, leaf.end), nodes[leaf.node].value);
  return { nodes };
}

type Layout = { readonly offsets: Uint32Array; readonly size: number };

function layOut(binned: BinnedFeatures): Layout {
  const offsets = new Uint32Array(binned.features.length + 1);
  binned.features.forEach((feature, f) => {
    offsets[f + 1] = offsets[f] + feature.bins * 3;
  });
  return { offsets, size: offsets[binned.features.length] };
}

function addTo(
  histogram: Histogram,
  offset: number,
  binOf: Uint8Array,
  rowOrder: Uint32Array,
  ordered: { readonly gradient: Float64Array; readonly curvature: Float64Array },
  start: number,
  end: number,
): void {
  const { gradient, curvature } = ordered;
  for (let i = start; i < end; i++) {
    const at = offset + binOf[rowOrder[i]] * 3;
    histogram[at] += gradient[i];
    histogram[at + 1] += curvature[i];
    histogram[at + 2] += 1;
  }
}

/** All features hold the same rows: the bins of any one of them sum to the node. */
function sumsOf(
  histogram: Histogram,
  layout: Layout,
  usable: Uint8Array,
  binned: BinnedFeatures,
): { gradient: number; curvature: number } {
  const f = Math.max(0, usable.indexOf(1));
  let gradient = 0;
  let curvature = 0;
  for (let bin = 0; bin < binned.features[f].bins; bin++) {
    gradient += histogram[layout.offsets[f] + bin * 3];
    curvature += histogram[layout.offsets[f] + bin * 3 + 1];
  }
  return { gradient, curvature };
}

/** Rows that go left first, each side in its old order. @returns where the right side begins. */
function partition(
  binned: BinnedFeatures,
  split: Split,
  rowOrder: Uint32Array,
  spare: Uint32Array,
  start: number,
  end: number,
): number {
  const { binOf } = binned.features[split.feature];
  const { goesLeft } = split;
  let left = start;
  let right = 0;
  for (let i = start; i < end; i++) {
    const row = rowOrder[i];
    if (goesLeft[binOf[row]]) rowOrder[left++] = row;
    else spare[right++] = row;
  }
  rowOrder.set(spare.subarray(0, right), left);
  return left;
}
