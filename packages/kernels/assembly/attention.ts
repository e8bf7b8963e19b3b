import { dropInto } from './dropping';
import { exp1, exp4, largestLane, sumLanes } from './simd';
import { multiplyTiles, packPanels, TILE_BYTES, transposeInto } from './tile';
import { address, real, scratch, takePiece, whole } from './work';

const BATCH = 0;
const HEADS = 1;
const LENGTH = 2;
const HEAD_SIZE = 3;
const QUERY = 4;
const KEY = 5;
const VALUE = 6;
const START = 7;
const WEIGHTS = 8;
const OUTPUT = 9;
const DROP_BELOW = 10;
const SEED = 11;
const QUERY_GRADIENT = 12;
const KEY_GRADIENT = 13;
const VALUE_GRADIENT = 14;

/** A piece is one head of one sequence. Real 0: 1 / √headSize, real 1: what dropout scales by. */
export function attentionForward(): void {
  const heads = whole(HEADS);
  const length = whole(LENGTH);
  const size = whole(HEAD_SIZE);
  const below = <u32>whole(DROP_BELOW);
  const rowBytes = (<usize>(heads * size)) << 2;
  const lineBytes = (<usize>length) << 2;
  const matrixBytes = <usize>length * lineBytes;
  const spare = scratch();
  const packedKey = spare + TILE_BYTES;
  const packedValue = packedKey + ((((<usize>length + 7) & ~7) * <usize>size) << 2);
  const dropped = packedValue + ((((<usize>size + 7) & ~7) * <usize>length) << 2);
  const pieces = whole(BATCH) * heads;
  for (let piece = takePiece(); piece < pieces; piece = takePiece()) {
    const sequence = piece / heads;
    const start = address(START) === 0 ? 0 : load<i32>(address(START) + ((<usize>sequence) << 2));
    const used = length - start;
    const corner = <usize>sequence * <usize>length * rowBytes + ((<usize>((piece % heads) * size)) << 2);
    const first = corner + <usize>start * rowBytes;
    const weights = address(WEIGHTS) + <usize>piece * matrixBytes;
    for (let i = 0; i < start; i++) memory.fill(address(OUTPUT) + corner + <usize>i * rowBytes, 0, (<usize>size) << 2);
    memory.fill(weights, 0, <usize>start * lineBytes);
    const inner = weights + <usize>start * lineBytes + ((<usize>start) << 2);
    packPanels(address(KEY) + first, rowBytes, size, used, true, packedKey);
    packPanels(address(VALUE) + first, rowBytes, used, size, false, packedValue);
    for (let i = 0; i < used; i += 6) {
      const rows = min(6, used - i);
      const seen = min(used, i + rows);
      const line = inner + <usize>i * lineBytes;
      const query = address(QUERY) + first + <usize>i * rowBytes;
      multiplyTiles(
        rows,
        seen,
        size,
        query,
        rowBytes,
        packedKey,
        (<usize>size) << 5,
        line,
        lineBytes,
        real(0),
        0,
        spare,
      );
      for (let r = 0; r < rows; r++) softmaxLine(line + <usize>r * lineBytes, i + r + 1, start, used);
      let mix = line;
      if (below !== 0) {
        for (let r = 0; r < rows; r++) {
          const position = <u32>((line - address(WEIGHTS)) >> 2) + <u32>(r * length);
          dropLine(line + <usize>r * lineBytes, dropped + <usize>r * lineBytes, seen, position, below);
        }
        mix = dropped;
      }
      const output = address(OUTPUT) + first + <usize>i * rowBytes;
      multiplyTiles(rows, size, seen, mix, lineBytes, packedValue, (<usize>used) << 5, output, rowBytes, 1, 0, spare);
    }
  }
}

