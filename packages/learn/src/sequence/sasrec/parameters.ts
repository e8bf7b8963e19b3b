import { DomainError } from '../../errors.ts';
import { normalDraw, type Random } from '../../numerics/random.ts';

/** What decides how many numbers the network has. */
export type SasrecShape = {
  readonly items: number;
  /** Width of an item's vector and of the hidden state. */
  readonly size: number;
  readonly blocks: number;
  /** Divides size. */
  readonly heads: number;
  /** Events of a history that are looked at, the last ones. */
  readonly maxLength: number;
  /** Width of the inner layer of the feed-forward part. */
  readonly inner: number;
};

export type BlockParameters = {
  readonly norm1Gain: Float32Array;
  readonly norm1Bias: Float32Array;
  /** size × size each, row-major, input × output. */
  readonly query: Float32Array;
  readonly key: Float32Array;
  readonly value: Float32Array;
  readonly output: Float32Array;
  readonly outputBias: Float32Array;
  readonly norm2Gain: Float32Array;
  readonly norm2Bias: Float32Array;
  /** size × inner and inner × size. */
  readonly expand: Float32Array;
  readonly expandBias: Float32Array;
  readonly contract: Float32Array;
  readonly contractBias: Float32Array;
};

/** Views into one flat array, in this order: what is saved, and what the optimiser steps over. */
export type SasrecParameters = {
  /** items × size: what goes in, and what the answer is compared with. */
  readonly item: Float32Array;
  /** maxLength × size; the last row is that of the last event. */
  readonly position: Float32Array;
  readonly blocks: readonly BlockParameters[];
  readonly lastGain: Float32Array;
  readonly lastBias: Float32Array;
};

/** @throws DomainError naming what does not fit. */
export function checkShape(shape: SasrecShape): void {
  for (const name of ['items', 'size', 'blocks', 'heads', 'maxLength', 'inner'] as const) {
    if (!(Number.isInteger(shape[name]) && shape[name] >= 1)) {
      throw new DomainError(`fitSasrec: ${name} must be a positive integer, got ${shape[name]}`);
    }
  }
  if (shape.size % shape.heads !== 0) {
    throw new DomainError(`fitSasrec: heads must divide size, got ${shape.heads} and ${shape.size}`);
  }
}

/** How many numbers there are. */
export function countParameters({ items, size, blocks, maxLength, inner }: SasrecShape): number {
  return (items + maxLength) * size + blocks * (4 * size ** 2 + 2 * size * inner + 6 * size + inner) + 2 * size;
}

export function viewParameters(shape: SasrecShape, flat: Float32Array): SasrecParameters {
  const { items, size, blocks, maxLength, inner } = shape;
  let at = 0;
  const take = (length: number) => {
    at += length;
    return flat.subarray(at - length, at);
  };
  return {
    item: take(items * size),
    position: take(maxLength * size),
    blocks: Array.from({ length: blocks }, () => ({
      norm1Gain: take(size),
      norm1Bias: take(size),
      query: take(size * size),
      key: take(size * size),
      value: take(size * size),
      output: take(size * size),
      outputBias: take(size),
      norm2Gain: take(size),
      norm2Bias: take(size),
      expand: take(size * inner),
      expandBias: take(inner),
      contract: take(inner * size),
      contractBias: take(size),
    })),
    lastGain: take(size),
    lastBias: take(size),
  };
}

/**
 * Gains 1, biases 0, weights normal with deviation 1/√inputs; layers that write into the residual stream are divided by √(2 · blocks), so
 * that it does not grow with depth (Radford et al. 2019). Vectors start small: the first answers are nearly even.
 */
export function drawParameters(shape: SasrecShape, flat: Float32Array, random: Random): void {
  const { size, inner, blocks } = shape;
  const views = viewParameters(shape, flat);
  const fill = (values: Float32Array, deviation: number) => {
    for (let i = 0; i < values.length; i++) values[i] = deviation * normalDraw(random);
  };
  flat.fill(0);
  fill(views.item, 0.02);
  fill(views.position, 0.02);
  const residual = 1 / Math.sqrt(2 * blocks);
  for (const block of views.blocks) {
    block.norm1Gain.fill(1);
    block.norm2Gain.fill(1);
    for (const weights of [block.query, block.key, block.value]) fill(weights, 1 / Math.sqrt(size));
    fill(block.output, residual / Math.sqrt(size));
    fill(block.expand, 1 / Math.sqrt(size));
    fill(block.contract, residual / Math.sqrt(inner));
  }
  views.lastGain.fill(1);
}
