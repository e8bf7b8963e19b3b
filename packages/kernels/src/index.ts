export type { Kernels } from './kernels.ts';
export type {
  Activation,
  Adam,
  Attention,
  AttentionBackward,
  AttentionForward,
  BiasActivation,
  BiasActivationBackward,
  Dropout,
  LayerNormBackward,
  LayerNormForward,
  RowGather,
  SampledSoftmaxLoss,
  SoftmaxLoss,
} from './layers.ts';
export {
  type CholeskySolve,
  type ConjugateGradientSweep,
  type Gemm,
  type LeastSquaresSweep,
  type NearestCentre,
  noColumn,
  type RowDots,
  type RowDotsInt8,
  type RowTopK,
  type ScoreTopK,
  type SparseMatrix,
  type SparseProductTopK,
  type SparseTimesDense,
  type Syrk,
  type TopKRows,
} from './matrices.ts';
export { openReferenceKernels } from './reference/open-reference-kernels.ts';
export { transposeSparse } from './reference/sparse.ts';
export { type KernelOptions, openKernels } from './wasm/open-kernels.ts';
