import type { CholeskySolve, Gemm, NearestCentre, RowDots, RowDotsInt8, Syrk } from '../matrices.ts';
import type { Call } from './call.ts';

/** Bytes of scratch for tiles at the edges; TILE_BYTES in assembly/tile.ts. */
export const tileBytes = 192;
const rowBlockMax = 96;
/** Numbers of b that are packed at a time: 64 MiB. */
const packedMax = 2 ** 24;
/** Widest sides that are read as they lie when the product is that of two tall ones. */
const tallMax = 512;
const inverseBlock = 128;
const choleskyBlock = 64;

type Product = {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** Addresses, and numbers from row to row. */
  readonly a: number;
  readonly aRow: number;
  readonly b: number;
  readonly bRow: number;
  readonly c: number;
  readonly cRow: number;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  /** Only what is on and below the diagonal of c. */
  readonly isLower?: boolean;
  readonly alpha: number;
  readonly beta: number;
};

export function gemm(call: Call, { m, n, k, a, b, c, transposeA, transposeB, alpha = 1, beta = 0 }: Gemm): void {
  if (m === 0 || n === 0) return;
  if (k === 0 || alpha === 0) {
    for (let at = 0; at < c.length; at++) c[at] = beta === 0 ? 0 : beta * c[at];
    return;
  }
  if (transposeA && !transposeB && Math.max(m, n) <= tallMax && k >= 4 * Math.max(m, n)) {
    const places = { m, n, k, a: call.read(a), b: call.read(b), isLower: false };
    sumStretches(call, places, (sums) => {
      for (let at = 0; at < m * n; at++) c[at] = alpha * sums[at] + (beta === 0 ? 0 : beta * c[at]);
    });
    return;
  }
  multiply(call, {
    m,
    n,
    k,
    a: call.read(a),
    aRow: transposeA ? m : k,
    b: call.read(b),
    bRow: transposeB ? k : n,
    c: beta === 0 ? call.write(c) : call.update(c),
    cRow: n,
    transposeA,
    transposeB,
    alpha,
    beta,
  });
}

export function syrk(call: Call, { n, k, a, c, alpha = 1, beta = 0 }: Syrk): void {
  if (n === 0 || k === 0) {
    gemm(call, { m: n, n, k, a, b: a, c, transposeA: true, alpha, beta });
    return;
  }
  if (n > tallMax || k < 4 * n) {
    gemmLowerAndMirror(call, { n, k, a, c, alpha, beta });
    return;
  }
  sumStretches(call, { m: n, n, k, a: call.read(a), b: call.read(a), isLower: true }, (sums) => {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        const [low, high] = [i * n + j, j * n + i];
        c[low] = alpha * sums[low] + (beta === 0 ? 0 : beta * c[low]);
        c[high] = c[low];
      }
    }
  });
}

type Stretches = {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a: number;
  readonly b: number;
  readonly isLower: boolean;
};

/** aᵀ b of tall a and b: sums over stretches of rows, then their sum in order. */
function sumStretches(call: Call, { m, n, k, a, b, isLower }: Stretches, take: (sums: Float32Array) => void): void {
  const mark = call.mark();
  const stretch = Math.ceil(k / 8 / 64) * 64;
  const pieces = Math.ceil(k / stretch);
  const sums = call.allocate(pieces * m * n * 4);
  call.run('productOfStretches', {
    wholes: [m, n, k, a, b, isLower ? 1 : 0, stretch, sums],
    scratchBytes: tileBytes,
    cost: 2 * m * n * k,
  });
  const parts = call.float32(sums, pieces * m * n);
  for (let piece = 1; piece < pieces; piece++) {
    for (let at = 0, from = piece * m * n; at < m * n; at++) parts[at] += parts[from + at];
  }
  take(parts);
  call.release(mark);
}

function gemmLowerAndMirror(call: Call, { n, k, a, c, alpha = 1, beta = 0 }: Syrk): void {
  const into = beta === 0 ? call.write(c) : call.update(c);
  const from = call.read(a);
  multiply(call, {
    m: n,
    n,
    k,
    a: from,
    aRow: n,
    b: from,
    bRow: n,
    c: into,
    cRow: n,
    transposeA: true,
    isLower: true,
    alpha,
    beta,
  });
  call.run('mirrorLower', { wholes: [n, into], reals: [1], cost: n * n });
}

