import { type Kernels, type SparseMatrix, transposeSparse } from '@zhiyin/kernels';
import { DomainError } from '../errors.ts';
import { normalDraw, seededRandom } from '../numerics/random.ts';
import { symmetricEigen } from '../numerics/symmetric-eigen.ts';

export type TruncatedSvd = {
  /** How many there are: fewer than asked for where the rank is lower. */
  readonly factors: number;
  /** Largest first. */
  readonly singularValues: Float64Array;
  /** columns × factors: right singular vectors. Left ones are matrix · right / singularValues. */
  readonly right: Float32Array;
};

export type TruncatedSvdOptions = {
  readonly factors: number;
  /** Size of the space searched, as a multiple of `factors`; more is more exact. */
  readonly spaceFactor?: number;
  /** Directions multiplied at once: more is quicker, fewer sharpen more. A tenth of the space, 32 at most, unless given. */
  readonly blockWidth?: number;
};

/** Directions are sharpened by being multiplied: a space of few wide blocks would hold little but noise. */
const blocksMin = 10;
/** Directions whose length falls below this share of their block's longest are noise. */
const rankTolerance = 1e-5;
/** Squared singular values below this share of the largest cannot be told from rounding in f32. */
const noiseShare = 1e-6;

/**
 * The largest singular values of a sparse matrix and their right vectors, by randomised block Krylov iteration on matrixᵀ matrix:
 * random directions are multiplied again and again, all directions so found are kept orthonormal, and the best vectors within
 * their span are taken. f32 with sums checked twice: vectors are orthonormal to about 1e-5.
 * Cost, m = factors · spaceFactor: O(entries · m + (rows + 2 columns) m² + m³). Memory: (rows + columns) m numbers.
 * Source: Musco and Musco (2015), NeurIPS 28.
 * @throws DomainError when `factors` is not a positive integer.
 */
export function truncatedSvd(
  matrix: SparseMatrix,
  options: TruncatedSvdOptions,
  { kernels, seed, progress }: { kernels: Kernels; seed: number; progress?: (done: number) => void },
): TruncatedSvd {
  const { factors, spaceFactor = 3 } = options;
  if (!Number.isInteger(factors) || factors < 1) {
    throw new DomainError(`truncatedSvd: factors must be a positive integer, got ${factors}`);
  }
  const rankMax = Math.min(matrix.rows, matrix.columns);
  const size = Math.min(rankMax, Math.max(factors + 32, Math.ceil(factors * spaceFactor)));
  const { blockWidth = Math.min(32, Math.ceil(size / blocksMin)) } = options;
  return kernels.scope(() => {
    const space = growSpace(kernels, matrix, size, Math.min(blockWidth, size), seed, (done) => progress?.(0.7 * done));
    const { values, vectors } = bestWithin(kernels, space, matrix.rows, factors);
    const rank = values.findIndex((value) => !(value > values[0] * noiseShare));
    const kept = Math.min(factors, rank === -1 ? values.length : rank);
    progress?.(1);
    return {
      factors: kept,
      singularValues: Float64Array.from(values.subarray(0, kept), Math.sqrt),
      right: combine(kernels, space, vectors, matrix.columns, kept).slice(),
    };
  });
}

/** Orthonormal directions in blocks, each columns × width, and what the matrix makes of them, rows × width. */
type Space = { readonly blocks: Block[]; size: number };
type Block = { readonly width: number; readonly direction: Float32Array; readonly image: Float32Array };

function growSpace(
  kernels: Kernels,
  matrix: SparseMatrix,
  size: number,
  blockWidth: number,
  seed: number,
  progress: (done: number) => void,
): Space {
  const turned = transposeSparse(matrix);
  const space: Space = { blocks: [], size: 0 };
  const random = seededRandom(seed);
  let width = blockWidth;
  let next = kernels.float32(matrix.columns * width);
  for (let at = 0; at < next.length; at++) next[at] = normalDraw(random);
  while (space.size < size) {
    const found = orthonormal(kernels, space, next, matrix.columns, width, size - space.size);
    if (found.width === 0) break; // the space holds all the matrix can reach
    const image = kernels.float32(matrix.rows * found.width);
    kernels.sparseTimesDense({ matrix, width: found.width, dense: found.direction, c: image });
    space.blocks.push({ ...found, image });
    space.size += found.width;
    width = found.width;
    next = kernels.float32(matrix.columns * width);
    kernels.sparseTimesDense({ matrix: turned, width, dense: image, c: next });
    progress(space.size / size);
  }
  return space;
}

