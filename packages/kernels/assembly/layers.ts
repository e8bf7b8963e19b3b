import { dropInto } from './dropping';
import { addScaled, dot, dotFour, exp1, exp4, largestLane, madd, sumLanes } from './simd';
import { address, real, takePiece, whole } from './work';

const NO_COLUMN: u32 = 0xffffffff;

/** A piece is 64 rows. */
export function layerNormForward(): void {
  const rows = whole(0);
  const size = whole(1);
  const bytes = (<usize>size) << 2;
  const gain = address(3);
  const bias = address(4);
  for (let first = takePiece() << 6; first < rows; first = takePiece() << 6) {
    for (let row = first; row < min(first + 64, rows); row++) {
      const input = address(2) + <usize>row * bytes;
      const output = address(5) + <usize>row * bytes;
      const mean = sumOf(input, size) / <f32>size;
      const inverse: f32 = 1 / sqrt<f32>(squaresAround(input, mean, size) / <f32>size + real(0));
      store<f32>(address(6) + ((<usize>row) << 2), mean);
      store<f32>(address(7) + ((<usize>row) << 2), inverse);
      let l: usize = 0;
      for (; l + 16 <= bytes; l += 16) {
        const normal = f32x4.mul(f32x4.sub(v128.load(input + l), f32x4.splat(mean)), f32x4.splat(inverse));
        v128.store(output + l, madd(normal, v128.load(gain + l), v128.load(bias + l)));
      }
      for (; l < bytes; l += 4) {
        const normal = (load<f32>(input + l) - mean) * inverse;
        store<f32>(output + l, normal * load<f32>(gain + l) + load<f32>(bias + l));
      }
    }
  }
}

function sumOf(values: usize, size: i32): f32 {
  let sums = f32x4.splat(0);
  let l = 0;
  for (; l + 4 <= size; l += 4) sums = f32x4.add(sums, v128.load(values + ((<usize>l) << 2)));
  let sum = sumLanes(sums);
  for (; l < size; l++) sum += load<f32>(values + ((<usize>l) << 2));
  return sum;
}

function squaresAround(values: usize, mean: f32, size: i32): f32 {
  let sums = f32x4.splat(0);
  let l = 0;
  for (; l + 4 <= size; l += 4) {
    const gap = f32x4.sub(v128.load(values + ((<usize>l) << 2)), f32x4.splat(mean));
    sums = madd(gap, gap, sums);
  }
  let sum = sumLanes(sums);
  for (; l < size; l++) {
    const gap = load<f32>(values + ((<usize>l) << 2)) - mean;
    sum += gap * gap;
  }
  return sum;
}

/** A piece is 256 rows; its sums for gain and bias go to their own place, and are added up in order by the caller. */
export function layerNormBackward(): void {
  const rows = whole(0);
  const size = whole(1);
  const bytes = (<usize>size) << 2;
  const gain = address(3);
  const partSums = address(8);
  for (let piece = takePiece(); piece << 8 < rows; piece = takePiece()) {
    const gainSums = partSums + <usize>piece * bytes * 2;
    const biasSums = gainSums + bytes;
    memory.fill(gainSums, 0, bytes * 2);
    for (let row = piece << 8; row < min((piece + 1) << 8, rows); row++) {
      const input = address(2) + <usize>row * bytes;
      const mean = load<f32>(address(4) + ((<usize>row) << 2));
      const inverse = load<f32>(address(5) + ((<usize>row) << 2));
      const outputGradient = address(6) + <usize>row * bytes;
      const inputGradient = address(7) + <usize>row * bytes;
      let scaled: f32 = 0;
      let product: f32 = 0;
      let scaledSums = f32x4.splat(0);
      let productSums = f32x4.splat(0);
      let l: usize = 0;
      for (; l + 16 <= bytes; l += 16) {
        const normal = f32x4.mul(f32x4.sub(v128.load(input + l), f32x4.splat(mean)), f32x4.splat(inverse));
        const gradient = v128.load(outputGradient + l);
        v128.store(gainSums + l, madd(gradient, normal, v128.load(gainSums + l)));
        v128.store(biasSums + l, f32x4.add(gradient, v128.load(biasSums + l)));
        const own = f32x4.mul(gradient, v128.load(gain + l));
        scaledSums = f32x4.add(scaledSums, own);
        productSums = madd(own, normal, productSums);
      }
      scaled = sumLanes(scaledSums);
      product = sumLanes(productSums);
      for (; l < bytes; l += 4) {
        const normal = (load<f32>(input + l) - mean) * inverse;
        const gradient = load<f32>(outputGradient + l);
        store<f32>(gainSums + l, load<f32>(gainSums + l) + gradient * normal);
        store<f32>(biasSums + l, load<f32>(biasSums + l) + gradient);
        scaled += gradient * load<f32>(gain + l);
        product += gradient * load<f32>(gain + l) * normal;
      }
      scaled /= <f32>size;
      product /= <f32>size;
      for (l = 0; l + 16 <= bytes; l += 16) {
        const normal = f32x4.mul(f32x4.sub(v128.load(input + l), f32x4.splat(mean)), f32x4.splat(inverse));
        const own = f32x4.mul(v128.load(outputGradient + l), v128.load(gain + l));
        const centred = f32x4.sub(f32x4.sub(own, f32x4.splat(scaled)), f32x4.mul(normal, f32x4.splat(product)));
        v128.store(inputGradient + l, f32x4.mul(centred, f32x4.splat(inverse)));
      }
      for (; l < bytes; l += 4) {
        const normal = (load<f32>(input + l) - mean) * inverse;
        const own = load<f32>(outputGradient + l) * load<f32>(gain + l);
        store<f32>(inputGradient + l, (own - scaled - normal * product) * inverse);
      }
    }
  }
}