/** Packs b, then multiplies blocks of rows; b in runs of columns that keep the packed part bounded. */
export function multiply(call: Call, product: Product): void {
  const { m, n, k, a, aRow, b, bRow, c, cRow, transposeA, transposeB, isLower, alpha, beta } = product;
  const columnsMax = Math.max(512, Math.floor(packedMax / k) & ~7);
  const mark = call.mark();
  const packed = call.allocate(k * Math.min(columnsMax, Math.ceil(n / 8) * 8) * 4);
  for (let first = 0; first < n; first += columnsMax) {
    const columns = Math.min(columnsMax, n - first);
    // Of a triangle, rows above the first column have nothing here.
    const skipped = isLower ? first : 0;
    pack(call, { k, n: columns, b: b + 4 * (transposeB ? first * bRow : first), bRow, transposeB, packed });
    const rowBlock = Math.min(rowBlockMax, Math.max(6, Math.ceil((m - skipped) / (6 * call.threads)) * 6));
    const rowPieces = Math.ceil((m - skipped) / rowBlock);
    const panels = Math.ceil(columns / 8);
    const panelPieces = isLower ? 1 : Math.min(panels, Math.max(1, Math.ceil((4 * call.threads) / rowPieces)));
    call.run('multiplyPacked', {
      wholes: [
        m - skipped,
        columns,
        k,
        a + 4 * skipped * (transposeA ? 1 : aRow),
        aRow,
        transposeA ? 1 : 0,
        packed,
        c + 4 * (first + skipped * cRow),
        cRow,
        rowBlock,
        Math.ceil(panels / panelPieces),
        isLower ? 1 : 0,
      ],
      reals: [alpha, beta],
      scratchBytes: tileBytes + (transposeA ? rowBlock * 1024 : 0),
      cost: 2 * (m - skipped) * columns * k,
    });
  }
  call.release(mark);
}

/** Panels of 8 columns of b (k × n, or n × k when transposed) at `packed`: k · ⌈n / 8⌉ · 32 bytes. */
export function pack(
  call: Call,
  panels: {
    readonly k: number;
    readonly n: number;
    readonly b: number;
    readonly bRow: number;
    readonly transposeB?: boolean;
    readonly packed: number;
  },
): void {
  const { k, n, b, bRow, transposeB, packed } = panels;
  call.run('packColumns', { wholes: [k, n, b, bRow, transposeB ? 1 : 0, packed], cost: 8 * k * n });
}

/** Blocks of columns: the diagonal block, the rows below it, and what they take from the rest. */
export function cholesky(call: Call, matrix: Float32Array, n: number): boolean {
  const lower = call.update(matrix);
  const state = call.allocate(4);
  for (let first = 0; first < n; first += choleskyBlock) {
    const size = Math.min(choleskyBlock, n - first);
    const corner = lower + 4 * (first * n + first);
    call.run('choleskyBlock', { wholes: [corner, n, size, state], scratchBytes: tileBytes + 256 + 32 * size });
    if (call.uint32(state, 1)[0] !== 0) return false;
    const rows = n - first - size;
    if (rows === 0) continue;
    const below = corner + 4 * size * n;
    call.run('solveBelow', { wholes: [corner, n, size, below, rows], cost: rows * size * size });
    multiply(call, {
      m: rows,
      n: rows,
      k: size,
      a: below,
      aRow: n,
      b: below,
      bRow: n,
      c: below + 4 * size,
      cRow: n,
      transposeB: true,
      isLower: true,
      alpha: -1,
      beta: 1,
    });
  }
  return true;
}

export function choleskySolve(call: Call, { n, columns, lower, b }: CholeskySolve): void {
  if (n === 0 || columns === 0) return;
  const factor = call.read(lower);
  const side = call.update(b);
  const blocks = Math.ceil(n / choleskyBlock);
  const update = { n: columns, bRow: columns, cRow: columns, aRow: n, alpha: -1, beta: 1 };
  for (let block = 0; block < blocks; block++) {
    const [first, size] = blockOf(block, n);
    const rest = n - first - size;
    solveDiagonal(call, { factor, side, n, columns, first, size, isForward: true });
    if (rest === 0) continue;
    const a = factor + 4 * ((first + size) * n + first);
    multiply(call, { ...update, m: rest, k: size, a, b: rowAt(first), c: rowAt(first + size) });
  }
  for (let block = blocks - 1; block >= 0; block--) {
    const [first, size] = blockOf(block, n);
    solveDiagonal(call, { factor, side, n, columns, first, size, isForward: false });
    if (first === 0) continue;
    multiply(call, {
      ...update,
      m: first,
      k: size,
      a: factor + 4 * first * n,
      transposeA: true,
      b: rowAt(first),
      c: side,
    });
  }

  function rowAt(row: number): number {
    return side + 4 * row * columns;
  }
}

