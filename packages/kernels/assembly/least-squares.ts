import { addScaled, dot, madd, sumFour } from './simd';
import { choleskyInPlace } from './small-cholesky';
import { multiplyTiles, TILE_BYTES } from './tile';
import { multiplyTurnedTiles } from './turned-tile';
import { address, scratch, takePiece, whole } from './work';

/** Rows solved together: their products with the Gram matrix are one matrix product. */
const BLOCK = 48;

/** Where the arguments of a sweep lie; read anew in each function, so that they need no object. */
const ROWS = 0;
const OFFSETS = 1;
const COLUMN_OF = 2;
const WEIGHT_OF = 3;
const TARGET_OF = 4;
const FACTORS = 5;
const FIXED = 6;
const GRAM = 7;
const REGULARISATION = 8;
const PRIOR = 9;
const SOLVED = 10;
const STEPS = 11;
const STATE = 12;

/** See conjugateGradientSweep in src/reference; GRAM is packed in panels. */
export function conjugateGradients(): void {
  const rows = whole(ROWS);
  const factors = whole(FACTORS);
  const bytes = (<usize>factors) << 2;
  const gram = address(GRAM);
  const steps = whole(STEPS);
  const spare = scratch();
  const squares = spare + TILE_BYTES;
  const residuals = squares + <usize>BLOCK * 4;
  const directions = residuals + <usize>BLOCK * bytes;
  const images = directions + <usize>BLOCK * bytes;
  const panelBytes = (<usize>factors) << 5;
  for (let first = takePiece() * BLOCK; first < rows; first = takePiece() * BLOCK) {
    const count = min(BLOCK, rows - first);
    const solved = address(SOLVED) + <usize>first * bytes;
    multiplyTiles(count, factors, factors, solved, bytes, gram, panelBytes, images, bytes, 1, 0, spare);
    for (let i = 0; i < count; i++) {
      startRow(first + i, i, solved, residuals, directions, images, squares);
    }
    for (let step = 0; step < steps; step++) {
      multiplyTiles(count, factors, factors, directions, bytes, gram, panelBytes, images, bytes, 1, 0, spare);
      for (let i = 0; i < count; i++) {
        const at = <usize>i * bytes;
        stepRow(first + i, squares + ((<usize>i) << 2), solved + at, residuals + at, directions + at, images + at);
      }
    }
  }
}

/** residual ← right side − system · solution; direction ← residual. */
function startRow(
  row: i32,
  i: i32,
  solvedBlock: usize,
  residuals: usize,
  directions: usize,
  images: usize,
  squares: usize,
): void {
  const factors = whole(FACTORS);
  const bytes = (<usize>factors) << 2;
  const at = <usize>i * bytes;
  const solved = solvedBlock + at;
  const residual = residuals + at;
  const direction = directions + at;
  const regularisation = load<f32>(address(REGULARISATION) + ((<usize>row) << 2));
  const prior = address(PRIOR);
  const offsets = address(OFFSETS) + ((<usize>row) << 2);
  const from = load<u32>(offsets);
  const to = load<u32>(offsets, 4);
  if (from === to && prior === 0) {
    memory.fill(solved, 0, bytes);
    memory.fill(residual, 0, bytes);
  } else {
    const minus = f32x4.splat(-1);
    const pull = f32x4.splat(-regularisation);
    for (let l: usize = 0; l < bytes; l += 16) {
      v128.store(residual + l, madd(v128.load(solved + l), pull, f32x4.mul(v128.load(images + at + l), minus)));
    }
    if (prior !== 0) addScaled(residual, prior + <usize>row * bytes, regularisation, factors);
    addEntries(from, to, solved, residual, true);
  }
  memory.copy(direction, residual, bytes);
  store<f32>(squares + ((<usize>i) << 2), dot(residual, residual, factors));
}

function stepRow(row: i32, squaresAt: usize, solved: usize, residual: usize, direction: usize, image: usize): void {
  const squares = load<f32>(squaresAt);
  if (!(squares > 1e-20)) return;
  const factors = whole(FACTORS);
  const offsets = address(OFFSETS) + ((<usize>row) << 2);
  addScaled(image, direction, load<f32>(address(REGULARISATION) + ((<usize>row) << 2)), factors);
  addEntries(load<u32>(offsets), load<u32>(offsets, 4), direction, image, false);
  const length = squares / dot(direction, image, factors);
  addScaled(solved, direction, length, factors);
  addScaled(residual, image, -length, factors);
  const left = dot(residual, residual, factors);
  store<f32>(squaresAt, left);
  const keep = f32x4.splat(left / squares);
  const bytes = (<usize>factors) << 2;
  for (let l: usize = 0; l < bytes; l += 16) {
    v128.store(direction + l, madd(v128.load(direction + l), keep, v128.load(residual + l)));
  }
}

