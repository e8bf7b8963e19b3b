import type { Kernels } from '@zhiyin/kernels';
import type { Als } from './als.ts';
import { regularisationOf } from './als-fold-in.ts';
import { type HistoryEntries, historyEntries } from './history-entries.ts';
import type { History } from './recommender.ts';
import type { ServedModel, Shares } from './serve-model.ts';

/**
 * A person's factors, all scores and all reasons as a few matrix products on tables that lie in the memory of the kernels, in f32.
 * Cost: as one `scoreByFactorsInto`, and for the reasons one more system however many items are asked for.
 */
export function serveByFactors(model: Als, kernels: Kernels): ServedModel {
  const { items, factors, gram } = model;
  const itemFactors = kernels.float32(items * factors);
  itemFactors.set(model.itemFactors);
  const person = kernels.float32(factors);
  const system = kernels.float32(factors * factors);

  /** Whose system stands there: who is explained was scored just before. */
  let solved: History | undefined;

  /** The Cholesky factor of gram + Σ w y yᵀ + λ I. False: it has none. */
  function buildSystem(history: History, { item, weight }: HistoryEntries): boolean {
    if (solved === history) return true;
    solved = undefined;
    const rows = kernels.float32(item.length * factors);
    let weightSum = 0;
    for (let h = 0; h < item.length; h++) {
      weightSum += weight[h];
      const root = Math.sqrt(weight[h]);
      const from = item[h] * factors;
      for (let f = 0; f < factors; f++) rows[h * factors + f] = root * itemFactors[from + f];
    }
    system.set(gram);
    kernels.syrk({ n: factors, k: item.length, a: rows, c: system, beta: 1 });
    const regularisation = regularisationOf(model, weightSum);
    for (let f = 0; f < factors; f++) system[f * factors + f] += regularisation;
    if (kernels.cholesky(system, factors)) solved = history;
    return solved === history;
  }

  return {
    scoreInto(history, scores) {
      const entries = historyEntries(history, items);
      person.fill(0);
      for (let h = 0; h < entries.item.length; h++) {
        const from = entries.item[h] * factors;
        for (let f = 0; f < factors; f++) person[f] += entries.weight[h] * itemFactors[from + f];
      }
      kernels.scope(() => {
        if (buildSystem(history, entries)) kernels.choleskySolve({ n: factors, columns: 1, lower: system, b: person });
        else person.fill(0);
      });
      kernels.rowDots({ rows: items, size: factors, matrix: itemFactors, by: person, output: scores });
    },

    // score(i) = y_iᵀ A⁻¹ Σ_j w_j y_j: entry j adds w_j · y_iᵀ A⁻¹ y_j. Source: Hu et al. (2008), section 5.
    explain(history, asked): Shares {
      const entries = historyEntries(history, items);
      const from = entries.item;
      const n = from.length;
      const share = new Float32Array(asked.length * n);
      kernels.scope(() => {
        if (n === 0 || !buildSystem(history, entries)) return;
        const had = kernels.float32(factors * n);
        for (let h = 0; h < n; h++) {
          for (let f = 0; f < factors; f++) had[f * n + h] = entries.weight[h] * itemFactors[from[h] * factors + f];
        }
        kernels.choleskySolve({ n: factors, columns: n, lower: system, b: had });
        const rows = kernels.float32(asked.length * factors);
        for (let row = 0; row < asked.length; row++) {
          rows.set(itemFactors.subarray(asked[row] * factors, (asked[row] + 1) * factors), row * factors);
        }
        kernels.gemm({ m: asked.length, n, k: factors, a: rows, b: had, c: share });
      });
      return { from, share };
    },
  };
}
