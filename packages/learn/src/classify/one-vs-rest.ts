import { DomainError, ShapeError } from '../errors.ts';
import type { ClassifierPartName } from './choose-classifier.ts';
import { refitClassifier } from './choose-classifier.ts';
import { type Classifier, scoreClassifier } from './classifier.ts';
import { checkTable, type FeatureTable, shapesOf, takeRows } from './feature-table.ts';
import { logistic } from './fit-logistic.ts';

/** One classifier a class, each telling it from all others; probabilities are brought to a sum of 1. Plain data. */
export type OneVsRest = {
  readonly kind: 'one-vs-rest';
  readonly version: 1;
  readonly classes: readonly string[];
  readonly models: readonly Classifier[];
};

export const manyClassNames = ['most-frequent', 'logistic', 'trees-small', 'trees'] as const;
export type ManyClassName = (typeof manyClassNames)[number];

export type ManyClassReport = {
  /** Share of rows whose likeliest class came true, and whose true class is among the three likeliest. */
  readonly accuracy: number;
  readonly accuracyTop3: number;
  readonly logLoss: number;
  readonly rows: number;
};

export type ChosenManyClass = {
  readonly name: ManyClassName;
  /** Fitted on all rows. */
  readonly model: OneVsRest;
  /** On the held-out rows, least log loss first. */
  readonly candidates: readonly {
    readonly name: ManyClassName;
    readonly report: ManyClassReport;
    readonly seconds: number;
  }[];
};

/**
 * Fits each kind on the rows before `heldFrom`, compares them on those from it on, and fits the one with the least log loss on all.
 * @param labels class of each row, codes into `classes`. @param at when each row was.
 * @throws ShapeError, DomainError on input it can't learn from. Cost: that of one classifier a class and kind.
 */
export function chooseManyClass(
  table: FeatureTable,
  labels: Int32Array,
  options: {
    readonly classes: readonly string[];
    readonly at: Float64Array;
    readonly heldFrom: number;
    readonly seed: number;
    readonly names?: readonly ManyClassName[];
    readonly now?: () => number;
  },
): ChosenManyClass {
  const { classes, at, heldFrom, seed, names = manyClassNames, now = () => performance.now() } = options;
  checkTable(table, 'chooseManyClass');
  if (labels.length !== table.rows || at.length !== table.rows) {
    throw new ShapeError(`chooseManyClass: ${labels.length} labels and ${at.length} instants for ${table.rows} rows`);
  }
  if (classes.length < 2) throw new DomainError(`chooseManyClass: needs two classes or more, got ${classes.length}`);
  const all = Uint32Array.from(labels.keys());
  const known = all.filter((row) => at[row] < heldFrom);
  const held = all.filter((row) => at[row] >= heldFrom);
  if (known.length === 0 || held.length === 0) {
    throw new DomainError(`chooseManyClass: ${known.length} rows before heldFrom and ${held.length} after it`);
  }
  const pick = (rows: Uint32Array) => Int32Array.from(rows, (row) => labels[row]);
  const [knownTable, heldTable] = [takeRows(table, known), takeRows(table, held)];
  const candidates = names
    .map((name) => {
      const start = now();
      const model = fitOneVsRest(name, knownTable, pick(known), classes, seed);
      const report = evaluateManyClass(predictClasses(model, heldTable), pick(held), classes.length);
      return { name, report, seconds: (now() - start) / 1000 };
    })
    .sort((a, b) => a.report.logLoss - b.report.logLoss);
  const [{ name }] = candidates;
  return { name, model: fitOneVsRest(name, table, labels, classes, seed), candidates };
}

export function fitOneVsRest(
  name: ManyClassName,
  table: FeatureTable,
  labels: Int32Array,
  classes: readonly string[],
  seed: number,
): OneVsRest {
  const models = classes.map((_, code): Classifier => {
    const own = Uint8Array.from(labels, (label) => (label === code ? 1 : 0));
    const positives = own.reduce((sum, label) => sum + label, 0);
    const share = (positives + 0.5) / (own.length + 1);
    const parts: ClassifierPartName[] =
      name === 'most-frequent' || positives === 0 || positives === own.length ? [] : [name];
    const plain: Classifier = {
      kind: 'classifier',
      version: 1,
      shapes: shapesOf(table),
      parts: [],
      weights: parts.map(() => 1),
      intercept: parts.length > 0 ? 0 : Math.log(share / (1 - share)),
    };
    return parts.length > 0 ? refitClassifier({ parts, model: plain }, table, own, { seed }) : plain;
  });
  return { kind: 'one-vs-rest', version: 1, classes, models };
}

/** Rows × classes, row-major; each row sums to 1. */
export function predictClasses(model: OneVsRest, table: FeatureTable): Float64Array {
  const width = model.classes.length;
  const chances = new Float64Array(table.rows * width);
  model.models.forEach((own, code) => {
    scoreClassifier(own, table).forEach((score, row) => {
      chances[row * width + code] = logistic(score);
    });
  });
  for (let row = 0; row < table.rows; row++) {
    let sum = 0;
    for (let code = 0; code < width; code++) sum += chances[row * width + code];
    for (let code = 0; code < width; code++) chances[row * width + code] /= sum;
  }
  return chances;
}

export function evaluateManyClass(chances: Float64Array, labels: Int32Array, width: number): ManyClassReport {
  let [first, third, loss] = [0, 0, 0];
  labels.forEach((label, row) => {
    const own = chances.subarray(row * width, (row + 1) * width);
    const above = own.reduce(
      (count, chance, code) => count + (chance > own[label] || (chance === own[label] && code < label) ? 1 : 0),
      0,
    );
    if (above === 0) first++;
    if (above < 3) third++;
    loss -= Math.log(Math.max(1e-15, own[label]));
  });
  const rows = Math.max(1, labels.length);
  return { accuracy: first / rows, accuracyTop3: third / rows, logLoss: loss / rows, rows: labels.length };
}
