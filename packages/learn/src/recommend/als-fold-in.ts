import type { Kernels } from '@zhiyin/kernels';
import type { Als } from './als.ts';
import { type HistoryEntries, historyEntries, historyRows } from './history-entries.ts';
import type { Contribution, History } from './recommender.ts';

/** A person's factors are one least-squares problem; exact, in f64. Cost: O(entries · factors² + factors³ + items · factors). */
export function scoreByFactorsInto(model: Als, history: History, scores: Float32Array): void {
  const { items, factors, itemFactors } = model;
  const person = foldIn(model, historyEntries(history, items));
  for (let item = 0; item < items; item++) scores[item] = dot(itemFactors, item * factors, person);
}

/**
 * score(i) = y_iᵀ A⁻¹ Σ_j w_j y_j: entry j adds w_j · y_iᵀ A⁻¹ y_j, A the person's own system. Source: Hu et al. (2008), section 5.
 */
export function explainByFactors(model: Als, history: History, item: number): readonly Contribution[] {
  const { items, factors, itemFactors } = model;
  const entries = historyEntries(history, items);
  const view = Float64Array.from(itemFactors.subarray(item * factors, (item + 1) * factors));
  solveWithin(systemOf(model, entries), view);
  return Array.from(entries.item, (from, at) => ({
    item: from,
    share: entries.weight[at] * dot(itemFactors, from * factors, view),
  })).sort((a, b) => b.share - a.share || a.item - b.item);
}

/** The factors of many people at once, row by row into `people` (histories × factors). */
export function foldInManyInto(
  model: Als,
  histories: readonly History[],
  people: Float32Array,
  kernels: Kernels,
): void {
  const matrix = historyRows(histories, model.items);
  const regularisation = new Float32Array(matrix.rows);
  for (let row = 0; row < matrix.rows; row++) {
    const weights = matrix.weightOf.subarray(matrix.offsets[row], matrix.offsets[row + 1]);
    regularisation[row] = regularisationOf(
      model,
      weights.reduce((sum, weight) => sum + weight, 0),
    );
  }
  const { factors, itemFactors, gram } = model;
  kernels.choleskySweep({ matrix, factors, fixed: itemFactors, gram, regularisation, solved: people });
}

/** What fit held a person back with, had they been there. */
export function regularisationOf(model: Als, weightSum: number): number {
  const { items, regularisation, unobservedWeight, frequencyExponent } = model;
  return regularisation * (weightSum + unobservedWeight * items) ** frequencyExponent;
}

function foldIn(model: Als, entries: HistoryEntries): Float64Array {
  const { factors, itemFactors } = model;
  const person = new Float64Array(factors);
  if (entries.item.length === 0) return person;
  for (let at = 0; at < entries.item.length; at++) {
    const from = entries.item[at] * factors;
    for (let f = 0; f < factors; f++) person[f] += entries.weight[at] * itemFactors[from + f];
  }
  solveWithin(systemOf(model, entries), person);
  return person;
}

/** The lower triangle of gram + Σ w y yᵀ + λ I, in rows of `factors`. */
function systemOf(model: Als, entries: HistoryEntries): Float64Array {
  const { factors, itemFactors, gram } = model;
  const system = Float64Array.from(gram);
  let weightSum = 0;
  for (let at = 0; at < entries.item.length; at++) {
    const from = entries.item[at] * factors;
    weightSum += entries.weight[at];
    for (let f = 0; f < factors; f++) {
      const scaled = entries.weight[at] * itemFactors[from + f];
      const row = f * factors;
      for (let g = 0; g <= f; g++) system[row + g] += scaled * itemFactors[from + g];
    }
  }
  const regularisation = regularisationOf(model, weightSum);
  for (let f = 0; f < factors; f++) system[f * factors + f] += regularisation;
  return system;
}

/** Solves system · x = side in place by Cholesky. A system without entries or regularisation that is singular gives 0s. */
function solveWithin(system: Float64Array, side: Float64Array): void {
  const n = side.length;
  for (let column = 0; column < n; column++) {
    for (let row = column; row < n; row++) {
      let sum = system[row * n + column];
      for (let k = 0; k < column; k++) sum -= system[row * n + k] * system[column * n + k];
      if (row > column) system[row * n + column] = sum * system[column * n + column];
      else system[column * n + column] = sum > 0 ? 1 / Math.sqrt(sum) : 0;
    }
  }
  for (let row = 0; row < n; row++) {
    for (let k = 0; k < row; k++) side[row] -= system[row * n + k] * side[k];
    side[row] *= system[row * n + row];
  }
  for (let row = n - 1; row >= 0; row--) {
    for (let k = row + 1; k < n; k++) side[row] -= system[k * n + row] * side[k];
    side[row] *= system[row * n + row];
  }
}

function dot(rows: Float32Array, from: number, vector: Float64Array): number {
  let [even, odd] = [0, 0];
  const n = vector.length & ~1;
  for (let f = 0; f < n; f += 2) {
    even += rows[from + f] * vector[f];
    odd += rows[from + f + 1] * vector[f + 1];
  }
  return n < vector.length ? even + odd + rows[from + n] * vector[n] : even + odd;
}
