import { type Kernels, openKernels } from '@zhiyin/kernels';
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
  const { size, items } = shape;
  buffers.reset();
  const known = histories.map((history) => knownItems(history, items));
  const answered = known.flatMap((list, at) => (list.length > 0 ? [at] : []));
  if (answered.length < histories.length) scores.fill(Number.NEGATIVE_INFINITY);
  if (answered.length === 0) return;
  const rows = answered.length;
  const last = readLast(
    network,
    answered.map((at) => known[at]),
  );
  if (histories.length === 1) {
    kernels.rowDots({ rows: items, size, matrix: parameters.item, by: last, output: scores });
    return;
  }
  const isWhole = rows === histories.length;
  const c = isWhole ? scores : buffers.float32(rows * items);
  kernels.gemm({ m: rows, n: items, k: size, a: last, b: parameters.item, c, transposeB: true });
  if (isWhole) return;
  for (const [row, at] of answered.entries()) scores.set(c.subarray(row * items, (row + 1) * items), at * items);
}

/** What the network says after each list of items (none empty): lists × size, in the buffers of the network. */
export function readLast(network: Network, lists: readonly ArrayLike<number>[]): Float32Array {
  const { kernels, buffers, shape } = network;
  const { size, maxLength } = shape;
  const flat: number[] = [];
  const stretches = lists.map((list): Stretch => {
    const start = flat.length;
    for (let at = Math.max(0, list.length - maxLength); at < list.length; at++) flat.push(list[at]);
    return { start, end: flat.length };
  });
  const batch = buildBatch(Uint32Array.from(flat), stretches, { maxLength, withTargets: false, buffers });
  const { hidden } = forward(network, batch);
  const last = buffers.float32(stretches.length * size);
  kernels.gatherRows({ rows: stretches.length, size, table: hidden, index: batch.last, values: last });
  return last;
}

/** Up to so many people are scored where the model lies already; for more, it is copied to where all threads work. */
const fewPeople = 4;

/** Scores of many people. The parameters are copied into the kernels' memory once per call. */
export function scoreManyBySasrecInto(
  model: SasrecModel,
  histories: readonly History[],
  scores: Float32Array,
  kernels: Kernels,
): void {
  if (histories.length <= fewPeople) {
    scoreHistoriesInto(residentOf(model), histories, scores);
    return;
  }
  kernels.scope(() => {
    const flat = kernels.float32(model.parameters.length);
    flat.set(model.parameters);
    const network = { kernels, buffers: openBuffers(kernels), shape: model, parameters: viewParameters(model, flat) };
    scoreHistoriesInto(network, histories, scores);
  });
}

export function scoreBySasrecInto(model: SasrecModel, history: History, scores: Float32Array): void {
  scoreHistoriesInto(residentOf(model), [history], scores);
}

/**
 * Models that have answered somebody, copied to where one thread's kernels work: for one answer the copying would be most of the work.
 * A model that is no longer used takes its copy along.
 */
const residents = new WeakMap<SasrecModel, Network>();

export function residentOf(model: SasrecModel): Network {
  const known = residents.get(model);
  if (known) return known;
  const kernels = openKernels({ threads: 1 });
  const flat = kernels.float32(model.parameters.length);
  flat.set(model.parameters);
  const network = { kernels, buffers: openBuffers(kernels), shape: model, parameters: viewParameters(model, flat) };
  residents.set(model, network);
  return network;
}
