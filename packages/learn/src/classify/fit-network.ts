import { DomainError } from '../errors.ts';
import { normalDraw, type Random, seededRandom, shuffle } from '../numerics/random.ts';
import { type DesignEncoding, type DesignMatrix, encodeTable, fitEncoding } from './design-matrix.ts';
import { checkLabels, checkTable, type FeatureTable } from './feature-table.ts';
import { logistic, softplus } from './fit-logistic.ts';

/**
 * A network of fully connected layers: hidden layers with the logistic function (the mission's a = σ(Wx + b)) or rectifiers, one
 * logistic output. Layer l maps widths[l] values to widths[l + 1]; weights are row-major outputs × inputs.
 */
export type NetworkModel = {
  readonly kind: 'network';
  readonly version: 1;
  readonly encoding: DesignEncoding;
  readonly activation: Activation;
  readonly widths: readonly number[];
  readonly weights: readonly Float64Array[];
  readonly biases: readonly Float64Array[];
  readonly epochs: number;
};

export type Activation = 'logistic' | 'rectifier';

export type NetworkOptions = {
  readonly hidden?: readonly number[];
  readonly activation?: Activation;
  readonly epochs?: number;
  readonly batch?: number;
  readonly learningRate?: number;
  /** Σ weight² is pulled down by this share per row seen. */
  readonly decay?: number;
  readonly seed?: number;
  readonly progress?: (done: number) => void;
};

/**
 * Trained by mini-batches with Adam (Kingma and Ba 2015) on the log loss; the gradient is plain back-propagation.
 * Cost: O(epochs · rows · weights).
 */
export function fitNetwork(table: FeatureTable, labels: Uint8Array, options: NetworkOptions = {}): NetworkModel {
  checkTable(table, 'fitNetwork');
  checkLabels(labels, table.rows, 'fitNetwork');
  const {
    hidden = [32],
    activation = 'rectifier',
    epochs = 20,
    batch = 128,
    learningRate = 2e-3,
    decay = 1e-4,
  } = options;
  for (const width of hidden) {
    if (!(Number.isInteger(width) && width > 0))
      throw new DomainError(`fitNetwork: hidden widths must be positive integers, got ${width}`);
  }
  const random = seededRandom(options.seed ?? 1);
  const encoding = fitEncoding(table);
  const design = encodeTable(table, encoding);
  const widths = [design.columns, ...hidden, 1];
  const network = drawNetwork(widths, activation, random);
  const parameters = [...network.weights, ...network.biases];
  const moments = parameters.map((values) => ({
    first: new Float64Array(values.length),
    second: new Float64Array(values.length),
  }));
  const order = Uint32Array.from({ length: table.rows }, (_, i) => i);
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(order, random);
    for (let start = 0; start < order.length; start += batch) {
      const rows = order.subarray(start, start + batch);
      const { gradients } = computeNetworkGradient(network, design, labels, rows);
      step++;
      const rate = (learningRate * Math.sqrt(1 - 0.999 ** step)) / (1 - 0.9 ** step);
      parameters.forEach((values, p) => {
        const { first, second } = moments[p];
        const gradient = gradients[p];
        const isWeight = p < network.weights.length;
        for (let i = 0; i < values.length; i++) {
          const slope = gradient[i] + (isWeight ? decay * values[i] : 0);
          first[i] = 0.9 * first[i] + 0.1 * slope;
          second[i] = 0.999 * second[i] + 0.001 * slope * slope;
          values[i] -= (rate * first[i]) / (Math.sqrt(second[i]) + 1e-8);
        }
      });
    }
    options.progress?.((epoch + 1) / epochs);
  }
  return { kind: 'network', version: 1, encoding, ...network, epochs };
}

/** Log-odds per row. */
export function scoreNetwork(model: NetworkModel, table: FeatureTable): Float64Array {
  const design = encodeTable(table, model.encoding);
  const layers = model.widths.map((width) => new Float64Array(width));
  return Float64Array.from({ length: table.rows }, (_, row) => {
    forward(model, design, row, layers);
    return layers[layers.length - 1][0];
  });
}

/**
 * What each feature adds to the log-odds against the average row of `background`: integrated gradients along the straight line
 * between them, which add up to the difference of the scores up to the quadrature; what is left is spread in proportion.
 * Source: Sundararajan, Taly, Yan (2017), arXiv 1703.01365. Cost: O(rows · steps · weights).
 */