/** Activations by number: 0 none, 1 relu, 2 gelu. A piece is 64 rows. */
export function biasActivation(): void {
  const rows = whole(0);
  const size = whole(1);
  const bytes = (<usize>size) << 2;
  const bias = address(3);
  const activation = whole(4);
  for (let first = takePiece() << 6; first < rows; first = takePiece() << 6) {
    for (let row = first; row < min(first + 64, rows); row++) {
      const values = address(2) + <usize>row * bytes;
      const output = address(5) + <usize>row * bytes;
      let l: usize = 0;
      for (; l + 16 <= bytes; l += 16) {
        const x = f32x4.add(v128.load(values + l), v128.load(bias + l));
        v128.store(values + l, x);
        v128.store(output + l, activate(activation, x));
      }
      for (; l < bytes; l += 4) {
        const x = load<f32>(values + l) + load<f32>(bias + l);
        store<f32>(values + l, x);
        store<f32>(output + l, f32x4.extract_lane(activate(activation, f32x4.splat(x)), 0));
      }
    }
  }
}

function activate(activation: i32, x: v128): v128 {
  if (activation === 0) return x;
  if (activation === 1) return f32x4.max(x, f32x4.splat(0));
  // ½(1 + tanh z) = 1 / (1 + e^(-2z))
  return f32x4.div(x, f32x4.add(f32x4.splat(1), exp4(f32x4.mul(geluArgument(x), f32x4.splat(-2)))));
}

/** √(2/π) (x + 0.044715 x³). */
function geluArgument(x: v128): v128 {
  const square = f32x4.mul(x, x);
  const factor = madd(square, f32x4.splat(0.7978845608 * 0.044715), f32x4.splat(0.7978845608));
  return f32x4.mul(x, factor);
}

function slope(activation: i32, x: v128): v128 {
  const one = f32x4.splat(1);
  if (activation === 0) return one;
  if (activation === 1) return v128.and(f32x4.gt(x, f32x4.splat(0)), one);
  const half = f32x4.div(one, f32x4.add(one, exp4(f32x4.mul(geluArgument(x), f32x4.splat(-2)))));
  const argumentSlope = madd(f32x4.mul(x, x), f32x4.splat(3 * 0.7978845608 * 0.044715), f32x4.splat(0.7978845608));
  // ½(1 + t) + ½ x (1 − t²) z′ with ½(1 + t) = half: 1 − t² = 4 half (1 − half)
  const rest = f32x4.mul(f32x4.mul(half, f32x4.sub(one, half)), f32x4.mul(f32x4.splat(2), f32x4.mul(x, argumentSlope)));
  return f32x4.add(half, rest);
}

