import type { Attention, Dropout, Kernels } from '@zhiyin/kernels';
import type { Batch } from './batch.ts';
import type { Buffers } from './buffers.ts';
import { type BlockParameters, type SasrecParameters, type SasrecShape, viewParameters } from './parameters.ts';

/** What forward leaves for backward, per block. All rows × size unless said. */
type BlockState = {
  readonly input: Float32Array;
  readonly normed1: Float32Array;
  readonly query: Float32Array;
  readonly key: Float32Array;
  readonly value: Float32Array;
  /** Per group batch × heads × length × length. */
  readonly attentionWeights: Float32Array;
  readonly attended: Float32Array;
  readonly middle: Float32Array;
  readonly normed2: Float32Array;
  /** rows × inner. */
  readonly expanded: Float32Array;
  /** Per row: two means and two inverse deviations. */
  readonly moments: readonly [Float32Array, Float32Array, Float32Array, Float32Array];
};

/** Buffers for one batch. */
export type NetworkState = {
  readonly blocks: readonly BlockState[];
  readonly last: Float32Array;
  readonly lastMean: Float32Array;
  readonly lastInverseDeviation: Float32Array;
  /** rows × size: what the network says at each row, to be compared with the vectors of the items. */
  readonly hidden: Float32Array;
};

/** Share of values set to 0 while learning, and what the masks are drawn from: another one for each step. */
export type NetworkDropout = { readonly rate: number; readonly seed: number };

/** What all functions here work with. */
export type Network = {
  readonly kernels: Kernels;
  readonly buffers: Buffers;
  readonly shape: SasrecShape;
  readonly parameters: SasrecParameters;
};

function takeState({ buffers, shape }: Network, batch: Batch): NetworkState {
  const wide = () => buffers.float32(batch.rows * shape.size);
  const narrow = () => buffers.float32(batch.rows);
  return {
    blocks: Array.from({ length: shape.blocks }, () => ({
      input: wide(),
      normed1: wide(),
      query: wide(),
      key: wide(),
      value: wide(),
      attentionWeights: buffers.float32(batch.attentionSize * shape.heads),
      attended: wide(),
      middle: wide(),
      normed2: wide(),
      expanded: buffers.float32(batch.rows * shape.inner),
      moments: [narrow(), narrow(), narrow(), narrow()],
    })),
    last: wide(),
    lastMean: narrow(),
    lastInverseDeviation: narrow(),
    hidden: wide(),
  };
}

/**
 * Pre-norm transformer: x ← x + attention(norm(x)), x ← x + relu(norm(x) · expand) · contract, per block; then a last norm.
 * Events see themselves and what came before. Cost per row: about 2 · blocks · (4 size² + 2 size · inner + length · size).
 * Source: Kang and McAuley (2018), Self-attentive sequential recommendation; norms moved as in Xiong et al. (2020).
 */
export function forward(network: Network, batch: Batch, dropout?: NetworkDropout): NetworkState {
  const { kernels, buffers, parameters } = network;
  const { size } = network.shape;
  const { rows } = batch;
  const state = takeState(network, batch);
  const scratch = buffers.float32(rows * size);
  const ones = buffers.float32(rows).fill(1);
  const first = state.blocks[0].input;
  kernels.gatherRows({ rows, size, table: parameters.item, index: batch.item, values: first, scale: Math.sqrt(size) });
  kernels.gatherRows({ rows, size, table: parameters.position, index: batch.position, values: scratch });
  kernels.addScaledRows(first, scratch, ones, size);
  drop(kernels, first, dropout, 0);
  for (const [b, block] of state.blocks.entries()) {
    const weights = parameters.blocks[b];
    attend(network, batch, b, block);
    kernels.gemm({ m: rows, n: size, k: size, a: block.attended, b: weights.output, c: scratch });
    addBias(kernels, scratch, weights.outputBias, size);
    drop(kernels, scratch, dropout, 2 * b + 1);
    block.middle.set(block.input);
    kernels.addScaledRows(block.middle, scratch, ones, size);
    feed(network, b, block, rows, scratch);
    drop(kernels, scratch, dropout, 2 * b + 2);
    const next = state.blocks[b + 1]?.input ?? state.last;
    next.set(block.middle);
    kernels.addScaledRows(next, scratch, ones, size);
  }
  kernels.layerNormForward({
    rows,
    size,
    input: state.last,
    gain: parameters.lastGain,
    bias: parameters.lastBias,
    output: state.hidden,
    mean: state.lastMean,
    inverseDeviation: state.lastInverseDeviation,
  });
  return state;
}

