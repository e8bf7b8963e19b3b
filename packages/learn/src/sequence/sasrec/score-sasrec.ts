import { type Kernels, openReferenceKernels } from '@zhiyin/kernels';
import type { History } from '../../recommend/recommender.ts';
import { knownItems } from '../sequences.ts';
import { buildBatch, type Stretch } from './batch.ts';
import { openBuffers } from './buffers.ts';
import { forward, type Network } from './network.ts';
import { viewParameters } from './parameters.ts';
import type { SasrecModel } from './sasrec-model.ts';

/**
 * One pass over the last events of each history, and a dot product with every item.
 * @param scores histories × items. -Infinity for a history without known items.
 */
export function scoreHistoriesInto(network: Network, histories: readonly History[], scores: Float32Array): void {
  const { kernels, buffers, shape, parameters } = network;
  const { size, items, maxLength } = shape;
  buffers.reset();
  const known = histories.map((history) => knownItems(history, items));
  const answered = known.flatMap((list, at) => (list.length > 0 ? [at] : []));
  if (answered.length < histories.length) scores.fill(Number.NEGATIVE_INFINITY);
  if (answered.length === 0) return;
  const flat: number[] = [];
  const stretches = answered.map((at): Stretch => {
    const start = flat.length;
    flat.push(...known[at].slice(-maxLength));
    return { start, end: flat.length };
  });
  const batch = buildBatch(Uint32Array.from(flat), stretches, { maxLength, withTargets: false, buffers });
  const { hidden } = forward(network, batch);
  const rows = stretches.length;
  const last = buffers.float32(rows * size);
  kernels.gatherRows({ rows, size, table: hidden, index: batch.last, values: last });
  const isWhole = answered.length === histories.length;
  const c = isWhole ? scores : buffers.float32(rows * items);
  kernels.gemm({ m: rows, n: items, k: size, a: last, b: parameters.item, c, transposeB: true });
  if (isWhole) return;
  for (const [row, at] of answered.entries()) scores.set(c.subarray(row * items, (row + 1) * items), at * items);
}

/** Scores of many people. The parameters are copied into the kernels' memory once per call. */
export function scoreManyBySasrecInto(
  model: SasrecModel,
  histories: readonly History[],
  scores: Float32Array,
  kernels: Kernels,
): void {
  kernels.scope(() => {
    const flat = kernels.float32(model.parameters.length);
    flat.set(model.parameters);
    const network = { kernels, buffers: openBuffers(kernels), shape: model, parameters: viewParameters(model, flat) };
    scoreHistoriesInto(network, histories, scores);
  });
}

/** Scores of one person, without kernels at hand: the same arithmetic in plain TypeScript. */
export function scoreBySasrecInto(model: SasrecModel, history: History, scores: Float32Array): void {
  using kernels = openReferenceKernels();
  const network = {
    kernels,
    buffers: openBuffers(kernels),
    shape: model,
    parameters: viewParameters(model, model.parameters),
  };
  scoreHistoriesInto(network, [history], scores);
}
