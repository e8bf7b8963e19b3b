import type {
  Adam,
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
import type {
  CholeskySolve,
  ConjugateGradientSweep,
  Gemm,
  LeastSquaresSweep,
  NearestCentre,
  RowDots,
  RowDotsInt8,
  RowTopK,
  ScoreTopK,
  SparseMatrix,
  SparseProductTopK,
  SparseTimesDense,
  Syrk,
  TopKRows,
} from './matrices.ts';

/**
 * Dense and sparse work on f32 arrays: plain TypeScript (the reference) or WASM with SIMD over memory shared by a pool of
 * workers. Calls return when the work is done; the calling thread works along. Inputs and outputs of a call may not overlap
 * unless it says so. The same input gives the same output whatever the number of threads.
 */
export interface Kernels extends Disposable {
  readonly kind: 'reference' | 'wasm';
  readonly threads: number;
  /** Zeroed, in the memory the kernels work on. Functions take any other array too, and copy it in and out. */
  float32(length: number): Float32Array;
  uint32(length: number): Uint32Array;
  int8(length: number): Int8Array;
  /** Runs `work`, then frees all it allocated here. What shall outlive it is copied by the caller (`slice`). */
  scope<Result>(work: () => Result): Result;
  /** Ends the workers and frees the memory; calls after it throw. */
  close(): void;

  /** c ← alpha · op(a) op(b) + beta · c. Cost: 2mnk. */
  gemm(product: Gemm): void;
  /** c ← alpha · aᵀa + beta · c. Cost: n²k. */
  syrk(product: Syrk): void;
  /** In place: the lower triangle of n × n `matrix` becomes L with L·Lᵀ = matrix; what is above it then means nothing. False: not positive definite. */
  cholesky(matrix: Float32Array, n: number): boolean;
  choleskySolve(solve: CholeskySolve): void;
  /** In place, both triangles written; only the lower is read. False: not positive definite, and `matrix` is of no more use. Cost: n³. */
  invertPositiveDefinite(matrix: Float32Array, n: number): boolean;

  sparseTimesDense(product: SparseTimesDense): void;
  /** gram ← matrixᵀ · matrix, dense, columns × columns. Cost: Σ over rows of (entries)². */
  sparseGram(matrix: SparseMatrix, gram: Float32Array): void;
  /** The k largest positive entries per row of left · right, never dense. */
  sparseProductTopK(product: SparseProductTopK): TopKRows;

  /** A few conjugate-gradient steps per row from what stands in `solved`. */
  conjugateGradientSweep(sweep: ConjugateGradientSweep): void;
  /** The exact solution per row. @throws when a row's system is not positive definite. */
  choleskySweep(sweep: LeastSquaresSweep): void;

  /** The k best columns per row of left · rightᵀ; the score matrix is never kept. */
  scoreTopK(request: ScoreTopK): TopKRows;
  topKRows(request: RowTopK): TopKRows;
  rowDots(request: RowDots): void;
  rowDotsInt8(request: RowDotsInt8): void;
  /** Returns the sum of squared distances. */
  nearestCentres(request: NearestCentre): number;

  attentionForward(attention: AttentionForward): void;
  attentionBackward(attention: AttentionBackward): void;
  layerNormForward(norm: LayerNormForward): void;
  layerNormBackward(norm: LayerNormBackward): void;
  biasActivation(layer: BiasActivation): void;
  biasActivationBackward(layer: BiasActivationBackward): void;
  /** In place. Backward is the same call on the gradient. */
  dropout(values: Float32Array, dropout: Dropout): void;
  /** values[r] ← scale · table[index[r]]. */
  gatherRows(gather: RowGather): void;
  /** table[index[r]] += scale · values[r]. */
  scatterAddRows(gather: RowGather): void;
  /** target[r] += factor[r] · source[r], rows of `size`. */
  addScaledRows(target: Float32Array, source: Float32Array, factor: Float32Array, size: number): void;
  /** Returns Σ weight · −log softmax(logits)[target], and leaves its gradient. */
  softmaxLoss(loss: SoftmaxLoss): number;
  sampledSoftmaxLoss(loss: SampledSoftmaxLoss): number;
  adam(step: Adam): void;
}