/** A piece is 256 rows, with its own sums for the bias. */
export function biasActivationBackward(): void {
  const rows = whole(0);
  const size = whole(1);
  const bytes = (<usize>size) << 2;
  const activation = whole(3);
  const partSums = address(6);
  for (let piece = takePiece(); piece << 8 < rows; piece = takePiece()) {
    const sums = partSums + <usize>piece * bytes;
    memory.fill(sums, 0, bytes);
    for (let row = piece << 8; row < min((piece + 1) << 8, rows); row++) {
      const values = address(2) + <usize>row * bytes;
      const outputGradient = address(4) + <usize>row * bytes;
      const inputGradient = address(5) + <usize>row * bytes;
      let l: usize = 0;
      for (; l + 16 <= bytes; l += 16) {
        const gradient = f32x4.mul(v128.load(outputGradient + l), slope(activation, v128.load(values + l)));
        v128.store(inputGradient + l, gradient);
        v128.store(sums + l, f32x4.add(gradient, v128.load(sums + l)));
      }
      for (; l < bytes; l += 4) {
        const bend = f32x4.extract_lane(slope(activation, f32x4.splat(load<f32>(values + l))), 0);
        const gradient = load<f32>(outputGradient + l) * bend;
        store<f32>(inputGradient + l, gradient);
        store<f32>(sums + l, gradient + load<f32>(sums + l));
      }
    }
  }
}

/** A piece is 4096 numbers. */
export function dropout(): void {
  const length = <u32>whole(0);
  const values = address(1);
  const below = <u32>whole(2);
  const seed = <u32>whole(3);
  const factor = real(0);
  for (let first = (<u32>takePiece()) << 12; first < length; first = (<u32>takePiece()) << 12) {
    const place = values + ((<usize>first) << 2);
    dropInto(place, place, <i32>min<u32>(4096, length - first), first, seed, below, factor);
  }
}

/** A piece is 64 rows. */
export function gatherRows(): void {
  const rows = whole(0);
  const bytes = (<usize>whole(1)) << 2;
  for (let first = takePiece() << 6; first < rows; first = takePiece() << 6) {
    for (let row = first; row < min(first + 64, rows); row++) {
      const index = load<u32>(address(3) + ((<usize>row) << 2));
      const into = address(4) + <usize>row * bytes;
      memory.fill(into, 0, bytes);
      if (index !== NO_COLUMN) addScaled(into, address(2) + <usize>index * bytes, real(0), whole(1));
    }
  }
}

/** One thread: two rows may go to one place. */
export function scatterAddRows(): void {
  if (takePiece() !== 0) return;
  const rows = whole(0);
  const bytes = (<usize>whole(1)) << 2;
  for (let row = 0; row < rows; row++) {
    const index = load<u32>(address(3) + ((<usize>row) << 2));
    if (index === NO_COLUMN) continue;
    addScaled(address(2) + <usize>index * bytes, address(4) + <usize>row * bytes, real(0), whole(1));
  }
}

export function addScaledRows(): void {
  const rows = whole(0);
  const bytes = (<usize>whole(1)) << 2;
  for (let first = takePiece() << 6; first < rows; first = takePiece() << 6) {
    for (let row = first; row < min(first + 64, rows); row++) {
      const factor = load<f32>(address(4) + ((<usize>row) << 2));
      addScaled(address(2) + <usize>row * bytes, address(3) + <usize>row * bytes, factor, whole(1));
    }
  }
}

/**
 * Per row: logits → gradient; the largest logit minus the right one and the sum of exponentials go to `parts`, the caller takes
 * the logarithm. A piece is 16 rows.
 */
export function softmaxLoss(): void {
  const rows = whole(0);
  const columns = whole(1);
  const weight = address(4);
  const parts = address(5);
  for (let first = takePiece() << 4; first < rows; first = takePiece() << 4) {
    for (let row = first; row < min(first + 16, rows); row++) {
      const line = address(2) + ((<usize>row * <usize>columns) << 2);
      const right = line + ((<usize>load<u32>(address(3) + ((<usize>row) << 2))) << 2);
      const share: f32 = weight === 0 ? 1 : load<f32>(weight + ((<usize>row) << 2));
      const largest = largestOf(line, columns);
      store<f32>(parts + ((<usize>row) << 3), largest - load<f32>(right));
      const total = exponentials(line, largest, columns);
      store<f32>(parts + ((<usize>row) << 3), total, 4);
      scaleLine(line, share / total, columns);
      store<f32>(right, load<f32>(right) - share);
    }
  }
}

