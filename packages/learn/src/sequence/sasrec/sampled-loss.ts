import { DomainError } from '../../errors.ts';
import type { Random } from '../../numerics/random.ts';
import type { Batch } from './batch.ts';
import type { Network } from './network.ts';
import { viewParameters } from './parameters.ts';

/** Items that stand for all others in one step: each is drawn with its own chance, with replacement. */
export type NegativeSampler = {
  readonly draw: (into: Uint32Array) => void;
  /**
   * −log of how often an item is expected among the drawn: per item, or one for all. Added to the scores of the drawn, it makes their sum
   * an unbiased one over all items.
   */
  readonly correction: Float32Array | number;
};

/**
 * Chance ∝ (count + 1)^power: 0 draws evenly, 1 as often as people take it.
 * Source of the correction: Bengio and Senécal (2008), IEEE TNN 19(4).
 */
export function createNegativeSampler(
  counts: ArrayLike<number>,
  { negatives, power, random }: { negatives: number; power: number; random: Random },
): NegativeSampler {
  if (!(power >= 0 && power <= 1)) throw new DomainError(`fitSasrec: negativePower must be from 0 to 1, got ${power}`);
  const items = counts.length;
  const cumulative = new Float64Array(items);
  let total = 0;
  for (let i = 0; i < items; i++) {
    total += (counts[i] + 1) ** power;
    cumulative[i] = total;
  }
  return {
    draw(into) {
      for (let i = 0; i < into.length; i++) into[i] = firstAbove(cumulative, random() * total);
    },
    correction:
      power === 0
        ? -Math.log(negatives / items)
        : Float32Array.from({ length: items }, (_, i) => -Math.log((negatives * (counts[i] + 1) ** power) / total)),
  };
}

function firstAbove(cumulative: Float64Array, value: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulative[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Softmax loss of the next item against negatives that all rows of the batch share, with its gradient for `hidden` and for the vectors
 * of the items (added to `gradients`).
 * @returns the mean loss over rows with a target, and the gradient for `hidden`.
 * Cost: 6 · rows · negatives · size.
 */
export function sampledLoss(
  { kernels, buffers, shape, parameters }: Network,
  batch: Batch,
  hidden: Float32Array,
  negativeOf: Uint32Array,
  correction: NegativeSampler['correction'],
  gradients: Float32Array,
): { loss: number; hiddenGradient: Float32Array } {
  const { size } = shape;
  const { rows, target, weight } = batch;
  const negatives = negativeOf.length;
  const table = viewParameters(shape, gradients).item;
  const wide = () => buffers.float32(rows * size);
  const [targetVectors, hiddenGradient, targetGradient] = [wide(), wide(), wide()];
  const negativeVectors = buffers.float32(negatives * size);
  const positive = buffers.float32(rows);
  const logits = buffers.float32(rows * negatives);

  kernels.gatherRows({ rows, size, table: parameters.item, index: target, values: targetVectors });
  kernels.gatherRows({ rows: negatives, size, table: parameters.item, index: negativeOf, values: negativeVectors });
  kernels.rowDots({ rows, size, matrix: hidden, by: targetVectors, output: positive });
  kernels.gemm({ m: rows, n: negatives, k: size, a: hidden, b: negativeVectors, c: logits, transposeB: true });
  if (typeof correction === 'number') {
    // Softmax sees differences only: taking it from the right ones saves a pass over all logits.
    for (let row = 0; row < rows; row++) positive[row] -= correction;
  } else {
    const bias = buffers.float32(negatives);
    for (let n = 0; n < negatives; n++) bias[n] = correction[negativeOf[n]];
    kernels.biasActivation({ rows, size: negatives, values: logits, bias, activation: 'none', output: logits });
  }
  const loss = kernels.sampledSoftmaxLoss({
    rows,
    negatives,
    positive,
    logits,
    positiveOf: target,
    negativeOf,
    weight,
  });

  kernels.gemm({ m: rows, n: size, k: negatives, a: logits, b: negativeVectors, c: hiddenGradient });
  kernels.addScaledRows(hiddenGradient, targetVectors, positive, size);
  const negativeGradient = negativeVectors; // no longer needed as vectors
  kernels.gemm({ m: negatives, n: size, k: rows, a: logits, b: hidden, c: negativeGradient, transposeA: true });
  kernels.scatterAddRows({ rows: negatives, size, table, index: negativeOf, values: negativeGradient });
  targetGradient.fill(0);
  kernels.addScaledRows(targetGradient, hidden, positive, size);
  kernels.scatterAddRows({ rows, size, table, index: target, values: targetGradient });
  return { loss, hiddenGradient };
}
