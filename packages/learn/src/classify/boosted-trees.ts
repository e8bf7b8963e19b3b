import { alignColumns, type ColumnShape, type FeatureTable } from './feature-table.ts';

/**
 * A sum of regression trees as flat arrays. Nodes of tree t are `[treeOffsets[t], treeOffsets[t + 1])`, its root first; children are
 * absolute node numbers. Plain data.
 */
export type BoostedTrees = {
  readonly kind: 'boosted-trees';
  readonly version: 1;
  /** `logistic`: the sum is log-odds. `squared`: it is the value itself. */
  readonly objective: 'logistic' | 'squared';
  readonly shapes: readonly ColumnShape[];
  readonly base: number;
  readonly treeOffsets: Uint32Array;
  /** -1 on leaves. */
  readonly featureOf: Int32Array;
  /** Numbers: value <= threshold goes left. */
  readonly thresholdOf: Float64Array;
  /** Categories: where in `levelGoesLeft` the flags of this node begin; -1 for numbers. */
  readonly levelsAt: Int32Array;
  readonly levelGoesLeft: Uint8Array;
  readonly missingGoesLeft: Uint8Array;
  readonly leftOf: Int32Array;
  readonly rightOf: Int32Array;
  /** Leaves: what they add. Inner nodes: the mean of what lies below, for explanations. */
  readonly valueOf: Float64Array;
  /** Training rows that came by. */
  readonly rowsOf: Float64Array;
  /** Total gain per feature, for global importance. */
  readonly gainOf: Float64Array;
  readonly roundsBest: number;
};

/** Sum of all trees per row: log-odds or value. Cost: O(rows · trees · depth). */
export function scoreBoostedTrees(model: BoostedTrees, table: FeatureTable): Float64Array {
  const read = openRows(model, table);
  const scores = new Float64Array(table.rows).fill(model.base);
  for (let tree = 0; tree + 1 < model.treeOffsets.length; tree++) {
    for (let row = 0; row < table.rows; row++) scores[row] += model.valueOf[findLeaf(model, tree, read, row)];
  }
  return scores;
}

/** The columns a model walks by, in its own order: a category's codes are in its own levels. */
export type RowReader = { readonly numbers: readonly Float64Array[]; readonly codes: readonly Int32Array[] };

const noNumbers = new Float64Array(0);
const noCodes = new Int32Array(0);

export function openRows(model: BoostedTrees, table: FeatureTable): RowReader {
  const { columns } = alignColumns(table, model.shapes, 'scoreBoostedTrees');
  return {
    numbers: columns.map((column) => (column.kind === 'number' ? column.values : noNumbers)),
    codes: columns.map((column) => (column.kind === 'category' ? column.codes : noCodes)),
  };
}

export function findLeaf(model: BoostedTrees, tree: number, read: RowReader, row: number): number {
  let node = model.treeOffsets[tree];
  while (model.featureOf[node] >= 0) {
    node = goesLeft(model, node, read, row) ? model.leftOf[node] : model.rightOf[node];
  }
  return node;
}

export function goesLeft(model: BoostedTrees, node: number, read: RowReader, row: number): boolean {
  const feature = model.featureOf[node];
  const levelsAt = model.levelsAt[node];
  if (levelsAt >= 0) {
    const code = read.codes[feature][row];
    return (code < 0 ? model.missingGoesLeft[node] : model.levelGoesLeft[levelsAt + code]) === 1;
  }
  const value = read.numbers[feature][row];
  return Number.isNaN(value) ? model.missingGoesLeft[node] === 1 : value <= model.thresholdOf[node];
}
