import type { Kernels } from '@zhiyin/kernels';

/** Arrays of the kernels' memory that are used again from batch to batch. What stands in them at first is of the batch before. */
export type Buffers = {
  float32(length: number): Float32Array;
  uint32(length: number): Uint32Array;
  /** From here on everything handed out so far may be handed out again. */
  reset(): void;
};

/**
 * Every batch asks for the same arrays in the same order, only the lengths differ: so the n-th array of a batch is the n-th of the last
 * one where it is long enough. The kernels zero what they allocate, and for large batches that would take as long as the arithmetic.
 * Call it inside `kernels.scope`, which frees all.
 */
export function openBuffers(kernels: Kernels): Buffers {
  const floats: Float32Array[] = [];
  const integers: Uint32Array[] = [];
  let floatsUsed = 0;
  let integersUsed = 0;
  return {
    float32(length) {
      const at = floatsUsed++;
      if (!floats[at] || floats[at].length < length) floats[at] = kernels.float32(Math.ceil(length * 1.2));
      return floats[at].subarray(0, length);
    },
    uint32(length) {
      const at = integersUsed++;
      if (!integers[at] || integers[at].length < length) integers[at] = kernels.uint32(Math.ceil(length * 1.2));
      return integers[at].subarray(0, length);
    },
    reset() {
      floatsUsed = 0;
      integersUsed = 0;
    },
  };
}
