import { checkedKernels } from '../checked-kernels.ts';
import type { Kernels } from '../kernels.ts';
import * as attention from './attention.ts';
import * as dense from './dense.ts';
import * as layers from './layers.ts';
import * as leastSquares from './least-squares.ts';
import * as ranking from './ranking.ts';
import * as sparse from './sparse.ts';

/** The readable truth: one thread, sums in f64. Some thousand times slower than WASM on large shapes. */
export function openReferenceKernels(): Kernels {
  return checkedKernels({
    kind: 'reference',
    threads: 1,
    float32: (length) => new Float32Array(length),
    uint32: (length) => new Uint32Array(length),
    int8: (length) => new Int8Array(length),
    scope: (work) => work(),
    close: () => {},
    gemm: dense.gemm,
    syrk: dense.syrk,
    cholesky: dense.cholesky,
    choleskySolve: dense.choleskySolve,
    invertPositiveDefinite: dense.invertPositiveDefinite,
    sparseTimesDense: sparse.sparseTimesDense,
    sparseGram: sparse.sparseGram,
    sparseProductTopK: sparse.sparseProductTopK,
    conjugateGradientSweep: leastSquares.conjugateGradientSweep,
    choleskySweep: leastSquares.choleskySweep,
    scoreTopK: ranking.scoreTopK,
    topKRows: ranking.topKRows,
    rowDots: dense.rowDots,
    rowDotsInt8: dense.rowDotsInt8,
    nearestCentres: dense.nearestCentres,
    attentionForward: attention.attentionForward,
    attentionBackward: attention.attentionBackward,
    layerNormForward: layers.layerNormForward,
    layerNormBackward: layers.layerNormBackward,
    biasActivation: layers.biasActivation,
    biasActivationBackward: layers.biasActivationBackward,
    dropout: layers.dropout,
    gatherRows: layers.gatherRows,
    scatterAddRows: layers.scatterAddRows,
    addScaledRows: layers.addScaledRows,
    softmaxLoss: layers.softmaxLoss,
    sampledSoftmaxLoss: layers.sampledSoftmaxLoss,
    adam: layers.adam,
  });
}
