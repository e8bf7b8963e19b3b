import type { Random } from '../../numerics/random.ts';
import type { Sequences } from '../sequences.ts';
import { buildBatch, type Stretch } from './batch.ts';
import { backward, forward, type Network } from './network.ts';
import { createNegativeSampler, type NegativeSampler, sampledLoss } from './sampled-loss.ts';

export type StepOptions = {
  readonly maxLength: number;
  readonly negatives: number;
  readonly dropout: number;
  readonly learningRate: number;
  /** Steps until the learning rate is whole. */
  readonly warmUpSteps: number;
};

/** One step of Adam on one batch, at a share of the learning rate; returns its loss. */
export function openStep(
  network: Network,
  parameters: Float32Array,
  options: StepOptions,
  { draw, correction }: NegativeSampler,
  seed: number,
): (items: Uint32Array, stretches: readonly Stretch[], step: number, rate?: number) => number {
  const { kernels, buffers } = network;
  const [gradients, first, second] = [0, 0, 0].map(() => kernels.float32(parameters.length));
  const negativeOf = kernels.uint32(options.negatives);
  return (items, stretches, step, rate = 1) => {
    buffers.reset();
    gradients.fill(0);
    draw(negativeOf);
    const batch = buildBatch(items, stretches, { maxLength: options.maxLength, withTargets: true, buffers });
    const dropout = { rate: options.dropout, seed: (Math.imul(step, 0x9e3779b1) ^ seed) >>> 0 };
    const state = forward(network, batch, dropout);
    const { loss, hiddenGradient } = sampledLoss(network, batch, state.hidden, negativeOf, correction, gradients);
    backward(network, batch, state, hiddenGradient, gradients, dropout);
    const learningRate = options.learningRate * rate * Math.min(1, step / options.warmUpSteps);
    kernels.adam({ parameters, gradients, first, second, step, learningRate });
    return loss;
  };
}

/** Draws by how often items stand in the sequences. */
export function samplerFor(
  sequences: Sequences,
  { negatives, negativePower: power }: { negatives: number; negativePower: number },
  random: Random,
): NegativeSampler {
  const counts = new Float64Array(sequences.items);
  for (const item of sequences.itemOf) counts[item]++;
  return createNegativeSampler(counts, { negatives, power, random });
}
