import type { Kernels } from '@zhiyin/kernels';
import type { GraphFilter } from './graph-filter.ts';
import { passGraphInto } from './graph-filter-graph.ts';
import { coordinatesInto } from './graph-filter-spectrum.ts';
import { type HistoryEntries, historyEntries } from './history-entries.ts';
import type { ServedModel } from './serve-model.ts';

/**
 * The low frequencies as matrix products on tables that lie in the memory of the kernels; the graph with what people give to an item
 * kept beside those who have it, so that a reason costs the owners of the history's items and no more.
 */
export function serveGraphFilter(model: GraphFilter, kernels: Kernels): ServedModel {
  const { items, users, factors, owners, gains, sourceScale, targetScale } = model;
  const itemFactors = kernels.float32(items * factors);
  itemFactors.set(model.itemFactors);
  const person = kernels.float32(factors);
  const low = kernels.float32(items);
  const coordinates = new Float64Array(factors);
  const given = givenToItems(model);
  /** What each person gives to the item in question; 0 between items. */
  const reach = new Float64Array(users);

  function addGraphShares(entries: HistoryEntries, item: number, share: Float32Array, start: number): void {
    const [from, to] = [owners.offsets[item], owners.offsets[item + 1]];
    for (let at = from; at < to; at++) reach[owners.columnOf[at]] = given[at];
    for (let h = 0; h < entries.item.length; h++) {
      const had = entries.item[h];
      let sum = 0;
      for (let at = owners.offsets[had]; at < owners.offsets[had + 1]; at++) {
        sum += owners.weightOf[at] * reach[owners.columnOf[at]];
      }
      share[start + h] += sum * entries.weight[h];
    }
    for (let at = from; at < to; at++) reach[owners.columnOf[at]] = 0;
  }

  /** share ← what each entry adds to each item through the low frequencies. */
  function putLowShares(entries: HistoryEntries, asked: ArrayLike<number>, share: Float32Array): void {
    const n = entries.item.length;
    kernels.scope(() => {
      const had = kernels.float32(n * factors);
      for (let h = 0; h < n; h++) {
        const scale = entries.weight[h] * sourceScale[entries.item[h]];
        const from = entries.item[h] * factors;
        for (let f = 0; f < factors; f++) had[h * factors + f] = scale * gains[f] * itemFactors[from + f];
      }
      const rows = kernels.float32(asked.length * factors);
      for (let row = 0; row < asked.length; row++) {
        const from = asked[row] * factors;
        for (let f = 0; f < factors; f++) rows[row * factors + f] = targetScale[asked[row]] * itemFactors[from + f];
      }
      kernels.gemm({ m: asked.length, n, k: factors, a: rows, b: had, c: share, transposeB: true });
    });
  }

  return {
    scoreInto(history, scores) {
      const entries = historyEntries(history, items);
      passGraphInto(model, entries, scores);
      if (factors === 0) return;
      person.set(coordinatesInto(model, entries, coordinates));
      kernels.rowDots({ rows: items, size: factors, matrix: itemFactors, by: person, output: low });
      for (let item = 0; item < items; item++) scores[item] += targetScale[item] * low[item];
    },
    explain(history, asked) {
      const entries = historyEntries(history, items);
      const from = entries.item;
      const share = new Float32Array(asked.length * from.length);
      if (factors > 0 && share.length > 0) putLowShares(entries, asked, share);
      for (let row = 0; row < asked.length; row++) addGraphShares(entries, asked[row], share, row * from.length);
      return { from, share };
    },
  };
}

/** The weights of `people`, in the order of `owners`: a row's people stand in the same order in both. */
function givenToItems({ items, users, owners, people }: GraphFilter): Float32Array {
  const given = new Float32Array(people.weightOf.length);
  const next = owners.offsets.slice(0, items);
  for (let user = 0; user < users; user++) {
    for (let at = people.offsets[user]; at < people.offsets[user + 1]; at++) {
      given[next[people.columnOf[at]]++] = people.weightOf[at];
    }
  }
  return given;
}
