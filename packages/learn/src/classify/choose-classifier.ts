import { seededRandom, shuffle } from '../numerics/random.ts';
import { type ClassificationReport, evaluateClassifier } from './classification-metrics.ts';
import { type Classifier, type ClassifierPart, scorePart } from './classifier.ts';
import { checkLabels, checkTable, type FeatureTable, shapesOf, takeRows } from './feature-table.ts';
import { findSuspectedLeaks, type SuspectedLeak } from './find-leaks.ts';
import { type BoostingOptions, fitBoostedTrees } from './fit-boosted-trees.ts';
import { fitLogistic, logistic } from './fit-logistic.ts';
import { fitNetwork } from './fit-network.ts';

export const classifierNames = [
  'base-rate',
  'logistic',
  'trees-small',
  'trees',
  'trees-large',
  'network',
  'stack',
] as const;
export type ClassifierName = (typeof classifierNames)[number];

/** What can be a part of a classifier. */
export type ClassifierPartName = Exclude<ClassifierName, 'stack' | 'base-rate'>;

export type ClassifierCandidate = {
  readonly name: ClassifierName;
  readonly report: ClassificationReport;
  readonly seconds: number;
};

export type ChosenClassifier =
  | {
      readonly kind: 'chosen';
      readonly name: ClassifierName;
      readonly model: Classifier;
      /** All that were tried, on rows they were not fitted on; best log loss first. */
      readonly candidates: readonly ClassifierCandidate[];
      readonly leaks: readonly SuspectedLeak[];
      /** What the winner is made of, for `refitClassifier`. */
      readonly parts: readonly ClassifierPartName[];
      /** How candidates were compared: on the latest rows, or on folds. */
      readonly backtest: 'latest' | 'folds';
    }
  | {
      readonly kind: 'refused';
      readonly reason: 'few_positives' | 'few_negatives';
      readonly found: number;
      readonly needed: number;
    };

export type ChooseClassifierOptions = {
  readonly seed: number;
  /** When each row was: candidates are then compared on the latest fifth, as they will be used. */
  readonly at?: Float64Array;
  /** With `at`: compared on the rows from here on instead of on the latest fifth. */
  readonly heldFrom?: number;
  /** Rows of each class below which nothing is learned. */
  readonly rowsPerClassMin?: number;
  readonly names?: readonly ClassifierName[];
  /** Milliseconds on any clock; candidates that come after the budget is used up are left out. */
  readonly now?: () => number;
  readonly timeBudgetMs?: number;
  readonly progress?: (done: number) => void;
};

/**
 * Fits several kinds, compares them on rows they did not see, and refits the winner on all. The winner has the least log loss; when
 * none is better than saying the base rate to everybody, the base rate is what serves. `stack` is the weighted sum of the linear
 * model and the trees, its weights learned on the held-out scores.
 */
export function chooseClassifier(
  table: FeatureTable,
  labels: Uint8Array,
  options: ChooseClassifierOptions,
): ChosenClassifier {
  checkTable(table, 'chooseClassifier');
  const { rowsPerClassMin = 100, names = classifierNames, now = () => performance.now() } = options;
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const refusal = refuse(positives, labels.length - positives, rowsPerClassMin);
  if (refusal) return refusal;
  checkLabels(labels, table.rows, 'chooseClassifier');

  const folds = options.at ? latestFold(options.at, labels, options.heldFrom) : drawFolds(labels, options.seed);
  const start = now();
  const tried: Tried[] = [];
  const singles = names.filter((name) => name !== 'stack');
  for (const [index, name] of singles.entries()) {
    const isFree = name === 'base-rate' || tried.length < 2;
    if (!isFree && options.timeBudgetMs !== undefined && now() - start > options.timeBudgetMs / 2) continue;
    tried.push(backtest(name, table, labels, folds, options.seed, now));
    options.progress?.((index + 1) / (singles.length + 1));
  }
  if (names.includes('stack')) tried.push(...stackOf(tried, folds.held, labels, options.seed, now));
  tried.sort((a, b) => a.report.logLoss - b.report.logLoss);
  const winner = takeWinner(tried);
  const model = refit(winner.parts, winner.link, table, labels, options.seed);
  options.progress?.(1);
  return {
    kind: 'chosen',
    name: winner.name,
    model,
    parts: winner.parts,
    candidates: tried.map(({ name, report, seconds }) => ({ name, report, seconds })),
    leaks: findSuspectedLeaks(table, labels),
    backtest: options.at ? 'latest' : 'folds',
  };
}

/** The least log loss; but one that can't be told from guessing leaves the place to the base rate. */
function takeWinner(sorted: readonly Tried[]): Tried {
  const [best] = sorted;
  const isGuessing = !(best.report.aucInterval[0] > 0.5);
  return (isGuessing ? sorted.find(({ name }) => name === 'base-rate') : undefined) ?? best;
}