/** As `softmaxLoss`, with the right one apart and negatives that are the right one left out. */
export function sampledSoftmaxLoss(): void {
  const rows = whole(0);
  const negatives = whole(1);
  const positiveOf = address(4);
  const negativeOf = address(5);
  const weight = address(6);
  const parts = address(7);
  for (let first = takePiece() << 4; first < rows; first = takePiece() << 4) {
    for (let row = first; row < min(first + 16, rows); row++) {
      const line = address(3) + ((<usize>row * <usize>negatives) << 2);
      const positive = address(2) + ((<usize>row) << 2);
      const share: f32 = weight === 0 ? 1 : load<f32>(weight + ((<usize>row) << 2));
      excludeEqual(line, negativeOf, load<u32>(positiveOf + ((<usize>row) << 2)), negatives);
      const largest = max(load<f32>(positive), largestOf(line, negatives));
      store<f32>(parts + ((<usize>row) << 3), largest - load<f32>(positive));
      const own = exp1(load<f32>(positive) - largest);
      const total = own + exponentials(line, largest, negatives);
      store<f32>(parts + ((<usize>row) << 3), total, 4);
      store<f32>(positive, share * (own / total - 1));
      scaleLine(line, share / total, negatives);
    }
  }
}

function excludeEqual(line: usize, negativeOf: usize, right: u32, count: i32): void {
  const same = i32x4.splat(<i32>right);
  let j = 0;
  for (; j + 4 <= count; j += 4) {
    const at = (<usize>j) << 2;
    const isSame = i32x4.eq(v128.load(negativeOf + at), same);
    v128.store(line + at, v128.bitselect(f32x4.splat(-Infinity), v128.load(line + at), isSame));
  }
  for (; j < count; j++) {
    if (load<u32>(negativeOf + ((<usize>j) << 2)) === right) store<f32>(line + ((<usize>j) << 2), -Infinity);
  }
}

function largestOf(line: usize, count: i32): f32 {
  let most = f32x4.splat(-Infinity);
  let j = 0;
  for (; j + 4 <= count; j += 4) most = f32x4.max(most, v128.load(line + ((<usize>j) << 2)));
  let largest = largestLane(most);
  for (; j < count; j++) largest = max(largest, load<f32>(line + ((<usize>j) << 2)));
  return largest;
}

/** Each becomes e^(itself − largest), -∞ becomes 0. Returns their sum. */
function exponentials(line: usize, largest: f32, count: i32): f32 {
  const shift = f32x4.splat(largest);
  const nothing = f32x4.splat(-Infinity);
  let sums = f32x4.splat(0);
  let j = 0;
  for (; j + 4 <= count; j += 4) {
    const at = line + ((<usize>j) << 2);
    const x = v128.load(at);
    const value = v128.andnot(exp4(f32x4.sub(x, shift)), f32x4.eq(x, nothing));
    v128.store(at, value);
    sums = f32x4.add(sums, value);
  }
  let total = sumLanes(sums);
  for (; j < count; j++) {
    const at = line + ((<usize>j) << 2);
    const x = load<f32>(at);
    const value: f32 = x === -Infinity ? 0 : exp1(x - largest);
    store<f32>(at, value);
    total += value;
  }
  return total;
}

function scaleLine(line: usize, factor: f32, count: i32): void {
  let j = 0;
  for (; j + 4 <= count; j += 4) {
    const at = line + ((<usize>j) << 2);
    v128.store(at, f32x4.mul(v128.load(at), f32x4.splat(factor)));
  }
  for (; j < count; j++) {
    const at = line + ((<usize>j) << 2);
    store<f32>(at, load<f32>(at) * factor);
  }
}

