import { logistic, softplus } from '../classify/fit-logistic.ts';
import { DomainError, ShapeError } from '../errors.ts';
import { fitLinear, type LinearOptions, type LinearWeights } from './fit-linear.ts';
import type { Language } from './normalise-text.ts';
import { buildCorpus, type TextCorpus } from './text-corpus.ts';
import type { TextModel } from './text-model.ts';

export type LabelledTexts = {
  readonly texts: readonly string[];
  /** One or several labels per text. */
  readonly labels: readonly (readonly string[])[];
};

export type FitTextOptions = {
  readonly language: Language;
  readonly answer: 'one' | 'several';
  readonly seed: number;
  readonly bits?: number;
  readonly loss?: LinearOptions['loss'];
  readonly cost?: number;
  readonly epochs?: number;
  /** Features kept after pruning; then refitted on them. */
  readonly featuresMax?: number;
  /** Intents: what texts about something else are called. Rows with this label teach it; texts that fit nothing well get it too. */
  readonly elsewhere?: {
    readonly label: string /** Share of fitting texts that may be turned away for it. */;
    readonly turnedAway: number;
  };
  readonly progress?: (done: number) => void;
};

/**
 * Hash, fit, prune by the largest weight, refit on what is kept, round to eight bits (rounding without pruning loses points: small weights
 * become 0). A tenth is held out first, to fit the sharpness of probabilities and the thresholds; then all texts are learned from.
 * The same seed gives the same model. Cost: O(classes · epochs · features).
 * @throws DomainError when there are fewer than two labels or a label without any text.
 */
export function fitTextModel(data: LabelledTexts, options: FitTextOptions): TextModel {
  const { language, answer, seed } = options;
  if (data.texts.length !== data.labels.length) {
    throw new ShapeError(`fitTextModel: ${data.texts.length} texts but ${data.labels.length} lists of labels`);
  }
  const labels = [...new Set(data.labels.flat())].sort();
  if (labels.length < 2)
    throw new DomainError(`fitTextModel: needs at least two labels, got ${labels.join(', ') || 'none'}`);
  const bits = options.bits ?? (data.texts.length > 20_000 ? 20 : 18);
  const corpus = buildCorpus(data.texts, language, bits);
  const columns = columnsOf(labels, answer);
  const linear = linearOptions(options, labels.length, seed);

  const held = Uint32Array.from(data.texts.keys()).filter((t) => t % 10 === 9);
  const rest = Uint32Array.from(data.texts.keys()).filter((t) => t % 10 !== 9);
  const isPositive = markPositives(data.labels, columns);
  const first = fitLinear(takeTexts(corpus, rest), takeRows(isPositive, rest, columns.length), columns.length, linear);
  options.progress?.(1 / 3);
  const { sharpness, thresholds } = calibrateOn(
    takeTexts(corpus, held),
    takeRows(isPositive, held, columns.length),
    first,
    answer,
  );
  const elsewhere = options.elsewhere && {
    label: options.elsewhere.label,
    scoreMin:
      sharpness *
      findScoreMin(
        takeTexts(corpus, held),
        takeRows(isPositive, held, columns.length),
        first,
        columns.indexOf(options.elsewhere.label),
        options.elsewhere.turnedAway,
      ),
  };
  const kept = keepLargest(first, options.featuresMax ?? 100_000);
  const fitted = fitLinear(corpus, isPositive, columns.length, { ...linear, kept });
  options.progress?.(1);
  return {
    kind: 'text-linear',
    version: 1,
    language,
    bits,
    labels,
    answer,
    ...quantise(fitted),
    sharpness,
    thresholds,
    ...(elsewhere ? { elsewhere } : {}),
  };
}

/** Two labels that exclude each other need one column. */
function columnsOf(labels: readonly string[], answer: 'one' | 'several'): readonly string[] {
  return answer === 'one' && labels.length === 2 ? labels.slice(1) : labels;
}