/** Softmax of the first `count` scores of a line; zeros before (padding) and after. */
function softmaxLine(line: usize, count: i32, start: i32, used: i32): void {
  let largest: f32 = -Infinity;
  let j = 0;
  let most = f32x4.splat(-Infinity);
  for (; j + 4 <= count; j += 4) most = f32x4.max(most, v128.load(line + ((<usize>j) << 2)));
  largest = largestLane(most);
  for (; j < count; j++) largest = max(largest, load<f32>(line + ((<usize>j) << 2)));
  const shift = f32x4.splat(largest);
  let sums = f32x4.splat(0);
  for (j = 0; j + 4 <= count; j += 4) {
    const at = line + ((<usize>j) << 2);
    const value = exp4(f32x4.sub(v128.load(at), shift));
    v128.store(at, value);
    sums = f32x4.add(sums, value);
  }
  let total = sumLanes(sums);
  for (; j < count; j++) {
    const at = line + ((<usize>j) << 2);
    const value = exp1(load<f32>(at) - largest);
    store<f32>(at, value);
    total += value;
  }
  const share: f32 = 1 / total;
  for (j = 0; j + 4 <= count; j += 4) {
    const at = line + ((<usize>j) << 2);
    v128.store(at, f32x4.mul(v128.load(at), f32x4.splat(share)));
  }
  for (; j < count; j++) {
    const at = line + ((<usize>j) << 2);
    store<f32>(at, load<f32>(at) * share);
  }
  memory.fill(line + ((<usize>count) << 2), 0, (<usize>(used - count)) << 2);
  memory.fill(line - ((<usize>start) << 2), 0, (<usize>start) << 2);
}

/** into ← line, dropped or scaled. */
function dropLine(line: usize, into: usize, count: i32, position: u32, below: u32): void {
  dropInto(line, into, count, position, <u32>whole(SEED), below, real(1));
}

/** OUTPUT holds the gradient of the output. A piece is one head of one sequence. */
export function attentionBackward(): void {
  const heads = whole(HEADS);
  const length = whole(LENGTH);
  const size = whole(HEAD_SIZE);
  const below = <u32>whole(DROP_BELOW);
  const rowBytes = (<usize>(heads * size)) << 2;
  const lineBytes = (<usize>length) << 2;
  const matrixBytes = <usize>length * lineBytes;
  const panelRow = (<usize>size + 7) & ~7;
  const spare = scratch();
  const packed = spare + TILE_BYTES;
  const scores = packed + (max(panelRow * <usize>length, <usize>size * ((<usize>length + 7) & ~7)) << 2);
  const dropped = scores + matrixBytes;
  const turned = dropped + matrixBytes;
  const pieces = whole(BATCH) * heads;
  for (let piece = takePiece(); piece < pieces; piece = takePiece()) {
    const sequence = piece / heads;
    const start = address(START) === 0 ? 0 : load<i32>(address(START) + ((<usize>sequence) << 2));
    const used = length - start;
    const corner = <usize>sequence * <usize>length * rowBytes + ((<usize>((piece % heads) * size)) << 2);
    const first = corner + <usize>start * rowBytes;
    for (let i = 0; i < start; i++) {
      const at = corner + <usize>i * rowBytes;
      memory.fill(address(QUERY_GRADIENT) + at, 0, (<usize>size) << 2);
      memory.fill(address(KEY_GRADIENT) + at, 0, (<usize>size) << 2);
      memory.fill(address(VALUE_GRADIENT) + at, 0, (<usize>size) << 2);
    }
    if (used === 0) continue;
    const inner = address(WEIGHTS) + <usize>piece * matrixBytes + <usize>start * lineBytes + ((<usize>start) << 2);
    const position = <u32>((inner - address(WEIGHTS)) >> 2);
    const outputGradient = address(OUTPUT) + first;

    let mix = inner;
    if (below !== 0) {
      mix = dropped;
      for (let i = 0; i < used; i++) {
        const line = <usize>i * lineBytes;
        dropLine(inner + line, dropped + line, i + 1, position + <u32>(i * length), below);
        memory.fill(dropped + line + ((<usize>(i + 1)) << 2), 0, (<usize>(used - i - 1)) << 2);
      }
    }
    // Gradient of the values: mixᵀ · outputGradient.
    packPanels(outputGradient, rowBytes, used, size, false, packed);
    transposeInto(mix, lineBytes, used, used, turned, lineBytes);
    multiplyTurned(used, size, turned, lineBytes, packed, address(VALUE_GRADIENT) + first, rowBytes, 1, spare);
    // Gradient of the weights: outputGradient · valueᵀ, then through dropout and softmax.
    packPanels(address(VALUE) + first, rowBytes, size, used, true, packed);
    for (let i = 0; i < used; i += 6) {
      const rows = min(6, used - i);
      const line = scores + <usize>i * lineBytes;
      const from = outputGradient + <usize>i * rowBytes;
      multiplyTiles(
        rows,
        min(used, i + rows),
        size,
        from,
        rowBytes,
        packed,
        (<usize>size) << 5,
        line,
        lineBytes,
        1,
        0,
        spare,
      );
      for (let r = i; r < i + rows; r++) {
        const at = <usize>r * lineBytes;
        const place = position + <u32>(r * length);
        scoreGradientLine(scores + at, inner + at, r + 1, used, place, below);
      }
    }
    // Gradients of queries and keys: scores · key, scoresᵀ · query.
    packPanels(address(KEY) + first, rowBytes, used, size, false, packed);
    for (let i = 0; i < used; i += 6) {
      const rows = min(6, used - i);
      const into = address(QUERY_GRADIENT) + first + <usize>i * rowBytes;
      const line = scores + <usize>i * lineBytes;
      multiplyTiles(
        rows,
        size,
        min(used, i + rows),
        line,
        lineBytes,
        packed,
        (<usize>used) << 5,
        into,
        rowBytes,
        real(0),
        0,
        spare,
      );
    }
    packPanels(address(QUERY) + first, rowBytes, used, size, false, packed);
    transposeInto(scores, lineBytes, used, used, turned, lineBytes);
    multiplyTurned(used, size, turned, lineBytes, packed, address(KEY_GRADIENT) + first, rowBytes, real(0), spare);
  }
}