/** A piece is 4096 numbers. Reals: 0 rate, 1 beta1, 2 beta2, 3 epsilon, 4 decay · rate, 5 and 6 the scales of both means, 7 and 8 what beta1 and beta2 lack to 1. */
export function adam(): void {
  const length = whole(0);
  const rate = f32x4.splat(real(0));
  const beta1 = f32x4.splat(real(1));
  const beta2 = f32x4.splat(real(2));
  const rest1 = f32x4.splat(real(7));
  const rest2 = f32x4.splat(real(8));
  const epsilon = f32x4.splat(real(3));
  const decay = f32x4.splat(real(4));
  const scale1 = f32x4.splat(real(5));
  const scale2 = f32x4.splat(real(6));
  for (let start = takePiece() << 12; start < length; start = takePiece() << 12) {
    const end = min(start + 4096, length);
    for (let at = start; at < end; at += 4) {
      const place = (<usize>at) << 2;
      const isWhole = at + 4 <= end;
      const gradient = part(address(2) + place, isWhole, end - at);
      const first = madd(gradient, rest1, f32x4.mul(part(address(3) + place, isWhole, end - at), beta1));
      const squared = f32x4.mul(gradient, gradient);
      const second = madd(squared, rest2, f32x4.mul(part(address(4) + place, isWhole, end - at), beta2));
      const parameter = part(address(1) + place, isWhole, end - at);
      const deviation = f32x4.add(f32x4.sqrt(f32x4.mul(second, scale2)), epsilon);
      const move = f32x4.mul(f32x4.div(f32x4.mul(first, scale1), deviation), rate);
      const moved = f32x4.sub(f32x4.sub(parameter, move), f32x4.mul(parameter, decay));
      putPart(address(1) + place, moved, isWhole, end - at);
      putPart(address(3) + place, first, isWhole, end - at);
      putPart(address(4) + place, second, isWhole, end - at);
    }
  }
}

function part(at: usize, isWhole: bool, count: i32): v128 {
  if (isWhole) return v128.load(at);
  let x = f32x4.splat(load<f32>(at));
  if (count > 1) x = f32x4.replace_lane(x, 1, load<f32>(at, 4));
  if (count > 2) x = f32x4.replace_lane(x, 2, load<f32>(at, 8));
  return x;
}

function putPart(at: usize, x: v128, isWhole: bool, count: i32): void {
  if (isWhole) {
    v128.store(at, x);
    return;
  }
  store<f32>(at, f32x4.extract_lane(x, 0));
  if (count > 1) store<f32>(at, f32x4.extract_lane(x, 1), 4);
  if (count > 2) store<f32>(at, f32x4.extract_lane(x, 2), 8);
}

/** Dot products of rows with one vector (`step` 0) or row by row. A piece is 256 rows. */
export function rowDots(): void {
  const rows = whole(0);
  const size = whole(1);
  const matrix = address(2);
  const by = address(3);
  const output = address(5);
  const bytes = (<usize>size) << 2;
  const step = (<usize>whole(4)) << 2;
  for (let first = takePiece() << 8; first < rows; first = takePiece() << 8) {
    const last = min(first + 256, rows);
    let row = first;
    if (step === 0) {
      for (; row + 4 <= last; row += 4) {
        dotFour(matrix + <usize>row * bytes, bytes, by, size, output + ((<usize>row) << 2));
      }
    }
    for (; row < last; row++) {
      const value = dot(matrix + <usize>row * bytes, by + <usize>row * step, size);
      store<f32>(output + ((<usize>row) << 2), value);
    }
  }
}

export function rowDotsInt8(): void {
  const rows = whole(0);
  const size = whole(1);
  for (let first = takePiece() << 8; first < rows; first = takePiece() << 8) {
    for (let row = first; row < min(first + 256, rows); row++) {
      const at = (<usize>row) << 2;
      const sum = dotInt8(address(2) + <usize>row * <usize>size, address(3), size);
      store<f32>(address(5) + at, <f32>sum * load<f32>(address(4) + at));
    }
  }
}

function dotInt8(a: usize, b: usize, size: i32): i32 {
  let sums = i32x4.splat(0);
  let l = 0;
  for (; l + 16 <= size; l += 16) {
    const x = v128.load(a + <usize>l);
    const y = v128.load(b + <usize>l);
    sums = i32x4.add(sums, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(x), i16x8.extend_low_i8x16_s(y)));
    sums = i32x4.add(sums, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(x), i16x8.extend_high_i8x16_s(y)));
  }
  let sum =
    i32x4.extract_lane(sums, 0) +
    i32x4.extract_lane(sums, 1) +
    i32x4.extract_lane(sums, 2) +
    i32x4.extract_lane(sums, 3);
  for (; l < size; l++) sum += <i32>load<i8>(a + <usize>l) * <i32>load<i8>(b + <usize>l);
  return sum;
}