/** How scores of parts become log-odds: learned on held-out scores. */
type Link = { readonly weights: readonly number[]; readonly intercept: number };

type Tried = ClassifierCandidate & {
  readonly parts: readonly ClassifierPartName[];
  /** Scores of held-out rows, in the order of `held`. */
  readonly scores: readonly Float64Array[];
  readonly link: Link;
};

type Folds = {
  readonly parts: readonly { readonly train: Uint32Array; readonly test: Uint32Array }[];
  /** All test rows, fold after fold. */
  readonly held: Uint32Array;
};

const boosting: Record<'trees-small' | 'trees' | 'trees-large', BoostingOptions> = {
  'trees-small': { rounds: 150, learningRate: 0.05, leavesMax: 4, rowsPerLeafMin: 20, lambda: 5 },
  trees: { rounds: 200, learningRate: 0.05, leavesMax: 15, rowsPerLeafMin: 20 },
  'trees-large': { rounds: 400, learningRate: 0.03, leavesMax: 31, depthMax: 30, rowShare: 0.7, featureShare: 0.4 },
};

function fitPart(name: ClassifierPartName, table: FeatureTable, labels: Uint8Array, seed: number): ClassifierPart {
  if (name === 'logistic') return fitLogistic(table, labels);
  if (name === 'network') return fitNetwork(table, labels, { seed });
  return fitBoostedTrees(table, labels, { ...boosting[name], seed });
}

function backtest(
  name: Exclude<ClassifierName, 'stack'>,
  table: FeatureTable,
  labels: Uint8Array,
  folds: Folds,
  seed: number,
  now: () => number,
): Tried {
  const start = now();
  const heldLabels = Uint8Array.from(folds.held, (row) => labels[row]);
  if (name === 'base-rate') {
    const probabilities = folds.parts.flatMap(({ train, test }) => {
      const rate = train.reduce((sum, row) => sum + labels[row], 0) / train.length;
      return new Array<number>(test.length).fill(rate);
    });
    const report = evaluateClassifier(Float64Array.from(probabilities), heldLabels);
    return { name, report, seconds: 0, parts: [], scores: [], link: { weights: [], intercept: baseLogOdds(labels) } };
  }
  const scores = new Float64Array(folds.held.length);
  let at = 0;
  for (const { train, test } of folds.parts) {
    const part = fitPart(
      name,
      takeRows(table, train),
      Uint8Array.from(train, (row) => labels[row]),
      seed,
    );
    scores.set(scorePart(part, takeRows(table, test)), at);
    at += test.length;
  }
  const link = fitLink([scores], heldLabels);
  const report = evaluateClassifier(crossLinked([scores], heldLabels, seed), heldLabels);
  return { name, report, seconds: (now() - start) / 1000, parts: [name], scores: [scores], link };
}

/** Both linear and by trees, small and large: their errors differ, so their sum is steadier than any of them. */
const stacked: readonly ClassifierName[] = ['logistic', 'trees-small', 'trees', 'trees-large'];

function stackOf(
  tried: readonly Tried[],
  held: Uint32Array,
  labels: Uint8Array,
  seed: number,
  now: () => number,
): readonly Tried[] {
  const start = now();
  const chosen = tried.filter(({ name }) => stacked.includes(name));
  if (chosen.length < 2) return [];
  const heldLabels = Uint8Array.from(held, (row) => labels[row]);
  const scores = chosen.flatMap((one) => one.scores);
  const report = evaluateClassifier(crossLinked(scores, heldLabels, seed), heldLabels);
  const seconds = chosen.reduce((sum, one) => sum + one.seconds, 0) + (now() - start) / 1000;
  return [
    {
      name: 'stack',
      report,
      seconds,
      parts: chosen.flatMap((one) => one.parts),
      scores,
      link: fitLink(scores, heldLabels),
    },
  ];
}

/** The chosen kind fitted on other rows, more of them usually; what held-out rows taught about weights stays. */
export function refitClassifier(
  chosen: { readonly parts: readonly ClassifierPartName[]; readonly model: Classifier },
  table: FeatureTable,
  labels: Uint8Array,
  options: { readonly seed: number },
): Classifier {
  checkTable(table, 'refitClassifier');
  checkLabels(labels, table.rows, 'refitClassifier');
  return refit(chosen.parts, chosen.model, table, labels, options.seed);
}

function refit(
  parts: readonly ClassifierPartName[],
  link: Link,
  table: FeatureTable,
  labels: Uint8Array,
  seed: number,
): Classifier {
  return {
    kind: 'classifier',
    version: 1,
    shapes: shapesOf(table),
    parts: parts.map((name) => fitPart(name, table, labels, seed)),
    weights: link.weights,
    intercept: link.intercept,
  };
}

