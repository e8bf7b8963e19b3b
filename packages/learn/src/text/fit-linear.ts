import { DomainError } from '../errors.ts';
import { seededRandom, shuffle } from '../numerics/random.ts';
import type { TextCorpus } from './text-corpus.ts';

export type LinearOptions = {
  readonly loss: 'logistic' | 'squared-hinge';
  /** Weight of the loss against ½|w|²: large trusts the labels, small expects noise among them. */
  readonly cost: number;
  readonly epochs: number;
  readonly seed: number;
  /** Features that may be used; others count as absent. All of the corpus when missing. */
  readonly kept?: Uint32Array;
};

/** Of each class against the rest. */
export type LinearWeights = {
  /** Numbers of the features, ascending. */
  readonly features: Uint32Array;
  /** features × classes, row-major. */
  readonly weights: Float32Array;
  /** Per class. */
  readonly biases: Float32Array;
};

/** Changes of α below this share of the cost are not worth the walk. */
const changeMin = 1e-4;

/** What the bias counts beside the features of a text, which together have length 1. */
const biasValue = 0.5;

/**
 * Each class against the rest by dual coordinate descent, all classes in one walk over the texts: a feature's weights lie side by side.
 * Source: Yu, Huang, Lin (2011), Machine Learning 85 (logistic); Hsieh et al. (2008), ICML (squared hinge).
 * Cost: O(epochs · features of all texts · classes).
 * @param isPositive texts × classes, row-major.
 */
export function fitLinear(
  corpus: TextCorpus,
  isPositive: Uint8Array,
  classes: number,
  options: LinearOptions,
): LinearWeights {
  const { cost } = options;
  if (!(cost > 0)) throw new DomainError(`fitLinear: cost must be above 0, got ${cost}`);
  const { texts } = corpus;
  const problem = compact(corpus, options.kept);
  const weights = new Float32Array(problem.features.length * classes);
  const biases = new Float32Array(classes);
  const alpha = new Float32Array(texts * classes);
  const margins = new Float64Array(classes);
  const changes = new Float64Array(classes);
  const random = seededRandom(options.seed);
  const order = Uint32Array.from({ length: texts }, (_, i) => i);
  const isLogistic = options.loss === 'logistic';

  const score = (t: number) => {
    margins.fill(0);
    for (let at = problem.offsets[t]; at < problem.offsets[t + 1]; at++) {
      const from = problem.rows[at] * classes;
      for (let c = 0; c < classes; c++) margins[c] += weights[from + c];
    }
    const length = problem.lengths[t];
    for (let c = 0; c < classes; c++) margins[c] = margins[c] * length + biases[c] * biasValue;
  };
  /** Classes whose weights change, `changed` of them at a time. */
  const which = new Uint32Array(classes);
  let changed = 0;
  const add = (t: number) => {
    const length = problem.lengths[t];
    for (let at = problem.offsets[t]; at < problem.offsets[t + 1]; at++) {
      const from = problem.rows[at] * classes;
      for (let i = 0; i < changed; i++) weights[from + which[i]] += changes[i] * length;
    }
    for (let i = 0; i < changed; i++) biases[which[i]] += changes[i] * biasValue;
  };

  if (isLogistic) {
    // Log losses have no solution at 0: everything starts a hair above.
    const start = Math.min(0.001 * cost, 1e-8);
    alpha.fill(start);
    for (let t = 0; t < texts; t++) {
      for (let c = 0; c < classes; c++) {
        which[c] = c;
        changes[c] = isPositive[t * classes + c] ? start : -start;
      }
      changed = classes;
      add(t);
    }
  }
  const restsUntil = new Uint8Array(texts);
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    shuffle(order, random);
    let largest = 0;
    for (const t of order) {
      if (restsUntil[t] > epoch) continue;
      score(t);
      changed = 0;
      for (let c = 0; c < classes; c++) {
        const at = t * classes + c;
        const sign = isPositive[at] ? 1 : -1;
        const old = alpha[at];
        const next = isLogistic
          ? solveLogistic(old, sign * margins[c], problem.squares[t], cost)
          : Math.max(0, old - (sign * margins[c] - 1 + old / (2 * cost)) / (problem.squares[t] + 1 / (2 * cost)));
        const change = next - old;
        if (Math.abs(change) < changeMin * cost) continue;
        alpha[at] = next;
        which[changed] = c;
        changes[changed++] = sign * change;
        largest = Math.max(largest, Math.abs(change));
      }
      if (changed > 0) add(t);
      // A text that moved nothing will hardly move anything next time: it rests, and is asked again later.
      else restsUntil[t] = epoch + 3;
    }
    if (largest < 1e-3 * Math.min(1, cost)) break;
  }
  return { features: problem.features, weights, biases: biases.map((bias) => bias * biasValue) };
}

/** The α in (0, C) where a(α − old) + margin + log(α / (C − α)) = 0, by Newton on the side where it converges. */
function solveLogistic(old: number, margin: number, a: number, cost: number): number {
  const isFlipped = 0.5 * a * (cost - 2 * old) + margin < 0;
  const from = isFlipped ? cost - old : old;
  const b = isFlipped ? -margin : margin;
  let z = cost - from < 0.5 * cost ? 0.1 * from : from;
  for (let i = 0; i < 20; i++) {
    const slope = a * (z - from) + b + Math.log(z / (cost - z));
    if (Math.abs(slope) < 1e-3) break;
    const step = z - slope / (a + cost / (cost - z) / z);
    z = step <= 0 ? z * 0.1 : Math.min(step, cost * (1 - 1e-6));
  }
  return isFlipped ? cost - z : z;
}

type Problem = {
  readonly features: Uint32Array;
  /** Texts as rows into `features`. */
  readonly offsets: Uint32Array;
  readonly rows: Uint32Array;
  /** 1/√n, n counted before anything was left out. */
  readonly lengths: Float64Array;
  /** |x|² of what is left of each text, its bias included. */
  readonly squares: Float64Array;
};

/** Features numbered from 0 without gaps, so that weights lie close together. */
function compact(corpus: TextCorpus, kept: Uint32Array | undefined): Problem {
  const rowOf = new Int32Array(2 ** corpus.bits).fill(-1);
  const features = kept ? kept.slice().sort() : usedFeatures(corpus);
  features.forEach((feature, row) => {
    rowOf[feature] = row;
  });
  const offsets = new Uint32Array(corpus.texts + 1);
  const rows = new Uint32Array(corpus.features.length);
  const lengths = new Float64Array(corpus.texts);
  const squares = new Float64Array(corpus.texts);
  let used = 0;
  for (let t = 0; t < corpus.texts; t++) {
    for (let at = corpus.offsets[t]; at < corpus.offsets[t + 1]; at++) {
      const row = rowOf[corpus.features[at]];
      if (row >= 0) rows[used++] = row;
    }
    offsets[t + 1] = used;
    lengths[t] = 1 / Math.sqrt(Math.max(1, corpus.offsets[t + 1] - corpus.offsets[t]));
    squares[t] = (used - offsets[t]) * lengths[t] ** 2 + biasValue ** 2;
  }
  return { features, offsets, rows: rows.subarray(0, used), lengths, squares };
}

function usedFeatures(corpus: TextCorpus): Uint32Array {
  const isUsed = new Uint8Array(2 ** corpus.bits);
  for (const feature of corpus.features) isUsed[feature] = 1;
  return Uint32Array.from(isUsed.keys()).filter((feature) => isUsed[feature] === 1);
}
