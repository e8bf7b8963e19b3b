import { DomainError, ShapeError } from '../errors.ts';
import { logistic, softplus } from './fit-logistic.ts';

/** Turns scores into probabilities that come true as often as they say. */
export type Calibration =
  /** logistic(slope · score + intercept), for log-odds that are over- or under-confident. */
  | { readonly kind: 'platt'; readonly slope: number; readonly intercept: number }
  /** Monotone steps joined by lines: value `to[i]` at score `from[i]`, flat outside. */
  | { readonly kind: 'isotonic'; readonly from: Float64Array; readonly to: Float64Array };

/**
 * Source: Platt (1999), with his targets (n+1)/(n+2) and 1/(n+2) against overconfidence in small samples. Newton's method on two
 * parameters.
 */
export function fitPlatt(scores: Float64Array, labels: Uint8Array): Calibration {
  checkPairs(scores, labels, 'fitPlatt');
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (labels.length - positives + 2);
  let slope = 1;
  let intercept = 0;
  const loss = (a: number, b: number) => {
    let sum = 0;
    for (let i = 0; i < scores.length; i++) {
      const score = a * scores[i] + b;
      sum += softplus(score) - (labels[i] ? high : low) * score;
    }
    return sum;
  };
  let current = loss(slope, intercept);
  for (let iteration = 0; iteration < 50; iteration++) {
    let [ga, gb, haa, hab, hbb] = [0, 0, 1e-9, 0, 1e-9];
    for (let i = 0; i < scores.length; i++) {
      const p = logistic(slope * scores[i] + intercept);
      const residual = p - (labels[i] ? high : low);
      const weight = p * (1 - p);
      ga += residual * scores[i];
      gb += residual;
      haa += weight * scores[i] * scores[i];
      hab += weight * scores[i];
      hbb += weight;
    }
    const determinant = haa * hbb - hab * hab;
    if (!(Math.abs(determinant) > 0)) break;
    const da = (hbb * ga - hab * gb) / determinant;
    const db = (haa * gb - hab * ga) / determinant;
    let scale = 1;
    while (scale > 1e-8 && !(loss(slope - scale * da, intercept - scale * db) <= current)) scale /= 2;
    slope -= scale * da;
    intercept -= scale * db;
    current = loss(slope, intercept);
    if (Math.abs(da) + Math.abs(db) < 1e-10) break;
  }
  return { kind: 'platt', slope, intercept };
}

/**
 * The monotone step function closest to the labels, by pooling neighbours that break the order.
 * Source: Zadrozny and Elkan (2002); pool adjacent violators, Ayer et al. (1955). Cost: O(n log n).
 */
export function fitIsotonic(scores: Float64Array, labels: Uint8Array): Calibration {
  checkPairs(scores, labels, 'fitIsotonic');
  const order = Uint32Array.from(scores, (_, i) => i).sort((a, b) => scores[a] - scores[b] || a - b);
  const blocks: { from: number; scoreSum: number; labelSum: number; rows: number }[] = [];
  for (let i = 0; i < order.length; ) {
    // Equal scores can only have one value.
    const score = scores[order[i]];
    const block = { from: score, scoreSum: 0, labelSum: 0, rows: 0 };
    for (; i < order.length && scores[order[i]] === score; i++) {
      block.scoreSum += score;
      block.labelSum += labels[order[i]];
      block.rows++;
    }
    blocks.push(block);
    while (blocks.length > 1) {
      const last = blocks[blocks.length - 1];
      const before = blocks[blocks.length - 2];
      if (before.labelSum / before.rows < last.labelSum / last.rows) break;
      before.scoreSum += last.scoreSum;
      before.labelSum += last.labelSum;
      before.rows += last.rows;
      blocks.pop();
    }
  }
  return {
    kind: 'isotonic',
    from: Float64Array.from(blocks, (block) => block.scoreSum / block.rows),
    // A little away from 0 and 1: nobody is certain after finitely many rows.
    to: Float64Array.from(blocks, (block) => {
      const least = 0.5 / (labels.length + 1);
      return Math.min(1 - least, Math.max(least, block.labelSum / block.rows));
    }),
  };
}

/** Scores → probabilities. */
export function calibrate(calibration: Calibration, scores: Float64Array): Float64Array {
  if (calibration.kind === 'platt') {
    return scores.map((score) => logistic(calibration.slope * score + calibration.intercept));
  }
  const { from, to } = calibration;
  return scores.map((score) => {
    let low = 0;
    let high = from.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (from[middle] <= score) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return to[0];
    if (low === from.length) return to[low - 1];
    const share = (score - from[low - 1]) / (from[low] - from[low - 1]);
    return to[low - 1] + share * (to[low] - to[low - 1]);
  });
}

function checkPairs(scores: Float64Array, labels: Uint8Array, where: string): void {
  if (scores.length !== labels.length || scores.length === 0) {
    throw new ShapeError(`${where}: ${scores.length} scores for ${labels.length} labels`);
  }
  const wrong = scores.findIndex((score) => !Number.isFinite(score));
  if (wrong >= 0) throw new DomainError(`${where}: score ${wrong} must be finite, got ${scores[wrong]}`);
}
