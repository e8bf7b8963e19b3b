import os from 'node:os';
import { checkedKernels, type RawKernels } from '../checked-kernels.ts';
import type { Kernels } from '../kernels.ts';
import { Call } from './call.ts';
import * as dense from './dense.ts';
import * as layers from './layers.ts';
import { bestVariant, loadModule, type Variant } from './load-module.ts';
import * as ranking from './ranking.ts';
import { SharedMemory } from './shared-memory.ts';
import * as sparse from './sparse.ts';
import { ThreadPool } from './thread-pool.ts';

export type KernelOptions = {
  /** The calling thread included; as many as the machine runs at once, 16 at most, when absent. */
  readonly threads?: number;
  /** The best this engine runs when absent. */
  readonly variant?: Variant;
};

/**
 * Kernels in WASM. Opening takes milliseconds; workers start with the first large call and never keep the process alive.
 * One thread at a time may use one instance. Close it (`using`) to free its memory.
 */
export function openKernels(options: KernelOptions = {}): Kernels {
  const { threads = Math.min(16, os.availableParallelism()), variant = bestVariant() } = options;
  if (!(Number.isInteger(threads) && threads >= 1 && threads <= 64)) {
    throw new RangeError(`openKernels: threads must be a whole number from 1 to 64, got ${threads}`);
  }
  const memory = new SharedMemory();
  const pool = new ThreadPool(loadModule(variant), memory, threads);
  return checkedKernels(bindKernels(memory, pool));
}

function bindKernels(memory: SharedMemory, pool: ThreadPool): RawKernels {
  /** A kernel with its arguments in memory for the length of the call. */
  const bind =
    <Arguments extends unknown[], Result>(kernel: (call: Call, ...args: Arguments) => Result) =>
    (...args: Arguments): Result =>
      freeing(memory, () => {
        const call = new Call(pool, memory);
        const result = kernel(call, ...args);
        call.copyBack();
        return result;
      });
  return {
    kind: 'wasm',
    threads: pool.threads,
    float32: (length) => memory.float32(length),
    uint32: (length) => memory.uint32(length),
    int8: (length) => memory.int8(length),
    scope: (work) => freeing(memory, work),
    close: () => pool.close(),
    gemm: bind(dense.gemm),
    syrk: bind(dense.syrk),
    cholesky: bind(dense.cholesky),
    choleskySolve: bind(dense.choleskySolve),
    invertPositiveDefinite: bind(dense.invertPositiveDefinite),
    sparseTimesDense: bind(sparse.sparseTimesDense),
    sparseGram: bind(sparse.sparseGram),
    sparseProductTopK: bind(sparse.sparseProductTopK),
    conjugateGradientSweep: bind(sparse.conjugateGradientSweep),
    choleskySweep: bind(sparse.choleskySweep),
    scoreTopK: bind(ranking.scoreTopK),
    topKRows: bind(ranking.topKRows),
    rowDots: bind(dense.rowDots),
    rowDotsInt8: bind(dense.rowDotsInt8),
    nearestCentres: bind(dense.nearestCentres),
    attentionForward: bind(layers.attentionForward),
    attentionBackward: bind(layers.attentionBackward),
    layerNormForward: bind(layers.layerNormForward),
    layerNormBackward: bind(layers.layerNormBackward),
    biasActivation: bind(layers.biasActivation),
    biasActivationBackward: bind(layers.biasActivationBackward),
    dropout: bind(layers.dropout),
    gatherRows: bind(layers.gatherRows),
    scatterAddRows: bind(layers.scatterAddRows),
    addScaledRows: bind(layers.addScaledRows),
    softmaxLoss: bind(layers.softmaxLoss),
    sampledSoftmaxLoss: bind(layers.sampledSoftmaxLoss),
    adam: bind(layers.adam),
  };
}

function freeing<Result>(memory: SharedMemory, work: () => Result): Result {
  const mark = memory.mark();
  try {
    return work();
  } finally {
    memory.release(mark);
  }
}