function blockOf(block: number, n: number): [first: number, size: number] {
  const first = block * choleskyBlock;
  return [first, Math.min(choleskyBlock, n - first)];
}

function solveDiagonal(
  call: Call,
  block: {
    readonly factor: number;
    readonly side: number;
    readonly n: number;
    readonly columns: number;
    readonly first: number;
    readonly size: number;
    readonly isForward: boolean;
  },
): void {
  const { factor, side, n, columns, first, size, isForward } = block;
  const corner = factor + 4 * (first * n + first);
  const rows = side + 4 * first * columns;
  call.run('solveBlock', {
    wholes: [corner, n, size, rows, columns, columns, isForward ? 1 : 0],
    cost: size * size * columns,
  });
}

/**
 * The symmetric sweep (Gauss and Jordan by blocks, in place): for each block K of columns with D = A_KK,
 * A ← A − A_K D⁻¹ A_Kᵀ, A_K ← A_K D⁻¹, A_KK ← −D⁻¹; after all blocks A has become −A⁻¹. As many operations as Cholesky and
 * two triangular products, n³, but nearly all of them in one large product. Source: Goodnight (1979), Am. Stat. 33(3).
 */
export function invertPositiveDefinite(call: Call, matrix: Float32Array, n: number): boolean {
  const block = Math.min(inverseBlock, n);
  const corner = call.update(matrix);
  const columns = call.allocate(n * block * 4);
  const scaled = call.allocate(n * block * 4);
  const inverse = call.allocate(block * block * 4);
  const wide = call.allocate(block * block * 8);
  const state = call.allocate(4);
  for (let first = 0; first < n; first += block) {
    const size = Math.min(block, n - first);
    call.run('takeColumns', { wholes: [corner, n, first, size, columns], cost: 4 * n * size });
    call.run('invertBlock', { wholes: [corner + 4 * (first * n + first), n, size, inverse, wide, state] });
    if (call.uint32(state, 1)[0] !== 0) return false;
    multiply(call, {
      m: n,
      n: size,
      k: size,
      a: columns,
      aRow: size,
      b: inverse,
      bRow: size,
      c: scaled,
      cRow: size,
      alpha: 1,
      beta: 0,
    });
    multiply(call, {
      m: n,
      n,
      k: size,
      a: scaled,
      aRow: size,
      b: columns,
      bRow: size,
      c: corner,
      cRow: n,
      transposeB: true,
      isLower: true,
      alpha: -1,
      beta: 1,
    });
    call.run('putColumns', { wholes: [corner, n, first, size, scaled], cost: 4 * n * size });
  }
  call.run('mirrorLower', { wholes: [n, corner], reals: [-1], cost: n * n });
  return true;
}

export function rowDots(call: Call, { rows, size, matrix, by, output }: RowDots): void {
  call.run('rowDots', {
    wholes: [rows, size, call.read(matrix), call.read(by), by.length === size ? 0 : size, call.write(output)],
    cost: 2 * rows * size,
  });
}

export function rowDotsInt8(call: Call, { rows, size, matrix, by, scale, output }: RowDotsInt8): void {
  call.run('rowDotsInt8', {
    wholes: [rows, size, call.read(matrix), call.read(by), call.read(scale), call.write(output)],
    cost: rows * size,
  });
}

export function nearestCentres(call: Call, request: NearestCentre): number {
  const { points, centres, size, point, centre, nearest, distance } = request;
  const packed = call.allocate(size * Math.ceil(centres / 8) * 32);
  const centreAt = call.read(centre);
  pack(call, { k: size, n: centres, b: centreAt, bRow: size, transposeB: true, packed });
  const halfSquares = call.allocate(centres * 4);
  const halves = call.float32(halfSquares, centres);
  for (let c = 0; c < centres; c++) {
    let squares = 0;
    for (let l = c * size; l < (c + 1) * size; l++) squares += centre[l] ** 2;
    halves[c] = squares / 2;
  }
  call.run('nearestCentres', {
    wholes: [
      points,
      centres,
      size,
      call.read(point),
      packed,
      centreAt,
      halfSquares,
      call.write(nearest),
      call.write(distance),
    ],
    scratchBytes: tileBytes + 48 * 256 * 4,
    cost: 2 * points * centres * size,
  });
  call.copyBack();
  return distance.reduce((sum, squared) => sum + squared, 0);
}
