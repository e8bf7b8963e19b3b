import { defaultDevice, init, nn, numpy as np, valueAndGrad } from '@jax-js/jax';
import { openReferenceKernels } from '@zhiyin/kernels';
import { beforeAll, describe, expect, it } from 'vitest';
import { normalDraw, seededRandom } from '../../numerics/random.ts';
import { buildBatch } from './batch.ts';
import { openBuffers } from './buffers.ts';
import { backward, forward, type NetworkDropout } from './network.ts';
import {
  type BlockParameters,
  countParameters,
  drawParameters,
  type SasrecShape,
  viewParameters,
} from './parameters.ts';
import { sampledLoss } from './sampled-loss.ts';

const shape: SasrecShape = { items: 11, size: 6, blocks: 2, heads: 2, maxLength: 5, inner: 7 };
const items = Uint32Array.from([1, 4, 2, 7, 9, 3, 5, 5, 6, 10, 0, 8, 2]);
const stretches = [
  { start: 0, end: 5 },
  { start: 6, end: 8 },
  { start: 9, end: 12 },
];
const negativeOf = Uint32Array.from([0, 3, 5, 5, 9]);
const unevenCorrection = Float32Array.from({ length: shape.items }, (_, item) => 0.1 * item);

/** Loss and gradients by the network under test. */
function lossAndGradients(
  parameters: Float32Array,
  dropout?: NetworkDropout,
  correction: Float32Array | number = unevenCorrection,
) {
  using kernels = openReferenceKernels();
  const buffers = openBuffers(kernels);
  const network = { kernels, buffers, shape, parameters: viewParameters(shape, parameters) };
  const gradients = new Float32Array(parameters.length);
  const batch = buildBatch(items, stretches, { maxLength: shape.maxLength, withTargets: true, buffers });
  const state = forward(network, batch, dropout);
  const { loss, hiddenGradient } = sampledLoss(network, batch, state.hidden, negativeOf, correction, gradients);
  backward(network, batch, state, hiddenGradient, gradients, dropout);
  return { loss, gradients };
}

/** Nothing near 0, so that every parameter matters. */
function someParameters(seed: number): Float32Array {
  const random = seededRandom(seed);
  const parameters = new Float32Array(countParameters(shape));
  drawParameters(shape, parameters, random);
  for (let i = 0; i < parameters.length; i++) parameters[i] += 0.2 * normalDraw(random);
  return parameters;
}

type Arrays = { [name: string]: np.Array };

/** The same network written once more from the papers, one sequence after the other and without padding, for automatic differentiation. */
function oracleLoss(by: Arrays): np.Array {
  const { size, heads, blocks, maxLength } = shape;
  const weight = (name: string) => by[name].ref;
  const rows = (of: readonly number[], count: number) =>
    np.array(
      of.map((index) => Array.from({ length: count }, (_, i) => (i === index ? 1 : 0))),
      { dtype: np.float64 },
    );
  const norm = (x: np.Array, gain: string, bias: string) => {
    const centred = x.ref.sub(np.mean(x, 1, { keepdims: true }));
    const variance = np.mean(np.square(centred.ref), 1, { keepdims: true });
    return centred
      .div(np.sqrt(variance.add(1e-5)))
      .mul(weight(gain))
      .add(weight(bias));
  };
  let total = np.array(0, { dtype: np.float64 });
  let targets = 0;
  for (const { start, end } of stretches) {
    const read = [...items.subarray(start, end)];
    const length = read.length;
    const positions = read.map((_, i) => maxLength - length + i);
    let x = np
      .matmul(rows(read, shape.items), weight('item'))
      .mul(Math.sqrt(size))
      .add(np.matmul(rows(positions, maxLength), weight('position')));
    const future = np.array(
      read.map((_, i) => read.map((_, j) => (j > i ? -1e9 : 0))),
      { dtype: np.float64 },
    );
    for (let b = 0; b < blocks; b++) {
      const normed = norm(x.ref, `${b}.norm1Gain`, `${b}.norm1Bias`);
      const project = (name: string) => np.split(np.matmul(normed.ref, weight(`${b}.${name}`)), heads, 1);
      const [query, key, value] = [project('query'), project('key'), project('value')];
      const attended = query.map((q, head) => {
        const scores = np.matmul(q, np.transpose(key[head])).div(Math.sqrt(size / heads));
        return np.matmul(nn.softmax(scores.add(future.ref), 1), value[head]);
      });
      normed.dispose();
      x = x.add(np.matmul(np.concatenate(attended, 1), weight(`${b}.output`)).add(weight(`${b}.outputBias`)));
      const fed = np.matmul(norm(x.ref, `${b}.norm2Gain`, `${b}.norm2Bias`), weight(`${b}.expand`));
      const inner = nn.relu(fed.add(weight(`${b}.expandBias`)));
      x = x.add(np.matmul(inner, weight(`${b}.contract`)).add(weight(`${b}.contractBias`)));
    }
    future.dispose();
    const hidden = norm(x, 'lastGain', 'lastBias');
    const logits = np.matmul(hidden, np.transpose(weight('item')));
    for (let i = 0; i < length; i++) {
      const target = items[start + i + 1];
      const others = [...negativeOf].filter((item) => item !== target);
      const line = np.matmul(rows([i], length), logits.ref);
      const right = np.sum(line.ref.mul(rows([target], shape.items)));
      const wrong = np
        .matmul(rows(others, shape.items), np.transpose(line))
        .reshape([others.length])
        .add(
          np.array(
            others.map((item) => unevenCorrection[item]),
            { dtype: np.float64 },
          ),
        );
      const all = np.concatenate([right.ref.reshape([1]), wrong]);
      total = total.add(nn.logsumexp(all).sub(right));
      targets++;
    }
    logits.dispose();
  }
  return total.div(targets);
}

