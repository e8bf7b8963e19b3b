/** Row-major f32 matrix product and its relatives. See `openReferenceKernels` for the readable truth of each. */
export type Gemm = {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** m × k, or k × m when `transposeA`. */
  readonly a: Float32Array;
  /** k × n, or n × k when `transposeB`. */
  readonly b: Float32Array;
  /** m × n; read only when beta is not 0. */
  readonly c: Float32Array;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  readonly alpha?: number;
  readonly beta?: number;
};

/**
 * Dense and sparse work on f32 arrays: plain TypeScript (the reference) or WASM with SIMD over memory shared by a pool of
 * workers. Calls return when the work is done; the calling thread works along.
 */
export interface Kernels {
  readonly kind: 'reference' | 'wasm';
  readonly threads: number;
  /** Zeroed, in the memory the kernels work on. Functions take any other array too, and copy it in and out. */
  float32(length: number): Float32Array;
  uint32(length: number): Uint32Array;
  /** Runs `work`, then frees all it allocated here. What shall outlive it is copied by the caller (`slice`). */
  scope<Result>(work: () => Result): Result;
  /** c ← alpha · op(a) op(b) + beta · c. */
  gemm(product: Gemm): void;
}