/** Logistic regression of labels on scores: calibration of one, blend of several. Scores are brought to one scale inside. */
function fitLink(scores: readonly Float64Array[], labels: Uint8Array): Link {
  const table = linkTable(scores);
  const { encoding, coefficients, intercept } = fitLogistic(table, labels, { ridge: 1 });
  const weights = scores.map(() => 0);
  let shift = intercept;
  encoding.columns.forEach((column, i) => {
    if (column.kind !== 'number') return;
    weights[column.feature] = coefficients[i] / column.deviation;
    shift -= (coefficients[i] * column.mean) / column.deviation;
  });
  // On rows it did not see, a model of noise is on the wrong side a little more often than not: turned around it would look useful.
  if (weights.every((weight) => weight <= 0)) return { weights: scores.map(() => 0), intercept: baseLogOdds(labels) };
  return { weights, intercept: shift };
}

/** Probabilities by links that did not see the row: two halves, each linked by the other. */
function crossLinked(scores: readonly Float64Array[], labels: Uint8Array, seed: number): Float64Array {
  const halves = halve(labels, seed);
  const probabilities = new Float64Array(labels.length);
  for (const [fitRows, useRows] of [halves, [halves[1], halves[0]]] as const) {
    const pick = (rows: Uint32Array) => scores.map((own) => Float64Array.from(rows, (row) => own[row]));
    const link = fitLink(
      pick(fitRows),
      Uint8Array.from(fitRows, (row) => labels[row]),
    );
    for (const row of useRows) {
      const score = scores.reduce((sum, own, i) => sum + link.weights[i] * own[row], link.intercept);
      probabilities[row] = logistic(score);
    }
  }
  return probabilities;
}

function linkTable(scores: readonly Float64Array[]): FeatureTable {
  return {
    rows: scores[0].length,
    columns: scores.map((values, i) => ({ kind: 'number', name: `score ${i}`, values })),
  };
}

function baseLogOdds(labels: Uint8Array): number {
  const rate = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  return Math.log(rate / (1 - rate));
}

function refuse(positives: number, negatives: number, needed: number): ChosenClassifier | undefined {
  if (positives < needed) return { kind: 'refused', reason: 'few_positives', found: positives, needed };
  if (negatives < needed) return { kind: 'refused', reason: 'few_negatives', found: negatives, needed };
  return undefined;
}

/** Five folds, each with its share of positives. */
function drawFolds(labels: Uint8Array, seed: number): Folds {
  const random = seededRandom(seed);
  const foldOf = new Uint8Array(labels.length);
  for (const label of [0, 1]) {
    const rows = Uint32Array.from(labels.keys()).filter((row) => labels[row] === label);
    shuffle(rows, random).forEach((row, i) => {
      foldOf[row] = i % 5;
    });
  }
  const parts = [0, 1, 2, 3, 4].map((fold) => ({
    train: Uint32Array.from(labels.keys()).filter((row) => foldOf[row] !== fold),
    test: Uint32Array.from(labels.keys()).filter((row) => foldOf[row] === fold),
  }));
  return { parts, held: Uint32Array.from(parts.flatMap((part) => [...part.test])) };
}

/** Fitted on the earlier four fifths, judged on the latest; folds when the latest rows hold one class only. */
function latestFold(at: Float64Array, labels: Uint8Array, heldFrom: number | undefined): Folds {
  const order = Uint32Array.from(labels.keys()).sort((a, b) => at[a] - at[b] || a - b);
  const firstHeld = heldFrom === undefined ? -1 : order.findIndex((row) => at[row] >= heldFrom);
  const cut = firstHeld >= 0 ? firstHeld : Math.floor(order.length * 0.8);
  const parts = [{ train: order.slice(0, cut), test: order.slice(cut) }];
  const bothIn = (rows: Uint32Array) => rows.some((row) => labels[row] === 1) && rows.some((row) => labels[row] === 0);
  return parts.every(({ train, test }) => bothIn(train) && bothIn(test))
    ? { parts, held: parts[0].test }
    : drawFolds(labels, 1);
}

function halve(labels: Uint8Array, seed: number): readonly [Uint32Array, Uint32Array] {
  const random = seededRandom(seed + 1);
  const first: number[] = [];
  const second: number[] = [];
  for (const label of [0, 1]) {
    const rows = Uint32Array.from(labels.keys()).filter((row) => labels[row] === label);
    shuffle(rows, random).forEach((row, i) => {
      (i % 2 === 0 ? first : second).push(row);
    });
  }
  return [Uint32Array.from(first).sort(), Uint32Array.from(second).sort()];
}