/**
 * into += Σ over entries of scale · y, where scale = weight · (y·x), or target − weight · (y·x) for a residual.
 * Four entries at a time: x and `into` are then read once for four.
 */
function addEntries(from: u32, to: u32, x: usize, into: usize, isResidual: bool): void {
  const fixed = address(FIXED);
  const bytes = (<usize>whole(FACTORS)) << 2;
  const columnOf = address(COLUMN_OF);
  const weightOf = address(WEIGHT_OF);
  const targetOf = address(TARGET_OF);
  let at = from;
  for (; at + 4 <= to; at += 4) {
    const columns = columnOf + ((<usize>at) << 2);
    const y0 = fixed + <usize>load<u32>(columns) * bytes;
    const y1 = fixed + <usize>load<u32>(columns, 4) * bytes;
    const y2 = fixed + <usize>load<u32>(columns, 8) * bytes;
    const y3 = fixed + <usize>load<u32>(columns, 12) * bytes;
    let scales = f32x4.mul(dotFour(x, y0, y1, y2, y3, bytes), v128.load(weightOf + ((<usize>at) << 2)));
    if (isResidual) scales = f32x4.sub(v128.load(targetOf + ((<usize>at) << 2)), scales);
    addFour(into, y0, y1, y2, y3, scales, bytes);
  }
  for (; at < to; at++) {
    const y = fixed + <usize>load<u32>(columnOf + ((<usize>at) << 2)) * bytes;
    const scale = dot(x, y, whole(FACTORS)) * load<f32>(weightOf + ((<usize>at) << 2));
    addScaled(into, y, isResidual ? load<f32>(targetOf + ((<usize>at) << 2)) - scale : scale, whole(FACTORS));
  }
}

function dotFour(x: usize, y0: usize, y1: usize, y2: usize, y3: usize, bytes: usize): v128 {
  let d0 = f32x4.splat(0);
  let d1 = f32x4.splat(0);
  let d2 = f32x4.splat(0);
  let d3 = f32x4.splat(0);
  let part: v128;
  const end = x + bytes;
  const paired = x + (bytes & ~31);
  while (x < paired) {
    part = v128.load(x);
    d0 = madd(part, v128.load(y0), d0);
    d1 = madd(part, v128.load(y1), d1);
    d2 = madd(part, v128.load(y2), d2);
    d3 = madd(part, v128.load(y3), d3);
    part = v128.load(x, 16);
    d0 = madd(part, v128.load(y0, 16), d0);
    d1 = madd(part, v128.load(y1, 16), d1);
    d2 = madd(part, v128.load(y2, 16), d2);
    d3 = madd(part, v128.load(y3, 16), d3);
    x += 32;
    y0 += 32;
    y1 += 32;
    y2 += 32;
    y3 += 32;
  }
  if (x < end) {
    part = v128.load(x);
    d0 = madd(part, v128.load(y0), d0);
    d1 = madd(part, v128.load(y1), d1);
    d2 = madd(part, v128.load(y2), d2);
    d3 = madd(part, v128.load(y3), d3);
  }
  return sumFour(d0, d1, d2, d3);
}

function addFour(into: usize, y0: usize, y1: usize, y2: usize, y3: usize, scales: v128, bytes: usize): void {
  const s0 = v128.shuffle<f32>(scales, scales, 0, 0, 0, 0);
  const s1 = v128.shuffle<f32>(scales, scales, 1, 1, 1, 1);
  const s2 = v128.shuffle<f32>(scales, scales, 2, 2, 2, 2);
  const s3 = v128.shuffle<f32>(scales, scales, 3, 3, 3, 3);
  let sum: v128;
  const end = into + bytes;
  const paired = into + (bytes & ~31);
  while (into < paired) {
    sum = madd(s0, v128.load(y0), v128.load(into));
    sum = madd(s1, v128.load(y1), sum);
    sum = madd(s2, v128.load(y2), sum);
    v128.store(into, madd(s3, v128.load(y3), sum));
    sum = madd(s0, v128.load(y0, 16), v128.load(into, 16));
    sum = madd(s1, v128.load(y1, 16), sum);
    sum = madd(s2, v128.load(y2, 16), sum);
    v128.store(into, madd(s3, v128.load(y3, 16), sum), 16);
    into += 32;
    y0 += 32;
    y1 += 32;
    y2 += 32;
    y3 += 32;
  }
  if (into < end) {
    sum = madd(s0, v128.load(y0), v128.load(into));
    sum = madd(s1, v128.load(y1), sum);
    sum = madd(s2, v128.load(y2), sum);
    v128.store(into, madd(s3, v128.load(y3), sum));
  }
}