function attend({ kernels, shape, parameters }: Network, batch: Batch, b: number, block: BlockState): void {
  const { size } = shape;
  const weights = parameters.blocks[b];
  const { rows } = batch;
  const [mean, inverseDeviation] = block.moments;
  kernels.layerNormForward({
    rows,
    size,
    input: block.input,
    gain: weights.norm1Gain,
    bias: weights.norm1Bias,
    output: block.normed1,
    mean,
    inverseDeviation,
  });
  for (const [by, into] of [
    [weights.query, block.query],
    [weights.key, block.key],
    [weights.value, block.value],
  ]) {
    kernels.gemm({ m: rows, n: size, k: size, a: block.normed1, b: by, c: into });
  }
  for (const { part, attention } of attentionGroups(shape, batch, block)) {
    kernels.attentionForward({ ...attention, output: part(block.attended) });
  }
}

/** The calls of one block: a group of sequences of one length each, as views of the rows. */
function attentionGroups(
  { heads, size }: SasrecShape,
  batch: Batch,
  block: BlockState,
): { part: (rows: Float32Array) => Float32Array; attention: Attention }[] {
  let weightsAt = 0;
  return batch.groups.map(({ row, batch: sequences, length, start }) => {
    const part = (rows: Float32Array) => rows.subarray(row * size, (row + sequences * length) * size);
    const from = weightsAt;
    weightsAt += sequences * heads * length * length;
    const attention: Attention = {
      batch: sequences,
      heads,
      length,
      headSize: size / heads,
      query: part(block.query),
      key: part(block.key),
      value: part(block.value),
      start,
      weights: block.attentionWeights.subarray(from, weightsAt),
    };
    return { part, attention };
  });
}

/** relu(norm(middle) · expand + bias) · contract + bias, into `into`. */
function feed(
  { kernels, shape, parameters }: Network,
  b: number,
  block: BlockState,
  rows: number,
  into: Float32Array,
): void {
  const { size, inner } = shape;
  const weights = parameters.blocks[b];
  const [, , mean, inverseDeviation] = block.moments;
  kernels.layerNormForward({
    rows,
    size,
    input: block.middle,
    gain: weights.norm2Gain,
    bias: weights.norm2Bias,
    output: block.normed2,
    mean,
    inverseDeviation,
  });
  kernels.gemm({ m: rows, n: inner, k: size, a: block.normed2, b: weights.expand, c: block.expanded });
  kernels.biasActivation({
    rows,
    size: inner,
    values: block.expanded,
    bias: weights.expandBias,
    activation: 'relu',
    output: block.expanded,
  });
  kernels.gemm({ m: rows, n: size, k: inner, a: block.expanded, b: weights.contract, c: into });
  addBias(kernels, into, weights.contractBias, size);
}

/**
 * Gradients of all parameters except those that come from comparing `hidden` with the vectors of items, which the loss adds itself.
 * @param hiddenGradient rows × size; overwritten.
 * @param gradients flat, as the parameters; added to for norms, biases and tables, so it starts at zero.
 */
export function backward(
  network: Network,
  batch: Batch,
  state: NetworkState,
  hiddenGradient: Float32Array,
  gradients: Float32Array,
  dropout?: NetworkDropout,
): void {
  const { kernels, buffers, shape, parameters } = network;
  const { size } = shape;
  const { rows } = batch;
  const into = viewParameters(shape, gradients);
  const stream = buffers.float32(rows * size);
  const work = takeWork(network, rows);
  kernels.layerNormBackward({
    rows,
    size,
    input: state.last,
    gain: parameters.lastGain,
    mean: state.lastMean,
    inverseDeviation: state.lastInverseDeviation,
    outputGradient: hiddenGradient,
    inputGradient: stream,
    gainGradient: into.lastGain,
    biasGradient: into.lastBias,
  });
  for (let b = shape.blocks - 1; b >= 0; b--) {
    const block = state.blocks[b];
    work.branch.set(stream);
    drop(kernels, work.branch, dropout, 2 * b + 2);
    feedBackward(network, b, block, rows, work, into.blocks[b]);
    kernels.addScaledRows(stream, work.normGradient, work.ones, size);
    work.branch.set(stream);
    drop(kernels, work.branch, dropout, 2 * b + 1);
    attendBackward(network, batch, b, block, work, into.blocks[b]);
    kernels.addScaledRows(stream, work.normGradient, work.ones, size);
  }
  drop(kernels, stream, dropout, 0);
  kernels.scatterAddRows({ rows, size, table: into.position, index: batch.position, values: stream });
  kernels.scatterAddRows({
    rows,
    size,
    table: into.item,
    index: batch.item,
    values: stream,
    scale: Math.sqrt(size),
  });
}

type BackwardWork = {
  /** Gradient of what a branch added to the stream; then of its inner layers. */
  readonly branch: Float32Array;
  readonly layer: Float32Array;
  readonly inner: Float32Array;
  /** What a branch gives back to the stream. */
  readonly normGradient: Float32Array;
  readonly query: Float32Array;
  readonly key: Float32Array;
  readonly value: Float32Array;
  readonly ones: Float32Array;
};

