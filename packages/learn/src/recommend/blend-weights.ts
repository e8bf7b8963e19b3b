import type { Kernels, TopKRows } from '@zhiyin/kernels';
import type { Interactions } from './interactions.ts';
import { scoreBlockInto } from './recommend-many.ts';
import type { History, RecommendModel } from './recommender.ts';
import type { AnyRecommender } from './recommenders.ts';

/** Per person the union of several models' lists, with every model's score of each item: what a blend chooses from. */
export type BlendTable = {
  readonly k: number;
  readonly columns: number;
  /** Row r: entries `[offsets[r], offsets[r + 1])`. */
  readonly offsets: Uint32Array;
  readonly item: Uint32Array;
  /** Entry e, column c at e · columns + c. */
  readonly score: Float32Array;
  /** 1 where the person has the item held back. */
  readonly isHeld: Uint8Array;
  /** Per row: gain of the best possible list; 0 where nothing is held back. */
  readonly bestGain: Float64Array;
};

/** @param lists as many rows as `people`, each without what the person has already. */
export function createBlendTable(
  lists: readonly TopKRows[],
  columns: number,
  held: Interactions,
  people: Uint32Array,
  k: number,
): BlendTable {
  const capacity = lists.reduce((sum, list) => sum + list.column.length, 0);
  const offsets = new Uint32Array(people.length + 1);
  const item = new Uint32Array(capacity);
  const isHeld = new Uint8Array(capacity);
  const bestGain = new Float64Array(people.length);
  const rowOf = new Int32Array(held.items).fill(-1);
  let length = 0;
  people.forEach((person, row) => {
    const own = new Set(held.itemOf.subarray(held.offsets[person], held.offsets[person + 1]));
    for (const list of lists) {
      for (let at = row * list.k; at < row * list.k + list.count[row]; at++) {
        const one = list.column[at];
        if (rowOf[one] === row) continue;
        rowOf[one] = row;
        isHeld[length] = own.has(one) ? 1 : 0;
        item[length++] = one;
      }
    }
    bestGain[row] = bestGainOf(own.size, k);
    offsets[row + 1] = length;
  });
  return {
    k,
    columns,
    offsets,
    item: item.slice(0, length),
    score: new Float32Array(length * columns),
    isHeld: isHeld.slice(0, length),
    bestGain,
  };
}

const blockRows = 32;

/**
 * Writes one model's scores into a column: each person's, unless told otherwise, divided by their spread over all items, so that
 * models can be added.
 * Cost: scoring everybody once.
 */
export function fillColumn(
  table: BlendTable,
  column: number,
  { recommender, model }: { readonly recommender: AnyRecommender; readonly model: RecommendModel },
  histories: readonly History[],
  kernels: Kernels,
  scaling: 'by spread' | 'as it is' = 'by spread',
): void {
  const { columns, offsets, item, score } = table;
  for (let from = 0; from < histories.length; from += blockRows) {
    const block = histories.slice(from, from + blockRows);
    kernels.scope(() => {
      const scores = kernels.float32(block.length * model.items);
      scoreBlockInto(recommender, model, block, scores, kernels);
      block.forEach((_, i) => {
        const own = scores.subarray(i * model.items, (i + 1) * model.items);
        const scale = scaling === 'by spread' ? 1 / spreadOf(own) : 1;
        for (let entry = offsets[from + i]; entry < offsets[from + i + 1]; entry++) {
          const value = own[item[entry]];
          score[entry * columns + column] = value > Number.NEGATIVE_INFINITY ? value * scale : 0;
        }
      });
    });
  }
}

/** Standard deviation of all finite scores of one person; 1 where they are all the same. */
export function spreadOf(scores: Float32Array): number {
  let [n, sum, squares] = [0, 0, 0];
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i];
    if (!(score > Number.NEGATIVE_INFINITY)) continue;
    n++;
    sum += score;
    squares += score * score;
  }
  const variance = n === 0 ? 0 : squares / n - (sum / n) ** 2;
  return variance > 1e-12 * (squares / Math.max(1, n)) && variance > 0 ? Math.sqrt(variance) : 1;
}

export type Weighted = { readonly weights: number[]; readonly ndcg: number };

const steps = [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2];

/**
 * Weights of the columns whose sum ranks best: starts from the best single one, adds the one that helps most with its best
 * weight as long as that gains more than `gainMin` of NDCG, then turns each weight a little.
 * Cost: about 10 rankings of the table per column and column added.
 */
export function learnBlend(table: BlendTable, partsMax: number, gainMin = 0.0005): Weighted {
  const none = new Array<number>(table.columns).fill(0);
  let best = bestOf(
    none.map((_, column) => none.with(column, 1)),
    table,
  );
  for (let parts = 1; parts < partsMax; parts++) {
    const tries = best.weights.flatMap((weight, column) =>
      weight > 0 ? [] : steps.map((step) => best.weights.with(column, step)),
    );
    const better = bestOf(tries, table);
    if (!(better.ndcg > best.ndcg + gainMin)) break;
    best = turnWeights(better, table);
  }
  return best;
}

function turnWeights(start: Weighted, table: BlendTable): Weighted {
  let best = start;
  for (const factor of [0.6, 1.6, 0.8, 1.25]) {
    const turned = best.weights.flatMap((weight, column) =>
      weight > 0 ? [best.weights.with(column, weight * factor)] : [],
    );
    const better = bestOf(turned, table);
    if (better.ndcg > best.ndcg) best = better;
  }
  return best;
}

export function bestOf(tries: readonly number[][], table: BlendTable): Weighted {
  let best: Weighted = { weights: [], ndcg: -1 };
  for (const weights of tries) {
    const ndcg = blendNdcg(table, weights);
    if (ndcg > best.ndcg) best = { weights, ndcg };
  }
  return best;
}

/** Mean NDCG@k of ranking the table by Σ weight · column. */
export function blendNdcg(table: BlendTable, weights: readonly number[]): number {
  const { k, columns, offsets, score, isHeld, bestGain } = table;
  const discount = discountsOf(k);
  const used = weights.flatMap((weight, column) => (weight === 0 ? [] : [{ weight, column }]));
  const values = new Float64Array(k);
  const held = new Uint8Array(k);
  let sum = 0;
  for (let row = 0; row < bestGain.length; row++) {
    let count = 0;
    for (let entry = offsets[row]; entry < offsets[row + 1]; entry++) {
      let value = 0;
      for (const { weight, column } of used) value += weight * score[entry * columns + column];
      if (count === k && !(value > values[k - 1])) continue;
      // Insertion into a short sorted list: nearly all entries stop at the line above.
      let at = count < k ? count++ : k - 1;
      for (; at > 0 && values[at - 1] < value; at--) {
        values[at] = values[at - 1];
        held[at] = held[at - 1];
      }
      values[at] = value;
      held[at] = isHeld[entry];
    }
    let gain = 0;
    for (let rank = 0; rank < count; rank++) if (held[rank]) gain += discount[rank];
    if (bestGain[row] > 0) sum += gain / bestGain[row];
  }
  return sum / Math.max(1, bestGain.length);
}

/** The gain of a list of k whose first places are all hits. */
export function bestGainOf(held: number, k: number): number {
  return discountsOf(Math.min(held, k)).reduce((sum, gain) => sum + gain, 0);
}

function discountsOf(k: number): Float64Array {
  return Float64Array.from({ length: k }, (_, rank) => 1 / Math.log2(rank + 2));
}
