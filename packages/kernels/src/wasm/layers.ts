import type {
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
} from '../layers.ts';
import { dropoutThreshold } from '../reference/attention.ts';
import type { Call } from './call.ts';
import { tileBytes } from './dense.ts';

const activations: readonly Activation[] = ['none', 'relu', 'gelu'];
/** Rows whose gradients are summed up together before the sums are; the same for any number of threads. */
const rowsPerSum = 256;

export function attentionForward(call: Call, attention: AttentionForward): void {
  const { batch, heads, length, headSize } = attention;
  const weights = call.write(attention.weights);
  const output = call.write(attention.output);
  call.run('attentionForward', {
    wholes: attentionArguments(call, attention, weights, output),
    reals: attentionFactors(attention),
    scratchBytes: tileBytes + 8 * (eights(length) * headSize + eights(headSize) * length) + 24 * length,
    cost: 2 * batch * heads * length * length * headSize,
  });
}

export function attentionBackward(call: Call, attention: AttentionBackward): void {
  const { batch, heads, length, headSize, outputGradient, queryGradient, keyGradient, valueGradient } = attention;
  const packed = Math.max(eights(headSize) * length, headSize * eights(length));
  call.run('attentionBackward', {
    wholes: [
      ...attentionArguments(call, attention, call.read(attention.weights), call.read(outputGradient)),
      call.write(queryGradient),
      call.write(keyGradient),
      call.write(valueGradient),
    ],
    reals: attentionFactors(attention),
    scratchBytes: tileBytes + 4 * packed + 12 * length * length,
    cost: 4 * batch * heads * length * length * headSize,
  });
}

function attentionArguments(call: Call, attention: Attention, weights: number, output: number): number[] {
  const { batch, heads, length, headSize, query, key, value, start, dropout } = attention;
  return [
    batch,
    heads,
    length,
    headSize,
    call.read(query),
    call.read(key),
    call.read(value),
    call.read(start),
    weights,
    output,
    dropout ? dropoutThreshold(dropout) : 0,
    dropout?.seed ?? 0,
  ];
}

function attentionFactors({ headSize, dropout }: Attention): number[] {
  return [1 / Math.sqrt(headSize), 1 / (1 - (dropout?.rate ?? 0))];
}

function eights(count: number): number {
  return Math.ceil(count / 8) * 8;
}

export function layerNormForward(call: Call, norm: LayerNormForward): void {
  const { rows, size, input, gain, bias, output, mean, inverseDeviation, epsilon = 1e-5 } = norm;
  call.run('layerNormForward', {
    wholes: [
      rows,
      size,
      call.read(input),
      call.read(gain),
      call.read(bias),
      call.write(output),
      call.write(mean),
      call.write(inverseDeviation),
    ],
    reals: [epsilon],
    cost: 10 * rows * size,
  });
}

export function layerNormBackward(call: Call, norm: LayerNormBackward): void {
  const { rows, size, input, gain, mean, inverseDeviation, outputGradient, inputGradient } = norm;
  const pieces = Math.ceil(rows / rowsPerSum);
  const sums = call.allocate(pieces * size * 8);
  call.run('layerNormBackward', {
    wholes: [
      rows,
      size,
      call.read(input),
      call.read(gain),
      call.read(mean),
      call.read(inverseDeviation),
      call.read(outputGradient),
      call.write(inputGradient),
      sums,
    ],
    cost: 16 * rows * size,
  });
  const parts = call.float32(sums, pieces * size * 2);
  for (let piece = 0; piece < pieces; piece++) {
    addTo(norm.gainGradient, parts, piece * size * 2);
    addTo(norm.biasGradient, parts, piece * size * 2 + size);
  }
}

function addTo(sums: Float32Array, parts: Float32Array, from: number): void {
  for (let l = 0; l < sums.length; l++) sums[l] += parts[from + l];
}

export function biasActivation(call: Call, layer: BiasActivation): void {
  const { rows, size, values, bias, activation, output } = layer;
  const at = call.update(values);
  call.run('biasActivation', {
    wholes: [rows, size, at, call.read(bias), activations.indexOf(activation), call.write(output)],
    cost: (activation === 'gelu' ? 20 : 2) * rows * size,
  });
}

