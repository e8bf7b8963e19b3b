import type {
  Activation,
  Adam,
  BiasActivation,
  BiasActivationBackward,
  Dropout,
  LayerNormBackward,
  LayerNormForward,
  RowGather,
  SampledSoftmaxLoss,
  SoftmaxLoss,
} from '../layers.ts';
import { noColumn } from '../matrices.ts';
import { dropoutFactor } from './attention.ts';

export function layerNormForward(norm: LayerNormForward): void {
  const { rows, size, input, gain, bias, output, mean, inverseDeviation, epsilon = 1e-5 } = norm;
  for (let row = 0; row < rows; row++) {
    const values = input.subarray(row * size, (row + 1) * size);
    const centre = values.reduce((sum, value) => sum + value, 0) / size;
    const variance = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / size;
    mean[row] = centre;
    inverseDeviation[row] = 1 / Math.sqrt(variance + epsilon);
    for (let l = 0; l < size; l++) {
      output[row * size + l] = (values[l] - centre) * inverseDeviation[row] * gain[l] + bias[l];
    }
  }
}

export function layerNormBackward(norm: LayerNormBackward): void {
  const { rows, size, input, gain, mean, inverseDeviation } = norm;
  const { outputGradient, inputGradient, gainGradient, biasGradient } = norm;
  const gainSums = Float64Array.from(gainGradient);
  const biasSums = Float64Array.from(biasGradient);
  for (let row = 0; row < rows; row++) {
    let scaledMean = 0;
    let scaledProduct = 0;
    const normal = (l: number) => (input[row * size + l] - mean[row]) * inverseDeviation[row];
    for (let l = 0; l < size; l++) {
      const gradient = outputGradient[row * size + l];
      gainSums[l] += gradient * normal(l);
      biasSums[l] += gradient;
      scaledMean += (gradient * gain[l]) / size;
      scaledProduct += (gradient * gain[l] * normal(l)) / size;
    }
    for (let l = 0; l < size; l++) {
      const at = row * size + l;
      inputGradient[at] =
        inverseDeviation[row] * (outputGradient[at] * gain[l] - scaledMean - normal(l) * scaledProduct);
    }
  }
  gainGradient.set(gainSums);
  biasGradient.set(biasSums);
}

export function biasActivation({ rows, size, values, bias, activation, output }: BiasActivation): void {
  for (let at = 0; at < rows * size; at++) {
    values[at] += bias[at % size];
    output[at] = activate(activation, values[at]);
  }
}

export function biasActivationBackward(layer: BiasActivationBackward): void {
  const { rows, size, values, activation, outputGradient, inputGradient, biasGradient } = layer;
  const sums = Float64Array.from(biasGradient);
  for (let at = 0; at < rows * size; at++) {
    inputGradient[at] = outputGradient[at] * activationSlope(activation, values[at]);
    sums[at % size] += inputGradient[at];
  }
  biasGradient.set(sums);
}

const geluScale = Math.sqrt(2 / Math.PI);

function activate(activation: Activation, x: number): number {
  if (activation === 'none') return x;
  if (activation === 'relu') return Math.max(0, x);
  return 0.5 * x * (1 + Math.tanh(geluScale * (x + 0.044715 * x ** 3)));
}

function activationSlope(activation: Activation, x: number): number {
  if (activation === 'none') return 1;
  if (activation === 'relu') return x > 0 ? 1 : 0;
  const tanh = Math.tanh(geluScale * (x + 0.044715 * x ** 3));
  return 0.5 * (1 + tanh) + 0.5 * x * (1 - tanh ** 2) * geluScale * (1 + 3 * 0.044715 * x ** 2);
}

export function dropout(values: Float32Array, options: Dropout): void {
  for (let at = 0; at < values.length; at++) values[at] *= dropoutFactor(options, at);
}

export function gatherRows({ rows, size, table, index, values, scale = 1 }: RowGather): void {
  for (let row = 0; row < rows; row++) {
    for (let l = 0; l < size; l++) {
      values[row * size + l] = index[row] === noColumn ? 0 : scale * table[index[row] * size + l];
    }
  }
}

export function scatterAddRows({ rows, size, table, index, values, scale = 1 }: RowGather): void {
  for (let row = 0; row < rows; row++) {
    if (index[row] === noColumn) continue;
    for (let l = 0; l < size; l++) table[index[row] * size + l] += scale * values[row * size + l];
  }
}

export function addScaledRows(target: Float32Array, source: Float32Array, factor: Float32Array, size: number): void {
  for (let at = 0; at < target.length; at++) target[at] += factor[Math.floor(at / size)] * source[at];
}

export function softmaxLoss({ rows, columns, logits, target, weight }: SoftmaxLoss): number {
  let loss = 0;
  for (let row = 0; row < rows; row++) {
    const line = logits.subarray(row * columns, (row + 1) * columns);
    const share = weight?.[row] ?? 1;
    const largest = line.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    const total = line.reduce((sum, value) => sum + Math.exp(value - largest), 0);
    if (share !== 0) loss += share * (largest + Math.log(total) - line[target[row]]);
    for (let j = 0; j < columns; j++) {
      line[j] = share * (Math.exp(line[j] - largest) / total - (j === target[row] ? 1 : 0));
    }
  }
  return loss;
}

export function sampledSoftmaxLoss(loss: SampledSoftmaxLoss): number {
  const { rows, negatives, positive, logits, positiveOf, negativeOf, weight } = loss;
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    const line = logits.subarray(row * negatives, (row + 1) * negatives);
    const share = weight?.[row] ?? 1;
    const isIn = (j: number) => negativeOf[j] !== positiveOf[row];
    const largest = line.reduce((most, value, j) => (isIn(j) ? Math.max(most, value) : most), positive[row]);
    const total = line.reduce(
      (all, value, j) => (isIn(j) ? all + Math.exp(value - largest) : all),
      Math.exp(positive[row] - largest),
    );
    if (share !== 0) sum += share * (largest + Math.log(total) - positive[row]);
    positive[row] = share * (Math.exp(positive[row] - largest) / total - 1);
    for (let j = 0; j < negatives; j++) line[j] = isIn(j) ? (share * Math.exp(line[j] - largest)) / total : 0;
  }
  return sum;
}

export function adam(options: Adam): void {
  const { parameters, gradients, first, second, step, learningRate } = options;
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = options;
  const firstScale = 1 / (1 - beta1 ** step);
  const secondScale = 1 / (1 - beta2 ** step);
  for (let at = 0; at < parameters.length; at++) {
    first[at] = beta1 * first[at] + (1 - beta1) * gradients[at];
    second[at] = beta2 * second[at] + (1 - beta2) * gradients[at] ** 2;
    const move = (first[at] * firstScale) / (Math.sqrt(second[at] * secondScale) + epsilon);
    parameters[at] -= learningRate * (move + weightDecay * parameters[at]);
  }
}