/** What is new in `directions`: freed of the space's directions and of one another, twice over. */
function orthonormal(
  kernels: Kernels,
  space: Space,
  directions: Float32Array,
  columns: number,
  width: number,
  widthMax: number,
): { readonly width: number; readonly direction: Float32Array } {
  let current = { width, direction: directions };
  for (let round = 0; round < 2 && current.width > 0; round++) {
    const before = longest(current.direction, columns, current.width);
    for (const block of space.blocks) removeBlock(kernels, block, current, columns);
    current = whiten(kernels, current, columns, before * rankTolerance, widthMax);
  }
  return current;
}

function removeBlock(
  kernels: Kernels,
  block: Block,
  from: { width: number; direction: Float32Array },
  columns: number,
) {
  kernels.scope(() => {
    const share = kernels.float32(block.width * from.width);
    kernels.gemm({
      m: block.width,
      n: from.width,
      k: columns,
      a: block.direction,
      b: from.direction,
      c: share,
      transposeA: true,
    });
    kernels.gemm({
      m: columns,
      n: from.width,
      k: block.width,
      a: block.direction,
      b: share,
      c: from.direction,
      alpha: -1,
      beta: 1,
    });
  });
}

/** X ← X E D^-½ with XᵀX = E D Eᵀ, leaving out directions shorter than `shortest`. */
function whiten(
  kernels: Kernels,
  { width, direction }: { width: number; direction: Float32Array },
  columns: number,
  shortest: number,
  widthMax: number,
): { readonly width: number; readonly direction: Float32Array } {
  const gram = new Float32Array(width * width);
  kernels.syrk({ n: width, k: columns, a: direction, c: gram });
  const { values, vectors } = symmetricEigen(Float64Array.from(gram), width);
  const least = Math.max(shortest ** 2, values[0] * rankTolerance ** 2, Number.MIN_VALUE);
  const isNoise = values.findIndex((value) => !(value > least));
  const kept = Math.min(widthMax, isNoise === -1 ? width : isNoise);
  const whitened = kernels.float32(columns * kept);
  if (kept === 0) return { width: 0, direction: whitened };
  const turn = new Float32Array(width * kept);
  for (let at = 0; at < kept; at++) {
    for (let f = 0; f < width; f++) turn[f * kept + at] = vectors[at * width + f] / Math.sqrt(values[at]);
  }
  kernels.gemm({ m: columns, n: kept, k: width, a: direction, b: turn, c: whitened });
  return { width: kept, direction: whitened };
}

/** Largest column length. */
function longest(directions: Float32Array, columns: number, width: number): number {
  const squares = new Float64Array(width);
  for (let row = 0, at = 0; row < columns; row++) {
    for (let f = 0; f < width; f++, at++) squares[f] += directions[at] * directions[at];
  }
  return Math.sqrt(squares.reduce((most, value) => Math.max(most, value), 0));
}

/** Eigenvalues of (matrix · space)ᵀ (matrix · space), and the first vectors in coordinates of the space. */
function bestWithin(kernels: Kernels, { blocks, size }: Space, rows: number, count: number) {
  return kernels.scope(() => {
    const image = kernels.float32(rows * size);
    let start = 0;
    for (const block of blocks) {
      for (let row = 0; row < rows; row++) {
        image.set(block.image.subarray(row * block.width, (row + 1) * block.width), row * size + start);
      }
      start += block.width;
    }
    const gram = kernels.float32(size * size);
    kernels.syrk({ n: size, k: rows, a: image, c: gram });
    return symmetricEigen(Float64Array.from(gram), size, count);
  });
}

function combine(
  kernels: Kernels,
  { blocks, size }: Space,
  vectors: Float64Array,
  columns: number,
  kept: number,
): Float32Array {
  const right = kernels.float32(columns * kept);
  let start = 0;
  for (const block of blocks) {
    const share = new Float32Array(block.width * kept);
    for (let f = 0; f < block.width; f++) {
      for (let at = 0; at < kept; at++) share[f * kept + at] = vectors[at * size + start + f];
    }
    kernels.gemm({
      m: columns,
      n: kept,
      k: block.width,
      a: block.direction,
      b: share,
      c: right,
      beta: 1,
    });
    start += block.width;
  }
  return right;
}
