import { DomainError } from '../errors.ts';
import {
  explainByWeights,
  type ItemWeights,
  scoreByWeightsInto,
  serveByWeights,
  similarByWeights,
} from './item-weights.ts';
import type { Recommender } from './recommender.ts';
import { topKOf } from './top-k.ts';
import { checkNumbers, walkWeights } from './walk-weights.ts';

/** A polynomial of the item graph as a filter: no decomposition, and a score is a sum over the history's links. */
export type TurboCf = ItemWeights & { readonly kind: 'turbo-cf'; readonly version: 1 };

export type TurboCfOptions = {
  /** Discounts: people by degree^-2α, items by degree^-(1-α) at both ends. */
  readonly alpha?: number;
  /** Links are taken to this power: below 1 the weak ones count more. */
  readonly power?: number;
  /** 1: P, the links themselves. 2: 2P − P² of P over its largest eigenvalue, which lets more of the middle frequencies through. */
  readonly order?: 1 | 2;
  /** Links kept per item. Fewer are faster and lose some of the weak ones that this filter lives on. */
  readonly linksMax?: number;
};

const eigenvalueSteps = 20;

/**
 * P = (R̃ᵀR̃)^∘power with R̃ = D_U^-α R D_I^(α-1); s = r P or r (2P − P²). Keeps each item's strongest links.
 * Source: Park, Shin, Shin (2024), SIGIR, 2672-2676.
 */
export const turboCf: Recommender<TurboCf, TurboCfOptions> = {
  kind: 'turbo-cf',
  fit({ interactions }, { alpha = 0.6, power = 0.7, order = 1, linksMax = 400 }, tools) {
    checkNumbers('turboCf', { alpha, power });
    if (power <= 0) throw new DomainError(`turboCf: power must be above 0, got ${power}`);
    if (order !== 1 && order !== 2) throw new DomainError(`turboCf: order must be 1 or 2, got ${order}`);
    const links = walkWeights(
      interactions,
      {
        sourceExponent: 1 - alpha,
        personExponent: 2 * alpha,
        targetExponent: 1 - alpha,
        linksMax,
        keepBy: 'source',
        withItself: true,
      },
      tools,
    );
    const graph = { ...links, weightOf: links.weightOf.map((weight) => weight ** power) };
    tools.progress?.(order === 1 ? 1 : 0.5);
    const weights = order === 1 ? graph : twiceLessSquare(graph, linksMax, tools.progress);
    return { kind: 'turbo-cf', version: 1, ...weights };
  },
  scoreInto: scoreByWeightsInto,
  similar: similarByWeights,
  explain: explainByWeights,
  serve: (model) => serveByWeights(model),
};

/**
 * 2P − P² row by row, P scaled to a largest eigenvalue of 1 (beyond it the square would win), each row's largest entries kept.
 * Cost: O(items · linksMax²).
 */
function twiceLessSquare(graph: ItemWeights, linksMax: number, progress?: (done: number) => void): ItemWeights {
  const { items, offsets, itemOf } = graph;
  const largest = largestEigenvalue(graph);
  const weightOf = largest > 0 ? graph.weightOf.map((weight) => weight / largest) : graph.weightOf;
  const sums = new Float64Array(items);
  const stamp = new Uint32Array(items);
  const touched = new Uint32Array(items);
  const rows: Uint32Array[] = [];
  const weights: Float32Array[] = [];
  const keptOffsets = new Uint32Array(items + 1);
  for (let from = 0; from < items; from++) {
    let count = 0;
    for (let at = offsets[from]; at < offsets[from + 1]; at++) {
      stamp[itemOf[at]] = from + 1;
      touched[count++] = itemOf[at];
      sums[itemOf[at]] = 2 * weightOf[at];
    }
    for (let at = offsets[from]; at < offsets[from + 1]; at++) {
      const share = weightOf[at];
      for (let next = offsets[itemOf[at]], end = offsets[itemOf[at] + 1]; next < end; next++) {
        // What only the square reaches is below 0: it would not be kept.
        if (stamp[itemOf[next]] === from + 1) sums[itemOf[next]] -= share * weightOf[next];
      }
    }
    const kept = topKOf(sums, touched, count, linksMax);
    rows.push(kept);
    weights.push(Float32Array.from(kept, (to) => sums[to]));
    keptOffsets[from + 1] = keptOffsets[from] + kept.length;
    if (from % 1024 === 0) progress?.(0.5 + (0.5 * from) / items);
  }
  const result = {
    items,
    offsets: keptOffsets,
    itemOf: new Uint32Array(keptOffsets[items]),
    weightOf: new Float32Array(keptOffsets[items]),
  };
  rows.forEach((row, from) => {
    result.itemOf.set(row, keptOffsets[from]);
    result.weightOf.set(weights[from], keptOffsets[from]);
  });
  progress?.(1);
  return result;
}

/** By power iteration from all ones; the graph's weights are positive. */
function largestEigenvalue(graph: ItemWeights): number {
  const { items } = graph;
  let vector = new Float32Array(items).fill(1 / Math.sqrt(Math.max(1, items)));
  let length = 0;
  for (let step = 0; step < eigenvalueSteps; step++) {
    const image = new Float32Array(items);
    scoreByWeightsInto(graph, { item: vector.map((_, item) => item), weight: vector }, image);
    length = Math.sqrt(image.reduce((sum, value) => sum + value * value, 0));
    if (length === 0) return 0;
    vector = image.map((value) => value / length);
  }
  return length;
}