function takeWork({ buffers, shape }: Network, rows: number): BackwardWork {
  const wide = () => buffers.float32(rows * shape.size);
  return {
    branch: wide(),
    layer: wide(),
    inner: buffers.float32(rows * shape.inner),
    normGradient: wide(),
    query: wide(),
    key: wide(),
    value: wide(),
    ones: buffers.float32(rows).fill(1),
  };
}

function feedBackward(
  { kernels, shape, parameters }: Network,
  b: number,
  block: BlockState,
  rows: number,
  work: BackwardWork,
  into: BlockParameters,
): void {
  const { size, inner } = shape;
  const weights = parameters.blocks[b];
  addBiasGradient(kernels, work.branch, into.contractBias, size);
  kernels.gemm({ m: inner, n: size, k: rows, a: block.expanded, b: work.branch, c: into.contract, transposeA: true });
  kernels.gemm({ m: rows, n: inner, k: size, a: work.branch, b: weights.contract, c: work.inner, transposeB: true });
  kernels.biasActivationBackward({
    rows,
    size: inner,
    values: block.expanded,
    activation: 'relu',
    outputGradient: work.inner,
    inputGradient: work.inner,
    biasGradient: into.expandBias,
  });
  kernels.gemm({ m: size, n: inner, k: rows, a: block.normed2, b: work.inner, c: into.expand, transposeA: true });
  kernels.gemm({ m: rows, n: size, k: inner, a: work.inner, b: weights.expand, c: work.layer, transposeB: true });
  kernels.layerNormBackward({
    rows,
    size,
    input: block.middle,
    gain: weights.norm2Gain,
    mean: block.moments[2],
    inverseDeviation: block.moments[3],
    outputGradient: work.layer,
    inputGradient: work.normGradient,
    gainGradient: into.norm2Gain,
    biasGradient: into.norm2Bias,
  });
}

function attendBackward(
  { kernels, shape, parameters }: Network,
  batch: Batch,
  b: number,
  block: BlockState,
  work: BackwardWork,
  into: BlockParameters,
): void {
  const { size } = shape;
  const weights = parameters.blocks[b];
  const { rows } = batch;
  addBiasGradient(kernels, work.branch, into.outputBias, size);
  kernels.gemm({ m: size, n: size, k: rows, a: block.attended, b: work.branch, c: into.output, transposeA: true });
  kernels.gemm({ m: rows, n: size, k: size, a: work.branch, b: weights.output, c: work.layer, transposeB: true });
  for (const { part, attention } of attentionGroups(shape, batch, block)) {
    kernels.attentionBackward({
      ...attention,
      outputGradient: part(work.layer),
      queryGradient: part(work.query),
      keyGradient: part(work.key),
      valueGradient: part(work.value),
    });
  }
  const projections = [
    [work.query, weights.query, into.query],
    [work.key, weights.key, into.key],
    [work.value, weights.value, into.value],
  ] as const;
  for (const [at, [gradient, by, target]] of projections.entries()) {
    kernels.gemm({ m: size, n: size, k: rows, a: block.normed1, b: gradient, c: target, transposeA: true });
    const beta = at === 0 ? 0 : 1;
    kernels.gemm({ m: rows, n: size, k: size, a: gradient, b: by, c: work.layer, transposeB: true, beta });
  }
  kernels.layerNormBackward({
    rows,
    size,
    input: block.input,
    gain: weights.norm1Gain,
    mean: block.moments[0],
    inverseDeviation: block.moments[1],
    outputGradient: work.layer,
    inputGradient: work.normGradient,
    gainGradient: into.norm1Gain,
    biasGradient: into.norm1Bias,
  });
}

function addBias(kernels: Kernels, values: Float32Array, bias: Float32Array, size: number): void {
  kernels.biasActivation({ rows: values.length / size, size, values, bias, activation: 'none', output: values });
}

/** Sums the rows of a gradient into that of the bias; the gradient stays as it is. */
function addBiasGradient(kernels: Kernels, values: Float32Array, biasGradient: Float32Array, size: number): void {
  kernels.biasActivationBackward({
    rows: values.length / size,
    size,
    values,
    activation: 'none',
    outputGradient: values,
    inputGradient: values,
    biasGradient,
  });
}

function drop(kernels: Kernels, values: Float32Array, dropout: NetworkDropout | undefined, place: number): void {
  if (dropout && dropout.rate > 0) kernels.dropout(values, dropoutAt(dropout, place));
}

/** Another mask in each place of the network. */
function dropoutAt({ rate, seed }: NetworkDropout, place: number): Dropout {
  return { rate, seed: (seed ^ Math.imul(place + 1, 0x85ebca6b)) >>> 0 };
}
