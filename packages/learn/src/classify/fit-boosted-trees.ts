import { DomainError, ShapeError } from '../errors.ts';
import { type Random, seededRandom } from '../numerics/random.ts';
import { type BinnedFeatures, binFeatures } from './bin-features.ts';
import { type BoostedTrees, findLeaf, openRows } from './boosted-trees.ts';
import { checkLabels, checkTable, type FeatureTable, shapesOf } from './feature-table.ts';
import { logistic, softplus } from './fit-logistic.ts';
import { type GrownTree, growTree } from './grow-tree.ts';

export type BoostingOptions = {
  readonly objective?: 'logistic' | 'squared';
  readonly rounds?: number;
  readonly learningRate?: number;
  readonly leavesMax?: number;
  readonly depthMax?: number;
  readonly lambda?: number;
  readonly gainMin?: number;
  readonly rowsPerLeafMin?: number;
  readonly curvaturePerLeafMin?: number;
  readonly binsMax?: number;
  /** Share of rows and of features each tree looks at. */
  readonly rowShare?: number;
  readonly featureShare?: number;
  readonly seed?: number;
  /** Stops when the loss here has not fallen for `patience` rounds, and keeps the best number of trees. */
  readonly validation?: { readonly table: FeatureTable; readonly targets: Float64Array | Uint8Array };
  readonly patience?: number;
  readonly progress?: (done: number) => void;
};

/**
 * Gradient boosting on histograms: second-order gains (Chen and Guestrin 2016, XGBoost), leaf-wise growth, histogram subtraction
 * and native categories (Ke et al. 2017, LightGBM). Missing values learn their side.
 * @param targets one per row: 0 or 1 for `logistic`, any finite number for `squared`.
 * @throws ShapeError, DomainError on input it can't learn from; constant features are simply never used.
 * Cost: about rounds · log2(leaves) · rows · features / 2 histogram additions.
 */
export function fitBoostedTrees(
  table: FeatureTable,
  targets: Float64Array | Uint8Array,
  options: BoostingOptions = {},
): BoostedTrees {
  const settings = withDefaults(options);
  checkTable(table, 'fitBoostedTrees');
  checkTargets(targets, table.rows, settings.objective);
  const binned = binFeatures(table, settings.binsMax);
  const random = seededRandom(settings.seed);
  const base = startValue(targets, settings.objective);
  const scores = new Float64Array(table.rows).fill(base);
  const gradient = new Float64Array(table.rows);
  const curvature = new Float64Array(table.rows);
  const grown: GrownTree[] = [];
  const watch = options.validation ? openWatch(options.validation, base, settings.objective) : undefined;
  const finish = () => flatten(grown, binned, table, settings, base);
  let best = { loss: Number.POSITIVE_INFINITY, rounds: 0 };
  for (let round = 0; round < settings.rounds; round++) {
    computeGradients(scores, targets, settings.objective, gradient, curvature);
    const rows = drawRows(table.rows, settings.rowShare, random);
    const usable = drawFeatures(binned, settings.featureShare, random);
    const isWhole = rows.length === table.rows;
    const tree = growTree(binned, gradient, curvature, rows, usable, settings, (leafRows, value) => {
      if (isWhole) for (const row of leafRows) scores[row] += settings.learningRate * value;
    });
    grown.push(tree);
    if (!isWhole) addTree(flatten([tree], binned, table, settings, 0), table, scores);
    if (watch) {
      const loss = watch(flatten([tree], binned, table, settings, 0));
      if (loss < best.loss) best = { loss, rounds: round + 1 };
      if (round + 1 - best.rounds >= settings.patience) break;
    }
    options.progress?.((round + 1) / settings.rounds);
  }
  if (watch) grown.length = best.rounds;
  return finish();
}

type Settings = Required<Omit<BoostingOptions, 'validation' | 'progress'>>;

function withDefaults(options: BoostingOptions): Settings {
  const settings: Settings = {
    objective: options.objective ?? 'logistic',
    rounds: options.rounds ?? 200,
    learningRate: options.learningRate ?? 0.05,
    leavesMax: options.leavesMax ?? 15,
    depthMax: options.depthMax ?? 8,
    lambda: options.lambda ?? 1,
    gainMin: options.gainMin ?? 0,
    rowsPerLeafMin: options.rowsPerLeafMin ?? 20,
    curvaturePerLeafMin: options.curvaturePerLeafMin ?? 1e-3,
    binsMax: options.binsMax ?? 255,
    rowShare: options.rowShare ?? 1,
    featureShare: options.featureShare ?? 1,
    seed: options.seed ?? 1,
    patience: options.patience ?? 25,
  };
  const positive = ['rounds', 'learningRate', 'leavesMax', 'depthMax', 'rowsPerLeafMin', 'patience'] as const;
  for (const key of positive) {
    if (!(settings[key] > 0)) throw new DomainError(`fitBoostedTrees: ${key} must be above 0, got ${settings[key]}`);
  }
  // One bit per inner node in explanations.
  if (settings.leavesMax > 32)
    throw new DomainError(`fitBoostedTrees: leavesMax must be at most 32, got ${settings.leavesMax}`);
  for (const key of ['rowShare', 'featureShare'] as const) {
    if (!(settings[key] > 0 && settings[key] <= 1)) {
      throw new DomainError(`fitBoostedTrees: ${key} must be in (0, 1], got ${settings[key]}`);
    }
  }
  return settings;
}