/**
 * The exact solution of each row: its system in runs of 64 entries (one small matrix product each), its Cholesky factor, two
 * substitutions. `STATE` receives 1 + a row whose system is not positive definite.
 */
export function choleskySolutions(): void {
  const rows = whole(ROWS);
  const factors = whole(FACTORS);
  const bytes = (<usize>factors) << 2;
  const prior = address(PRIOR);
  const spare = scratch();
  const weighted = spare + TILE_BYTES;
  const plain = weighted + ((<usize>factors) << 8);
  const system = plain + ((<usize>factors) << 8) + 256;
  for (let first = takePiece() << 4; first < rows; first = takePiece() << 4) {
    for (let row = first; row < min(first + 16, rows); row++) {
      const offsets = address(OFFSETS) + ((<usize>row) << 2);
      const from = load<u32>(offsets);
      const to = load<u32>(offsets, 4);
      const solution = address(SOLVED) + <usize>row * bytes;
      const regularisation = load<f32>(address(REGULARISATION) + ((<usize>row) << 2));
      memory.fill(solution, 0, bytes);
      if (prior !== 0) addScaled(solution, prior + <usize>row * bytes, regularisation, factors);
      else if (from === to) continue;
      memory.copy(system, address(GRAM), <usize>factors * bytes);
      for (let f = 0; f < factors; f++) {
        const at = system + <usize>f * bytes + ((<usize>f) << 2);
        store<f32>(at, load<f32>(at) + regularisation);
      }
      for (let at = from; at < to; at += 64) {
        addEntriesToSystem(at, min(64, <i32>(to - at)), system, solution, weighted, plain, spare);
      }
      if (!choleskyInPlace(system, bytes, factors, weighted, spare)) atomic.store<i32>(address(STATE), row + 1);
      else substitute(system, bytes, factors, solution);
    }
  }
}

/** system += Σ weight · y yᵀ on and below the diagonal, side += Σ target · y, for up to 64 entries. */
function addEntriesToSystem(
  at: u32,
  count: i32,
  system: usize,
  side: usize,
  weighted: usize,
  plain: usize,
  spare: usize,
): void {
  const factors = whole(FACTORS);
  const bytes = (<usize>factors) << 2;
  for (let l = 0; l < count; l++) {
    const entry = (<usize>(at + l)) << 2;
    const y = address(FIXED) + <usize>load<u32>(address(COLUMN_OF) + entry) * bytes;
    const target = f32x4.splat(load<f32>(address(TARGET_OF) + entry));
    const weight = f32x4.splat(load<f32>(address(WEIGHT_OF) + entry));
    const row = <usize>l * bytes;
    for (let f: usize = 0; f < bytes; f += 16) {
      const part = v128.load(y + f);
      v128.store(plain + row + f, part);
      v128.store(weighted + row + f, f32x4.mul(part, weight));
      v128.store(side + f, madd(part, target, v128.load(side + f)));
    }
  }
  multiplyTurnedTiles(factors, factors, count, weighted, bytes, plain, bytes, system, bytes, 1, true, spare);
}

function substitute(lower: usize, row: usize, n: i32, x: usize): void {
  for (let i = 0; i < n; i++) {
    const line = lower + <usize>i * row;
    const at = x + ((<usize>i) << 2);
    store<f32>(at, (load<f32>(at) - dot(line, x, i)) / load<f32>(line + ((<usize>i) << 2)));
  }
  for (let i = n - 1; i >= 0; i--) {
    const line = lower + <usize>i * row;
    const at = x + ((<usize>i) << 2);
    const value = load<f32>(at) / load<f32>(line + ((<usize>i) << 2));
    store<f32>(at, value);
    addScaled(x, line, -value, i);
  }
}
