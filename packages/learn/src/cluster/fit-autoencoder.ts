import { DomainError, ShapeError } from '../errors.ts';
import { normalDraw, type Random, seededRandom, shuffle } from '../numerics/random.ts';
import { checkPoints, type Points } from './points.ts';

/**
 * A network that must say again what it was told through a narrow middle: the middle is the embedding. Layer l maps widths[l] values to
 * widths[l + 1]; weights are row-major outputs × inputs. Hidden layers are tanh, the middle and the last layer linear. Plain data.
 */
export type AutoencoderModel = Autoencoder & {
  readonly kind: 'autoencoder';
  readonly version: 1;
  /** Mean squared error per column on rows without noise, in the scale of the points; the first is before training. */
  readonly errors: readonly number[];
};

export type Autoencoder = {
  readonly widths: readonly number[];
  /** Index of the layer that is the embedding. */
  readonly middle: number;
  readonly weights: readonly Float64Array[];
  readonly biases: readonly Float64Array[];
};

export type AutoencoderOptions = {
  readonly seed: number;
  /** Numbers in the embedding. */
  readonly size: number;
  readonly hidden?: readonly number[];
  readonly epochs?: number;
  readonly batch?: number;
  readonly learningRate?: number;
  /** Chance of each input to be blotted out, which makes the network use what goes together. */
  readonly blotted?: number;
  /** Standard deviation of the noise on the rest. */
  readonly noise?: number;
  readonly progress?: (done: number) => void;
};

/** Rows by which the error is watched. */
const watchedRowsMax = 2_000;

/**
 * Denoising autoencoder trained by mini-batches with Adam on the mean squared error.
 * Sources: Vincent et al. (2008), ICML; Kingma and Ba (2015). Cost: O(epochs · rows · weights).
 * @param points columns brought to one scale (`scalePoints`).
 */
export function fitAutoencoder(points: Points, options: AutoencoderOptions): AutoencoderModel {
  checkPoints(points, 'fitAutoencoder');
  const { size, hidden = [32], epochs = 30, batch = 128, learningRate = 3e-3, blotted = 0.15, noise = 0.1 } = options;
  for (const width of [size, ...hidden]) {
    if (!(Number.isInteger(width) && width > 0)) {
      throw new DomainError(`fitAutoencoder: widths must be positive integers, got ${width}`);
    }
  }
  const { rows, dimensions, values } = points;
  const random = seededRandom(options.seed);
  const widths = [dimensions, ...hidden, size, ...hidden.toReversed(), dimensions];
  const model = drawAutoencoder(widths, hidden.length + 1, random);
  const parameters = [...model.weights, ...model.biases];
  const moments = parameters.map(({ length }) => ({
    first: new Float64Array(length),
    second: new Float64Array(length),
  }));
  const order = Uint32Array.from({ length: rows }, (_, row) => row);
  const watched = order.slice(0, watchedRowsMax);
  const errors = [computeReconstructionError(model, points, watched)];
  const noisy = new Float64Array(batch * dimensions);
  const clean = new Float64Array(batch * dimensions);
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(order, random);
    for (let start = 0; start < rows; start += batch) {
      const drawn = order.subarray(start, start + batch);
      drawn.forEach((row, i) => {
        for (let d = 0; d < dimensions; d++) {
          const value = values[row * dimensions + d];
          clean[i * dimensions + d] = value;
          noisy[i * dimensions + d] = random() < blotted ? 0 : value + noise * normalDraw(random);
        }
      });
      const length = drawn.length * dimensions;
      const { gradients } = computeAutoencoderGradient(model, noisy.subarray(0, length), clean.subarray(0, length));
      step++;
      // Half a cosine from full to none: the last epochs settle.
      const cooling = 0.5 * (1 + Math.cos((Math.PI * (epoch + start / rows)) / epochs));
      const rate = (learningRate * cooling * Math.sqrt(1 - 0.999 ** step)) / (1 - 0.9 ** step);
      for (const [p, parameter] of parameters.entries()) moveByAdam(parameter, gradients[p], moments[p], rate);
    }
    errors.push(computeReconstructionError(model, points, watched));
    options.progress?.((epoch + 1) / epochs);
  }
  return { kind: 'autoencoder', version: 1, ...model, errors };
}

/** Rows × size: the middle layer for each point. */
export function encodePoints(model: Autoencoder, points: Points): Points {
  if (points.dimensions !== model.widths[0]) {
    throw new ShapeError(`encodePoints: the model takes ${model.widths[0]} columns, got ${points.dimensions}`);
  }
  const size = model.widths[model.middle];
  const values = new Float64Array(points.rows * size);
  const layers = model.widths.map((width) => new Float64Array(width));
  for (let row = 0; row < points.rows; row++) {
    layers[0].set(points.values.subarray(row * points.dimensions, (row + 1) * points.dimensions));
    for (let layer = 0; layer < model.middle; layer++) forwardLayer(model, layer, layers);
    values.set(layers[model.middle], row * size);
  }
  return { rows: points.rows, dimensions: size, values };
}