function linearOptions(options: FitTextOptions, labels: number, seed: number): LinearOptions {
  const isLarge = labels > 10;
  return {
    loss: options.loss ?? (isLarge ? 'squared-hinge' : 'logistic'),
    cost: options.cost ?? (isLarge ? 4 : 8),
    epochs: options.epochs ?? 12,
    seed,
  };
}

/** texts × columns: 1 where the text has the label. */
function markPositives(labels: LabelledTexts['labels'], columns: readonly string[]): Uint8Array {
  const columnOf = new Map(columns.map((label, c) => [label, c]));
  const marks = new Uint8Array(labels.length * columns.length);
  labels.forEach((own, t) => {
    for (const label of own) {
      const column = columnOf.get(label);
      if (column !== undefined) marks[t * columns.length + column] = 1;
    }
  });
  return marks;
}

function takeRows(marks: Uint8Array, rows: Uint32Array, width: number): Uint8Array {
  const taken = new Uint8Array(rows.length * width);
  rows.forEach((row, i) => {
    taken.set(marks.subarray(row * width, (row + 1) * width), i * width);
  });
  return taken;
}

function takeTexts(corpus: TextCorpus, rows: Uint32Array): TextCorpus {
  const offsets = new Uint32Array(rows.length + 1);
  rows.forEach((row, i) => {
    offsets[i + 1] = offsets[i] + corpus.offsets[row + 1] - corpus.offsets[row];
  });
  const features = new Uint32Array(offsets[rows.length]);
  rows.forEach((row, i) => {
    features.set(corpus.features.subarray(corpus.offsets[row], corpus.offsets[row + 1]), offsets[i]);
  });
  return { ...corpus, texts: rows.length, offsets, features };
}

function keepLargest({ features, weights, biases }: LinearWeights, most: number): Uint32Array {
  const classes = biases.length;
  const largest = Float32Array.from(features, (_, row) => {
    let most = 0;
    for (let c = 0; c < classes; c++) most = Math.max(most, Math.abs(weights[row * classes + c]));
    return most;
  });
  const cut = features.length <= most ? 0 : largest.slice().sort()[features.length - most];
  return features.filter((_, row) => largest[row] > 0 && largest[row] >= cut);
}

/** Rounds each class to −127…127 by its largest weight; features that round to nothing for every class go. */
function quantise(fitted: LinearWeights): Pick<TextModel, 'features' | 'weights' | 'scales' | 'biases'> {
  const classes = fitted.biases.length;
  const largest = new Float32Array(classes).fill(1e-9);
  fitted.weights.forEach((weight, i) => {
    largest[i % classes] = Math.max(largest[i % classes], Math.abs(weight));
  });
  const scales = largest.map((most) => most / 127);
  const rounded = Int8Array.from(fitted.weights, (weight, i) => Math.round(weight / scales[i % classes]));
  const rowsKept = Uint32Array.from(fitted.features.keys()).filter((row) =>
    rounded.subarray(row * classes, (row + 1) * classes).some((weight) => weight !== 0),
  );
  const weights = new Int8Array(rowsKept.length * classes);
  rowsKept.forEach((row, i) => {
    weights.set(rounded.subarray(row * classes, (row + 1) * classes), i * classes);
  });
  return {
    features: Uint32Array.from(rowsKept, (row) => fitted.features[row]),
    weights,
    scales,
    biases: fitted.biases,
  };
}

