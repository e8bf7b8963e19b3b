import { logistic } from '../classify/fit-logistic.ts';
import { DomainError } from '../errors.ts';
import { emitFeatures } from './hash-features.ts';
import { type Language, normaliseText } from './normalise-text.ts';
import { openCollector } from './text-corpus.ts';

/**
 * A linear model over hashed features, pruned and in eight bits. Score of class c = bias[c] + scale[c] · Σ weight / √n over the features
 * of a text. Plain data.
 */
export type TextModel = {
  readonly kind: 'text-linear';
  readonly version: 1;
  readonly language: Language;
  readonly bits: number;
  readonly labels: readonly string[];
  /** `one`: the classes exclude each other (softmax). `several`: each stands for itself. */
  readonly answer: 'one' | 'several';
  /** Numbers of the features kept, ascending. */
  readonly features: Uint32Array;
  /** features × classes, row-major; binary models of two labels have one column, for the second. */
  readonly weights: Int8Array;
  readonly scales: Float32Array;
  readonly biases: Float32Array;
  /** Scores times this are log-odds. */
  readonly sharpness: number;
  /** `several`: probability from which a class holds, per class. */
  readonly thresholds: Float32Array;
  /** Intents: texts whose best score lies below are about something else, and get this label. */
  readonly elsewhere?: { readonly label: string; readonly scoreMin: number };
};

export type TextPrediction = {
  /** Per label of the model, in its order. */
  readonly probabilities: Float64Array;
  /** The most probable label, or all that hold. */
  readonly labels: readonly string[];
};

/** Opened once, asked often: the tables that make it quick are built here. Cost of a call: O(length). */
export function openTextModel(model: TextModel): {
  readonly model: TextModel;
  predict(text: string): TextPrediction;
  /** Log-odds or softmax scores per column, for a text already normalised. */
  score(normalised: string, into?: Float64Array): Float64Array;
} {
  const columns = model.scales.length;
  const collect = openCollector(model.language, model.bits);
  const rowOf = new Int32Array(2 ** model.bits).fill(-1);
  model.features.forEach((feature, row) => {
    rowOf[feature] = row;
  });
  const score = (normalised: string, into = new Float64Array(columns)) => {
    const found = collect(normalised);
    into.fill(0);
    for (let i = 0; i < found.length; i++) {
      const row = rowOf[found[i]];
      if (row < 0) continue;
      for (let c = 0; c < columns; c++) into[c] += model.weights[row * columns + c];
    }
    const length = 1 / Math.sqrt(Math.max(1, found.length));
    for (let c = 0; c < columns; c++) {
      into[c] = model.sharpness * (model.biases[c] + model.scales[c] * into[c] * length);
    }
    return into;
  };
  return {
    model,
    score,
    predict: (text) => toPrediction(model, score(normaliseText(text))),
  };
}

/** Scores → probabilities and labels. */
export function toPrediction(model: TextModel, scores: Float64Array): TextPrediction {
  if (scores.length === 1) {
    const second = logistic(scores[0]);
    return { probabilities: Float64Array.of(1 - second, second), labels: [model.labels[second >= 0.5 ? 1 : 0]] };
  }
  if (model.answer === 'several') {
    const probabilities = scores.map(logistic);
    return { probabilities, labels: model.labels.filter((_, c) => probabilities[c] >= model.thresholds[c]) };
  }
  const most = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  const probabilities = powers.map((power) => power / sum);
  let best = 0;
  for (let c = 1; c < scores.length; c++) if (scores[c] > scores[best]) best = c;
  if (model.elsewhere && scores[best] < model.elsewhere.scoreMin)
    return { probabilities, labels: [model.elsewhere.label] };
  return { probabilities, labels: [model.labels[best]] };
}

/** A stretch of the normalised text and what it adds to the score of one label. */
export type TextContribution = { readonly start: number; readonly end: number; readonly contribution: number };

/**
 * Why a text scores as it does for a label: the weight of each feature, spread over the characters it covers. The parts and `base` add up
 * to the score. In a binary model the first label's score is the second's turned around.
 * @returns one entry per character of `text` (the normalised one) that adds anything.
 */
export function explainText(
  model: TextModel,
  text: string,
  label: string,
): {
  readonly text: string;
  readonly base: number;
  readonly score: number;
  readonly parts: readonly TextContribution[];
} {
  const at = model.labels.indexOf(label);
  if (at < 0) throw new DomainError(`explainText: there is no label ${label}; there are ${model.labels.join(', ')}`);
  const columns = model.scales.length;
  const column = columns === 1 ? 0 : at;
  const sign = columns === 1 && at === 0 ? -1 : 1;
  const normalised = normaliseText(text);
  const rowOf = new Map(Array.from(model.features, (feature, row) => [feature, row]));
  const places = new Map<number, { start: number; end: number }[]>();
  const mask = 2 ** model.bits - 1;
  emitFeatures(normalised, model.language, (hash, start, end) => {
    const feature = (hash & mask) >>> 0;
    const known = places.get(feature);
    if (known) known.push({ start, end });
    else places.set(feature, [{ start, end }]);
  });
  const length = 1 / Math.sqrt(Math.max(1, places.size));
  const perCharacter = new Float64Array(normalised.length);
  const base = sign * model.sharpness * model.biases[column];
  let score = base;
  for (const [feature, spans] of places) {
    const row = rowOf.get(feature);
    if (row === undefined) continue;
    const amount = sign * model.sharpness * model.scales[column] * model.weights[row * columns + column] * length;
    score += amount;
    const covered = spans.reduce((sum, span) => sum + span.end - span.start, 0);
    for (const span of spans) for (let i = span.start; i < span.end; i++) perCharacter[i] += amount / covered;
  }
  const parts: TextContribution[] = [];
  perCharacter.forEach((contribution, i) => {
    if (contribution !== 0) parts.push({ start: i, end: i + 1, contribution });
  });
  return { text: normalised, base, score, parts };
}