export function biasActivationBackward(call: Call, layer: BiasActivationBackward): void {
  const { rows, size, values, activation, outputGradient, inputGradient, biasGradient } = layer;
  const pieces = Math.ceil(rows / rowsPerSum);
  const sums = call.allocate(pieces * size * 4);
  const from = call.read(values);
  const gradient = call.read(outputGradient);
  call.run('biasActivationBackward', {
    wholes: [rows, size, from, activations.indexOf(activation), gradient, call.write(inputGradient), sums],
    cost: (activation === 'gelu' ? 24 : 3) * rows * size,
  });
  const parts = call.float32(sums, pieces * size);
  for (let piece = 0; piece < pieces; piece++) addTo(biasGradient, parts, piece * size);
}

export function dropout(call: Call, values: Float32Array, options: Dropout): void {
  if (options.rate === 0) return;
  call.run('dropout', {
    wholes: [values.length, call.update(values), dropoutThreshold(options), options.seed],
    reals: [1 / (1 - options.rate)],
    cost: 10 * values.length,
  });
}

export function gatherRows(call: Call, { rows, size, table, index, values, scale = 1 }: RowGather): void {
  call.run('gatherRows', {
    wholes: [rows, size, call.read(table), call.read(index), call.write(values)],
    reals: [scale],
    cost: 2 * rows * size,
  });
}

export function scatterAddRows(call: Call, { rows, size, table, index, values, scale = 1 }: RowGather): void {
  call.run('scatterAddRows', {
    wholes: [rows, size, call.update(table), call.read(index), call.read(values)],
    reals: [scale],
  });
}

export function addScaledRows(
  call: Call,
  target: Float32Array,
  source: Float32Array,
  factor: Float32Array,
  size: number,
): void {
  call.run('addScaledRows', {
    wholes: [factor.length, size, call.update(target), call.read(source), call.read(factor)],
    cost: 2 * target.length,
  });
}

export function softmaxLoss(call: Call, { rows, columns, logits, target, weight }: SoftmaxLoss): number {
  const parts = call.allocate(rows * 8);
  call.run('softmaxLoss', {
    wholes: [rows, columns, call.update(logits), call.read(target), call.read(weight), parts],
    cost: 16 * rows * columns,
  });
  return sumLoss(call.float32(parts, rows * 2), weight);
}

export function sampledSoftmaxLoss(call: Call, loss: SampledSoftmaxLoss): number {
  const { rows, negatives, positive, logits, positiveOf, negativeOf, weight } = loss;
  const parts = call.allocate(rows * 8);
  call.run('sampledSoftmaxLoss', {
    wholes: [
      rows,
      negatives,
      call.update(positive),
      call.update(logits),
      call.read(positiveOf),
      call.read(negativeOf),
      call.read(weight),
      parts,
    ],
    cost: 16 * rows * negatives,
  });
  return sumLoss(call.float32(parts, rows * 2), weight);
}

/** Per row: largest logit minus the right one, and the sum of exponentials below the largest. */
function sumLoss(parts: Float32Array, weight: Float32Array | undefined): number {
  let loss = 0;
  for (let row = 0; row * 2 < parts.length; row++) {
    const share = weight?.[row] ?? 1;
    if (share !== 0) loss += share * (parts[2 * row] + Math.log(parts[2 * row + 1]));
  }
  return loss;
}

export function adam(call: Call, options: Adam): void {
  const { parameters, gradients, first, second, step, learningRate } = options;
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = options;
  call.run('adam', {
    wholes: [parameters.length, call.update(parameters), call.read(gradients), call.update(first), call.update(second)],
    reals: [
      learningRate,
      beta1,
      beta2,
      epsilon,
      weightDecay * learningRate,
      1 / (1 - beta1 ** step),
      1 / (1 - beta2 ** step),
      1 - beta1,
      1 - beta2,
    ],
    cost: 16 * parameters.length,
  });
}