function checkTargets(targets: Float64Array | Uint8Array, rows: number, objective: string): void {
  if (objective === 'logistic') {
    checkLabels(targets instanceof Uint8Array ? targets : Uint8Array.from(targets), rows, 'fitBoostedTrees');
    return;
  }
  if (targets.length !== rows) throw new ShapeError(`fitBoostedTrees: ${targets.length} targets for ${rows} rows`);
  for (let i = 0; i < rows; i++) {
    if (!Number.isFinite(targets[i]))
      throw new DomainError(`fitBoostedTrees: target ${i} must be finite, got ${targets[i]}`);
  }
}

function startValue(targets: Float64Array | Uint8Array, objective: Settings['objective']): number {
  let sum = 0;
  for (const target of targets) sum += target;
  const mean = sum / targets.length;
  return objective === 'logistic' ? Math.log(mean / (1 - mean)) : mean;
}

function computeGradients(
  scores: Float64Array,
  targets: Float64Array | Uint8Array,
  objective: Settings['objective'],
  gradient: Float64Array,
  curvature: Float64Array,
): void {
  for (let i = 0; i < scores.length; i++) {
    if (objective === 'squared') {
      gradient[i] = scores[i] - targets[i];
      curvature[i] = 1;
    } else {
      const probability = logistic(scores[i]);
      gradient[i] = probability - targets[i];
      curvature[i] = Math.max(probability * (1 - probability), 1e-16);
    }
  }
}

function drawRows(rows: number, share: number, random: Random): Uint32Array {
  const all = Uint32Array.from({ length: rows }, (_, i) => i);
  return share === 1 ? all : all.filter(() => random() < share);
}

function drawFeatures(binned: BinnedFeatures, share: number, random: Random): Uint8Array {
  const usable = Uint8Array.from(binned.features, (feature) => (feature.bins > 2 ? 1 : 0));
  if (share === 1) return usable.some(Boolean) ? usable : usable.fill(1);
  const drawn = usable.map((can) => (can && random() < share ? 1 : 0));
  return drawn.some(Boolean) ? drawn : usable;
}

function addTree(tree: BoostedTrees, table: FeatureTable, scores: Float64Array): void {
  const read = openRows(tree, table);
  for (let row = 0; row < table.rows; row++) scores[row] += tree.valueOf[findLeaf(tree, 0, read, row)];
}

function openWatch(
  validation: NonNullable<BoostingOptions['validation']>,
  base: number,
  objective: Settings['objective'],
): (tree: BoostedTrees) => number {
  const scores = new Float64Array(validation.table.rows).fill(base);
  return (tree) => {
    addTree(tree, validation.table, scores);
    let loss = 0;
    for (let i = 0; i < scores.length; i++) {
      loss +=
        objective === 'squared'
          ? (scores[i] - validation.targets[i]) ** 2
          : softplus(scores[i]) - validation.targets[i] * scores[i];
    }
    return loss / scores.length;
  };
}

/** Grown trees speak of bins; the model speaks of values and levels. */
function flatten(
  trees: readonly GrownTree[],
  binned: BinnedFeatures,
  table: FeatureTable,
  settings: Settings,
  base: number,
): BoostedTrees {
  const treeOffsets = new Uint32Array(trees.length + 1);
  trees.forEach((tree, t) => {
    treeOffsets[t + 1] = treeOffsets[t] + tree.nodes.length;
  });
  const size = treeOffsets[trees.length];
  const featureOf = new Int32Array(size).fill(-1);
  const thresholdOf = new Float64Array(size);
  const levelsAt = new Int32Array(size).fill(-1);
  const missingGoesLeft = new Uint8Array(size);
  const leftOf = new Int32Array(size).fill(-1);
  const rightOf = new Int32Array(size).fill(-1);
  const nodeValues = new Float64Array(size);
  const rowsOf = new Float64Array(size);
  const gainOf = new Float64Array(table.columns.length);
  const levelFlags: number[] = [];
  trees.forEach((tree, t) => {
    const at = treeOffsets[t];
    // Children were made after their parents: backwards, a parent finds both done.
    for (let i = tree.nodes.length - 1; i >= 0; i--) {
      const { split, left, right, value, rows } = tree.nodes[i];
      rowsOf[at + i] = rows;
      nodeValues[at + i] = settings.learningRate * value;
      if (!split) continue;
      const feature = binned.features[split.feature];
      const column = table.columns[split.feature];
      featureOf[at + i] = split.feature;
      gainOf[split.feature] += split.gain;
      missingGoesLeft[at + i] = split.goesLeft[0];
      leftOf[at + i] = at + left;
      rightOf[at + i] = at + right;
      nodeValues[at + i] =
        (nodeValues[at + left] * rowsOf[at + left] + nodeValues[at + right] * rowsOf[at + right]) / rows;
      if (feature.kind === 'number') {
        thresholdOf[at + i] = feature.edges[split.lastLeftBin - 1];
      } else if (column.kind === 'category') {
        levelsAt[at + i] = levelFlags.length;
        for (const bin of feature.binOfLevel) levelFlags.push(split.goesLeft[bin]);
      }
    }
  });
  return {
    kind: 'boosted-trees',
    version: 1,
    objective: settings.objective,
    shapes: shapesOf(table),
    base,
    treeOffsets,
    featureOf,
    thresholdOf,
    levelsAt,
    levelGoesLeft: Uint8Array.from(levelFlags),
    missingGoesLeft,
    leftOf,
    rightOf,
    valueOf: nodeValues,
    rowsOf,
    gainOf,
    roundsBest: trees.length,
  };
}