/**
 * Mean over rows and columns of (said again − clean)², and its gradient: one array per weight matrix, then one per bias vector.
 * @param noisy, clean rows × columns, row-major.
 */
export function computeAutoencoderGradient(
  model: Autoencoder,
  noisy: Float64Array,
  clean: Float64Array,
): { readonly loss: number; readonly gradients: readonly Float64Array[] } {
  const columns = model.widths[0];
  const rows = noisy.length / columns;
  const weightSlopes = model.weights.map((weights) => new Float64Array(weights.length));
  const biasSlopes = model.biases.map((biases) => new Float64Array(biases.length));
  const layers = model.widths.map((width) => new Float64Array(width));
  const deltas = model.widths.map((width) => new Float64Array(width));
  const last = model.widths.length - 1;
  let loss = 0;
  for (let row = 0; row < rows; row++) {
    layers[0].set(noisy.subarray(row * columns, (row + 1) * columns));
    for (let layer = 0; layer < last; layer++) forwardLayer(model, layer, layers);
    for (let d = 0; d < columns; d++) {
      const error = layers[last][d] - clean[row * columns + d];
      loss += error * error;
      deltas[last][d] = (2 * error) / clean.length;
    }
    for (let layer = last - 1; layer >= 0; layer--) {
      backwardLayer(model, layer, layers, deltas, weightSlopes[layer], biasSlopes[layer]);
    }
  }
  return { loss: loss / clean.length, gradients: [...weightSlopes, ...biasSlopes] };
}

function computeReconstructionError(model: Autoencoder, points: Points, rows: Uint32Array): number {
  const { dimensions, values } = points;
  const layers = model.widths.map((width) => new Float64Array(width));
  const last = model.widths.length - 1;
  let squares = 0;
  for (const row of rows) {
    layers[0].set(values.subarray(row * dimensions, (row + 1) * dimensions));
    for (let layer = 0; layer < last; layer++) forwardLayer(model, layer, layers);
    for (let d = 0; d < dimensions; d++) squares += (layers[last][d] - values[row * dimensions + d]) ** 2;
  }
  return squares / (rows.length * dimensions);
}

const isLinear = (model: Autoencoder, layer: number) => layer === model.middle || layer === model.widths.length - 1;

function forwardLayer(model: Autoencoder, layer: number, layers: readonly Float64Array[]): void {
  const input = layers[layer];
  const output = layers[layer + 1];
  const weights = model.weights[layer];
  const biases = model.biases[layer];
  const linear = isLinear(model, layer + 1);
  for (let o = 0; o < output.length; o++) {
    let sum = biases[o];
    const at = o * input.length;
    for (let i = 0; i < input.length; i++) sum += weights[at + i] * input[i];
    output[o] = linear ? sum : Math.tanh(sum);
  }
}

function backwardLayer(
  model: Autoencoder,
  layer: number,
  layers: readonly Float64Array[],
  deltas: readonly Float64Array[],
  weightSlopes: Float64Array,
  biasSlopes: Float64Array,
): void {
  const input = layers[layer];
  const weights = model.weights[layer];
  const above = deltas[layer + 1];
  const below = deltas[layer];
  below.fill(0);
  for (let o = 0; o < above.length; o++) {
    const delta = above[o];
    const at = o * input.length;
    biasSlopes[o] += delta;
    for (let i = 0; i < input.length; i++) {
      weightSlopes[at + i] += delta * input[i];
      below[i] += delta * weights[at + i];
    }
  }
  if (layer === 0 || isLinear(model, layer)) return;
  for (let i = 0; i < input.length; i++) below[i] *= 1 - input[i] * input[i];
}

function moveByAdam(
  values: Float64Array,
  gradient: Float64Array,
  moments: { readonly first: Float64Array; readonly second: Float64Array },
  rate: number,
): void {
  const { first, second } = moments;
  for (let i = 0; i < values.length; i++) {
    first[i] = 0.9 * first[i] + 0.1 * gradient[i];
    second[i] = 0.999 * second[i] + 0.001 * gradient[i] * gradient[i];
    values[i] -= (rate * first[i]) / (Math.sqrt(second[i]) + 1e-8);
  }
}

export function drawAutoencoder(widths: readonly number[], middle: number, random: Random): Autoencoder {
  const layers = widths.slice(1).map((outputs, layer) => ({ inputs: widths[layer], outputs }));
  return {
    widths,
    middle,
    weights: layers.map(({ inputs, outputs }) => {
      const deviation = Math.sqrt(2 / (inputs + outputs));
      return Float64Array.from({ length: inputs * outputs }, () => deviation * normalDraw(random));
    }),
    biases: layers.map(({ outputs }) => new Float64Array(outputs)),
  };
}
