import type { Kernels } from '@zhiyin/kernels';
import { historyEntries } from './history-entries.ts';
import type { History, Recommender, TrainingData } from './recommender.ts';
import { similarByFactors } from './similar-by-factors.ts';
import { truncatedSvd } from './truncated-svd.ts';

/** People × items ≈ U Vᵀ with U = U₀ Σ^½ and V = V₀ Σ^½, the best approximation of its rank where what is missing counts as 0. */
export type SvdFactors = {
  readonly kind: 'svd';
  readonly version: 1;
  readonly items: number;
  readonly users: number;
  readonly factors: number;
  /** Largest first; fewer than asked for where the rank is lower. */
  readonly singularValues: Float64Array;
  /** users × factors and items × factors. */
  readonly userFactors: Float32Array;
  readonly itemFactors: Float32Array;
};

export type SvdOptions = {
  readonly factors?: number;
  /** See `TruncatedSvdOptions`; 4 + 100 / factors finds singular values to within 1 % even where they hardly fall. */
  readonly spaceFactor?: number;
};

/**
 * A person is their history times V₀ Σ^-½, which for those in the training data is their row of U; a score is the product with
 * the item's factors, Σ_j x_j Σ_f V_jf V_if / σ_f, and explains itself. Cost: that of `truncatedSvd`.
 * Source: Cremonesi, Koren, Turrin (2010), RecSys, 39-46 (PureSVD).
 */
export const svdFactors: Recommender<SvdFactors, SvdOptions> = {
  kind: 'svd',
  fit: fitTruncatedSvd,
  scoreInto(model, history, scores) {
    const person = new Float32Array(model.factors);
    foldInInto(model, history, person);
    for (let item = 0; item < model.items; item++) scores[item] = dotRow(model, item, person);
  },
  similar: (model, item, k) => similarByFactors(model.itemFactors, model.factors, item, k),
  explain(model, history, item) {
    const { item: had, weight } = historyEntries(history, model.items);
    return Array.from(had, (from, h) => {
      const person = new Float32Array(model.factors);
      foldInInto(model, { item: [from], weight: [weight[h]] }, person);
      return { item: from, share: dotRow(model, item, person) };
    }).sort((a, b) => b.share - a.share || a.item - b.item);
  },
  rankMany(model, histories, { k, exclude }, kernels) {
    const { items, factors, itemFactors } = model;
    const left = kernels.float32(histories.length * factors);
    histories.forEach((history, row) => {
      foldInInto(model, history, left.subarray(row * factors, (row + 1) * factors));
    });
    return kernels.scoreTopK({
      rows: histories.length,
      columns: items,
      factors,
      left,
      right: itemFactors,
      k,
      exclude,
    });
  },
};

export function fitTruncatedSvd(
  { interactions }: TrainingData,
  { factors = 64, spaceFactor = 4 + 100 / factors }: SvdOptions,
  tools: { kernels: Kernels; seed: number; progress?: (done: number) => void },
): SvdFactors {
  const { users, items, offsets, itemOf: columnOf, weightOf } = interactions;
  const matrix = { rows: users, columns: items, offsets, columnOf, weightOf };
  const found = truncatedSvd(matrix, { factors, spaceFactor }, tools);
  const scale = Float32Array.from(found.singularValues, Math.sqrt);
  const itemFactors = found.right.map((value, at) => value * scale[at % found.factors]);
  const userFactors = new Float32Array(users * found.factors);
  // U₀ Σ^½ = R V₀ Σ^-½ = R V Σ^-1.
  tools.kernels.sparseTimesDense({ matrix, width: found.factors, dense: itemFactors, c: userFactors });
  for (let at = 0; at < userFactors.length; at++) userFactors[at] /= found.singularValues[at % found.factors];
  return {
    kind: 'svd',
    version: 1,
    items,
    users,
    factors: found.factors,
    singularValues: found.singularValues,
    userFactors,
    itemFactors,
  };
}

function foldInInto(model: SvdFactors, history: History, person: Float32Array): void {
  const { items, factors, singularValues, itemFactors } = model;
  const { item, weight } = historyEntries(history, items);
  person.fill(0);
  for (let h = 0; h < item.length; h++) {
    for (let f = 0; f < factors; f++) person[f] += weight[h] * itemFactors[item[h] * factors + f];
  }
  for (let f = 0; f < factors; f++) person[f] /= singularValues[f];
}

function dotRow({ factors, itemFactors }: SvdFactors, item: number, person: Float32Array): number {
  let sum = 0;
  for (let f = 0; f < factors; f++) sum += itemFactors[item * factors + f] * person[f];
  return sum;
}