/** The named parts of a flat array, each with its shape. */
function namedParts(flat: Float32Array): { name: string; values: Float32Array; dims: number[] }[] {
  const { items, size, maxLength, inner } = shape;
  const views = viewParameters(shape, flat);
  const dims: Record<keyof BlockParameters, number[]> = {
    norm1Gain: [size],
    norm1Bias: [size],
    query: [size, size],
    key: [size, size],
    value: [size, size],
    output: [size, size],
    outputBias: [size],
    norm2Gain: [size],
    norm2Bias: [size],
    expand: [size, inner],
    expandBias: [inner],
    contract: [inner, size],
    contractBias: [size],
  };
  return [
    { name: 'item', values: views.item, dims: [items, size] },
    { name: 'position', values: views.position, dims: [maxLength, size] },
    ...views.blocks.flatMap((block, b) =>
      (Object.keys(dims) as (keyof BlockParameters)[]).map((name) => ({
        name: `${b}.${name}`,
        values: block[name],
        dims: dims[name],
      })),
    ),
    { name: 'lastGain', values: views.lastGain, dims: [size] },
    { name: 'lastBias', values: views.lastBias, dims: [size] },
  ];
}

describe('gradients of the self-attentive network', () => {
  beforeAll(async () => {
    await init('cpu');
    defaultDevice('cpu');
  });

  it('agree with automatic differentiation for every parameter', () => {
    const parameters = someParameters(3);
    const { loss, gradients } = lossAndGradients(parameters);
    const arrays = Object.fromEntries(
      namedParts(parameters).map(({ name, values, dims }) => [
        name,
        np.array([...values], { dtype: np.float64 }).reshape(dims),
      ]),
    );
    const [expectedLoss, expected] = valueAndGrad(oracleLoss)(arrays) as [np.Array, Arrays];
    expect(loss).toBeCloseTo(Number(expectedLoss.js()), 5);
    for (const { name, values } of namedParts(gradients)) {
      const right = expected[name].dataSync();
      values.forEach((value, i) => {
        expect(Math.abs(value - right[i]), `${name} ${i}: ${value} for ${right[i]}`).toBeLessThan(1e-5);
      });
    }
  });

  it('are the same for one correction for all and for as many equal ones', () => {
    const parameters = someParameters(5);
    const one = lossAndGradients(parameters, undefined, 1.5);
    const many = lossAndGradients(parameters, undefined, new Float32Array(shape.items).fill(1.5));
    expect(one.loss).toBeCloseTo(many.loss, 5);
    one.gradients.forEach((gradient, i) => {
      expect(gradient).toBeCloseTo(many.gradients[i], 5);
    });
  });

  it('agree with finite differences where values are dropped', () => {
    const parameters = someParameters(4);
    const dropout = { rate: 0.3, seed: 7 };
    const { gradients } = lossAndGradients(parameters, dropout);
    const distance = 4e-3;
    for (let i = 0; i < parameters.length; i += 3) {
      const value = parameters[i];
      parameters[i] = value + distance;
      const above = lossAndGradients(parameters, dropout).loss;
      parameters[i] = value - distance;
      const below = lossAndGradients(parameters, dropout).loss;
      parameters[i] = value;
      // f32 all along: rounding and the kinks of relu leave some hundredths.
      expect(Math.abs((above - below) / (2 * distance) - gradients[i]), `parameter ${i}`).toBeLessThan(0.02);
    }
  });
});