/** A product whose left side is upper triangular: what is left of the diagonal is not looked at. */
function multiplyTurned(
  used: i32,
  size: i32,
  turned: usize,
  lineBytes: usize,
  packed: usize,
  into: usize,
  rowBytes: usize,
  alpha: f32,
  spare: usize,
): void {
  for (let i = 0; i < used; i += 6) {
    multiplyTiles(
      min(6, used - i),
      size,
      used - i,
      turned + <usize>i * lineBytes + ((<usize>i) << 2),
      lineBytes,
      packed + ((<usize>i) << 5),
      (<usize>used) << 5,
      into + <usize>i * rowBytes,
      rowBytes,
      alpha,
      0,
      spare,
    );
  }
}

/** gradient ← weight · (factor · gradient − mean), where mean = Σ weight · factor · gradient; zeros after `count`. */
function scoreGradientLine(gradient: usize, weight: usize, count: i32, used: i32, position: u32, below: u32): void {
  if (below !== 0) dropLine(gradient, gradient, count, position, below);
  let mean: f32 = 0;
  let sums = f32x4.splat(0);
  let j = 0;
  for (; j + 4 <= count; j += 4) {
    const at = (<usize>j) << 2;
    sums = f32x4.add(sums, f32x4.mul(v128.load(gradient + at), v128.load(weight + at)));
  }
  mean = sumLanes(sums);
  for (; j < count; j++) mean += load<f32>(gradient + ((<usize>j) << 2)) * load<f32>(weight + ((<usize>j) << 2));
  for (j = 0; j + 4 <= count; j += 4) {
    const at = (<usize>j) << 2;
    const centred = f32x4.sub(v128.load(gradient + at), f32x4.splat(mean));
    v128.store(gradient + at, f32x4.mul(centred, v128.load(weight + at)));
  }
  for (; j < count; j++) {
    const at = (<usize>j) << 2;
    store<f32>(gradient + at, (load<f32>(gradient + at) - mean) * load<f32>(weight + at));
  }
  memory.fill(gradient + ((<usize>count) << 2), 0, (<usize>(used - count)) << 2);
}
