export type { Gemm, Kernels } from './kernels.ts';