export function explainNetwork(
  model: NetworkModel,
  table: FeatureTable,
  background: FeatureTable,
): { readonly base: number; readonly contributions: Float64Array; readonly features: number } {
  const design = encodeTable(table, model.encoding);
  const { columns } = design;
  const means = averageRow(encodeTable(background, model.encoding));
  const layers = model.widths.map((width) => new Float64Array(width));
  const deltas = model.widths.map((width) => new Float64Array(width));
  const unused = {
    weights: model.weights.map((weights) => new Float64Array(weights.length)),
    biases: model.biases.map((biases) => new Float64Array(biases.length)),
  };
  const scoreOf = (values: Float64Array) => {
    forward(model, { rows: 1, columns, values }, 0, layers);
    return layers[layers.length - 1][0];
  };
  const base = scoreOf(means);
  const features = model.encoding.shapes.length;
  const contributions = new Float64Array(table.rows * features);
  const point = new Float64Array(columns);
  const slopes = new Float64Array(columns);
  for (let row = 0; row < table.rows; row++) {
    const values = design.values.subarray(row * columns, (row + 1) * columns);
    slopes.fill(0);
    for (let step = 0; step < integrationSteps; step++) {
      const share = (step + 0.5) / integrationSteps;
      for (let i = 0; i < columns; i++) point[i] = means[i] + share * (values[i] - means[i]);
      scoreOf(point);
      deltas[deltas.length - 1][0] = 1;
      for (let layer = model.weights.length - 1; layer >= 0; layer--) {
        backward(model, layer, layers, deltas, unused.weights[layer], unused.biases[layer]);
      }
      for (let i = 0; i < columns; i++) slopes[i] += deltas[0][i] / integrationSteps;
    }
    const parts = slopes.map((slope, i) => slope * (values[i] - means[i]));
    const size = parts.reduce((sum, part) => sum + Math.abs(part), 0);
    const left = scoreOf(values) - base - parts.reduce((sum, part) => sum + part, 0);
    parts.forEach((part, i) => {
      const share = size > 0 ? Math.abs(part) / size : 0;
      contributions[row * features + model.encoding.columns[i].feature] += part + share * left;
    });
  }
  return { base, contributions, features };
}

const integrationSteps = 32;

function averageRow(design: DesignMatrix): Float64Array {
  const means = new Float64Array(design.columns);
  for (let i = 0; i < design.values.length; i++) means[i % design.columns] += design.values[i] / design.rows;
  return means;
}

export type Network = Pick<NetworkModel, 'activation' | 'widths' | 'weights' | 'biases'>;

/** Mean log loss over `rows`, and its gradient: one array per weight matrix, then one per bias vector. */
export function computeNetworkGradient(
  network: Network,
  design: DesignMatrix,
  labels: Uint8Array,
  rows: Uint32Array,
): { readonly loss: number; readonly gradients: readonly Float64Array[] } {
  const weightSlopes = network.weights.map((weights) => new Float64Array(weights.length));
  const biasSlopes = network.biases.map((biases) => new Float64Array(biases.length));
  const layers = network.widths.map((width) => new Float64Array(width));
  const deltas = network.widths.map((width) => new Float64Array(width));
  let loss = 0;
  for (const row of rows) {
    forward(network, design, row, layers);
    const score = layers[layers.length - 1][0];
    loss += softplus(score) - labels[row] * score;
    deltas[deltas.length - 1][0] = (logistic(score) - labels[row]) / rows.length;
    for (let layer = network.weights.length - 1; layer >= 0; layer--) {
      backward(network, layer, layers, deltas, weightSlopes[layer], biasSlopes[layer]);
    }
  }
  return { loss: loss / rows.length, gradients: [...weightSlopes, ...biasSlopes] };
}

function forward(network: Network, design: DesignMatrix, row: number, layers: Float64Array[]): void {
  layers[0].set(design.values.subarray(row * design.columns, (row + 1) * design.columns));
  network.weights.forEach((weights, layer) => {
    const input = layers[layer];
    const output = layers[layer + 1];
    const isLast = layer === network.weights.length - 1;
    for (let o = 0; o < output.length; o++) {
      let sum = network.biases[layer][o];
      for (let i = 0; i < input.length; i++) sum += weights[o * input.length + i] * input[i];
      output[o] = isLast ? sum : network.activation === 'logistic' ? logistic(sum) : Math.max(0, sum);
    }
  });
}

function backward(
  network: Network,
  layer: number,
  layers: readonly Float64Array[],
  deltas: readonly Float64Array[],
  weightSlopes: Float64Array,
  biasSlopes: Float64Array,
): void {
  const input = layers[layer];
  const weights = network.weights[layer];
  const above = deltas[layer + 1];
  const below = deltas[layer];
  below.fill(0);
  for (let o = 0; o < above.length; o++) {
    const delta = above[o];
    if (delta === 0) continue;
    biasSlopes[o] += delta;
    for (let i = 0; i < input.length; i++) {
      weightSlopes[o * input.length + i] += delta * input[i];
      below[i] += delta * weights[o * input.length + i];
    }
  }
  if (layer === 0) return;
  for (let i = 0; i < input.length; i++) {
    below[i] *= network.activation === 'logistic' ? input[i] * (1 - input[i]) : input[i] > 0 ? 1 : 0;
  }
}

function drawNetwork(widths: readonly number[], activation: Activation, random: Random) {
  const pairs = widths.slice(1).map((outputs, layer) => ({ inputs: widths[layer], outputs }));
  return {
    activation,
    widths,
    weights: pairs.map(({ inputs, outputs }) => {
      const deviation = Math.sqrt((activation === 'rectifier' ? 2 : 1) / Math.max(1, inputs));
      return Float64Array.from({ length: inputs * outputs }, () => deviation * normalDraw(random));
    }),
    biases: pairs.map(({ outputs }) => new Float64Array(outputs)),
  };
}