/** Sharpness that makes the held-out log loss least; per class the threshold with the best F1 there. */
function calibrateOn(
  held: TextCorpus,
  isPositive: Uint8Array,
  fitted: LinearWeights,
  answer: 'one' | 'several',
): { sharpness: number; thresholds: Float32Array } {
  const classes = fitted.biases.length;
  const scores = scoreCorpus(held, fitted);
  const standsAlone = classes === 1 || answer === 'several';
  let sharpness = 1;
  let least = Number.POSITIVE_INFINITY;
  for (let power = -1; power <= 3; power += 0.1) {
    const loss = (standsAlone ? lossOfEach : lossOfOne)(scores, isPositive, classes, 2 ** power);
    if (loss < least) [least, sharpness] = [loss, 2 ** power];
  }
  const thresholds = Float32Array.from({ length: classes }, (_, c) => {
    if (answer === 'one') return 0.5;
    const column = (values: ArrayLike<number>) => Array.from({ length: held.texts }, (_, t) => values[t * classes + c]);
    return bestThreshold(
      Float64Array.from(column(scores), (score) => logistic(sharpness * score)),
      Uint8Array.from(column(isPositive)),
    );
  });
  return { sharpness, thresholds };
}

/** The best score that all but a share of the held-out texts in scope reach. */
function findScoreMin(
  held: TextCorpus,
  isPositive: Uint8Array,
  fitted: LinearWeights,
  elsewhere: number,
  turnedAway: number,
): number {
  const classes = fitted.biases.length;
  const scores = scoreCorpus(held, fitted);
  const best: number[] = [];
  for (let t = 0; t < held.texts; t++) {
    if (elsewhere >= 0 && isPositive[t * classes + elsewhere]) continue;
    best.push(Math.max(...scores.subarray(t * classes, (t + 1) * classes)));
  }
  best.sort((a, b) => a - b);
  return best[Math.floor(turnedAway * best.length)] ?? Number.NEGATIVE_INFINITY;
}

function lossOfEach(scores: Float64Array, isPositive: Uint8Array, _: number, sharpness: number): number {
  let loss = 0;
  for (let i = 0; i < scores.length; i++) {
    loss += softplus(sharpness * scores[i]) - isPositive[i] * sharpness * scores[i];
  }
  return loss;
}

function lossOfOne(scores: Float64Array, isPositive: Uint8Array, classes: number, sharpness: number): number {
  let loss = 0;
  for (let start = 0; start < scores.length; start += classes) {
    let sum = 0;
    let own = 0;
    for (let i = start; i < start + classes; i++) {
      sum += Math.exp(Math.min(50, sharpness * scores[i]));
      if (isPositive[i]) own = sharpness * scores[i];
    }
    loss += Math.log(sum) - own;
  }
  return loss;
}

function scoreCorpus(corpus: TextCorpus, { features, weights, biases }: LinearWeights): Float64Array {
  const classes = biases.length;
  const rowOf = new Int32Array(2 ** corpus.bits).fill(-1);
  features.forEach((feature, row) => {
    rowOf[feature] = row;
  });
  const scores = new Float64Array(corpus.texts * classes);
  for (let t = 0; t < corpus.texts; t++) {
    const [start, end] = [corpus.offsets[t], corpus.offsets[t + 1]];
    for (let at = start; at < end; at++) {
      const row = rowOf[corpus.features[at]];
      if (row >= 0) for (let c = 0; c < classes; c++) scores[t * classes + c] += weights[row * classes + c];
    }
    const length = 1 / Math.sqrt(Math.max(1, end - start));
    for (let c = 0; c < classes; c++) scores[t * classes + c] = biases[c] + scores[t * classes + c] * length;
  }
  return scores;
}

/** Where F1 is best; rare classes need a low one. Drawn towards the middle by counting two positives more. */
function bestThreshold(probabilities: Float64Array, isPositive: Uint8Array): number {
  const order = Uint32Array.from(probabilities.keys()).sort((a, b) => probabilities[b] - probabilities[a]);
  const all = isPositive.reduce((sum, positive) => sum + positive, 0) + 2;
  let found = 0;
  let best = { f1: 0, threshold: 0.5 };
  order.forEach((row, rank) => {
    found += isPositive[row];
    const f1 = (2 * found) / (rank + 1 + all);
    if (f1 > best.f1) best = { f1, threshold: probabilities[row] };
  });
  return Math.min(0.9, Math.max(0.05, best.threshold));
}
