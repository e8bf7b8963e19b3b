import { loadPart, madd } from './simd';

// The one product everything rests on: 6 rows of a times a panel of 8 columns of b. Twelve accumulators, two columns and one
// factor fill the 16 vector registers; k is unrolled by four, which alone is worth half the speed.

/** Bytes of scratch that `multiplyTiles` needs at `spare`. */
export const TILE_BYTES: usize = 192;

/**
 * c ← alpha · a b + beta · c for one tile of 6 × 8.
 * @param rows of a to read, 1 to 6; the tile's other rows repeat the last.
 * @param aRow, cRow bytes from row to row. c is not read when beta is 0.
 */
function multiplyTile(
  a: usize,
  aRow: usize,
  rows: i32,
  b: usize,
  k: i32,
  c: usize,
  cRow: usize,
  alpha: f32,
  beta: f32,
): void {
  let a0 = a;
  let a1 = rows > 1 ? a0 + aRow : a0;
  let a2 = rows > 2 ? a1 + aRow : a1;
  let a3 = rows > 3 ? a2 + aRow : a2;
  let a4 = rows > 4 ? a3 + aRow : a3;
  let a5 = rows > 5 ? a4 + aRow : a4;
  let c00 = f32x4.splat(0);
  let c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c31 = f32x4.splat(0);
  let c40 = f32x4.splat(0);
  let c41 = f32x4.splat(0);
  let c50 = f32x4.splat(0);
  let c51 = f32x4.splat(0);
  let b0: v128;
  let b1: v128;
  let x: v128;
  let l = 0;
  for (; l + 4 <= k; l += 4) {
    b0 = v128.load(b);
    b1 = v128.load(b, 16);
    x = v128.load_splat<f32>(a0);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load_splat<f32>(a1);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load_splat<f32>(a2);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load_splat<f32>(a3);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    x = v128.load_splat<f32>(a4);
    c40 = madd(x, b0, c40);
    c41 = madd(x, b1, c41);
    x = v128.load_splat<f32>(a5);
    c50 = madd(x, b0, c50);
    c51 = madd(x, b1, c51);
    b0 = v128.load(b, 32);
    b1 = v128.load(b, 48);
    x = v128.load_splat<f32>(a0, 4);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load_splat<f32>(a1, 4);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load_splat<f32>(a2, 4);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load_splat<f32>(a3, 4);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    x = v128.load_splat<f32>(a4, 4);
    c40 = madd(x, b0, c40);
    c41 = madd(x, b1, c41);
    x = v128.load_splat<f32>(a5, 4);
    c50 = madd(x, b0, c50);
    c51 = madd(x, b1, c51);
    b0 = v128.load(b, 64);
    b1 = v128.load(b, 80);
    x = v128.load_splat<f32>(a0, 8);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load_splat<f32>(a1, 8);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load_splat<f32>(a2, 8);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load_splat<f32>(a3, 8);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    x = v128.load_splat<f32>(a4, 8);
    c40 = madd(x, b0, c40);
    c41 = madd(x, b1, c41);
    x = v128.load_splat<f32>(a5, 8);
    c50 = madd(x, b0, c50);
    c51 = madd(x, b1, c51);
    b0 = v128.load(b, 96);
    b1 = v128.load(b, 112);
    x = v128.load_splat<f32>(a0, 12);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load_splat<f32>(a1, 12);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load_splat<f32>(a2, 12);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load_splat<f32>(a3, 12);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    x = v128.load_splat<f32>(a4, 12);
    c40 = madd(x, b0, c40);
    c41 = madd(x, b1, c41);
    x = v128.load_splat<f32>(a5, 12);
    c50 = madd(x, b0, c50);
    c51 = madd(x, b1, c51);
    b += 128;
    a0 += 16;
    a1 += 16;
    a2 += 16;
    a3 += 16;
    a4 += 16;
    a5 += 16;
  }
  for (; l < k; l++) {
    b0 = v128.load(b);
    b1 = v128.load(b, 16);
    x = v128.load_splat<f32>(a0);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load_splat<f32>(a1);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load_splat<f32>(a2);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load_splat<f32>(a3);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    x = v128.load_splat<f32>(a4);
    c40 = madd(x, b0, c40);
    c41 = madd(x, b1, c41);
    x = v128.load_splat<f32>(a5);
    c50 = madd(x, b0, c50);
    c51 = madd(x, b1, c51);
    b += 32;
    a0 += 4;
    a1 += 4;
    a2 += 4;
    a3 += 4;
    a4 += 4;
    a5 += 4;
  }
  putRow(c, c00, c01, alpha, beta);
  c += cRow;
  putRow(c, c10, c11, alpha, beta);
  c += cRow;
  putRow(c, c20, c21, alpha, beta);
  c += cRow;
  putRow(c, c30, c31, alpha, beta);
  c += cRow;
  putRow(c, c40, c41, alpha, beta);
  c += cRow;
  putRow(c, c50, c51, alpha, beta);
}

export function putRow(c: usize, low: v128, high: v128, alpha: f32, beta: f32): void {
  const factor = f32x4.splat(alpha);
  if (beta === 0) {
    v128.store(c, f32x4.mul(low, factor));
    v128.store(c, f32x4.mul(high, factor), 16);
  } else {
    const keep = f32x4.splat(beta);
    v128.store(c, madd(low, factor, f32x4.mul(v128.load(c), keep)));
    v128.store(c, madd(high, factor, f32x4.mul(v128.load(c, 16), keep)), 16);
  }
}

/**
 * c ← alpha · a b + beta · c, m × n by inner k, on one thread.
 * @param packed panels of 8 columns of b as `packPanels` leaves them, `panelBytes` from one to the next.
 * @param spare TILE_BYTES of scratch for tiles at the edges.
 */
export function multiplyTiles(
  m: i32,
  n: i32,
  k: i32,
  a: usize,
  aRow: usize,
  packed: usize,
  panelBytes: usize,
  c: usize,
  cRow: usize,
  alpha: f32,
  beta: f32,
  spare: usize,
): void {
  for (let j = 0; j < n; j += 8) {
    const columns = min(8, n - j);
    const b = packed + <usize>(j >> 3) * panelBytes;
    let tileA = a;
    let tileC = c + ((<usize>j) << 2);
    for (let i = 0; i < m; i += 6) {
      const rows = min(6, m - i);
      if (rows === 6 && columns === 8) multiplyTile(tileA, aRow, 6, b, k, tileC, cRow, alpha, beta);
      else {
        multiplyTile(tileA, aRow, rows, b, k, spare, 32, alpha, 0);
        putPart(tileC, cRow, spare, rows, columns, beta);
      }
      tileA += aRow * 6;
      tileC += cRow * 6;
    }
  }
}

export function putPart(c: usize, cRow: usize, tile: usize, rows: i32, columns: i32, beta: f32): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const at = c + ((<usize>j) << 2);
      const value = load<f32>(tile + ((<usize>j) << 2));
      store<f32>(at, beta === 0 ? value : value + beta * load<f32>(at));
    }
    c += cRow;
    tile += 32;
  }
}

/**
 * Panels of 8 columns, each k rows of 8 numbers in a line, missing columns 0.
 * @param b k × n, or n × k when `transposed`; `bRow` bytes from row to row.
 */
export function packPanels(b: usize, bRow: usize, k: i32, n: i32, transposed: bool, packed: usize): void {
  for (let j = 0; j < n; j += 8) {
    const columns = min(8, n - j);
    if (transposed) packTransposedPanel(b + <usize>j * bRow, bRow, k, columns, packed);
    else packPanel(b + ((<usize>j) << 2), bRow, k, columns, packed);
    packed += (<usize>k) << 5;
  }
}

export function packPanel(b: usize, bRow: usize, k: i32, columns: i32, packed: usize): void {
  for (let l = 0; l < k; l++) {
    if (columns === 8) {
      v128.store(packed, v128.load(b));
      v128.store(packed, v128.load(b, 16), 16);
    } else {
      v128.store(packed, loadPart(b, columns));
      v128.store(packed, loadPart(b + 16, columns - 4), 16);
    }
    b += bRow;
    packed += 32;
  }
}

export function packTransposedPanel(b: usize, bRow: usize, k: i32, columns: i32, packed: usize): void {
  const half = bRow << 2;
  let l = 0;
  if (columns === 8) {
    for (; l + 4 <= k; l += 4) {
      const from = b + ((<usize>l) << 2);
      const into = packed + ((<usize>l) << 5);
      transposeFour(from, bRow, into, 32);
      transposeFour(from + half, bRow, into + 16, 32);
    }
  }
  for (; l < k; l++) {
    const from = b + ((<usize>l) << 2);
    const into = packed + ((<usize>l) << 5);
    for (let j = 0; j < 8; j++) {
      store<f32>(into + ((<usize>j) << 2), j < columns ? load<f32>(from + <usize>j * bRow) : 0);
    }
  }
}

/** A 4 × 4 block with rows and columns exchanged. */
export function transposeFour(from: usize, fromRow: usize, into: usize, intoRow: usize): void {
  const r0 = v128.load(from);
  const r1 = v128.load(from + fromRow);
  const r2 = v128.load(from + fromRow * 2);
  const r3 = v128.load(from + fromRow * 3);
  const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(into, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
  v128.store(into + intoRow, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7));
  v128.store(into + intoRow * 2, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5));
  v128.store(into + intoRow * 3, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7));
}

/** into (columns × rows) ← from (rows × columns) transposed. */
export function transposeInto(from: usize, fromRow: usize, rows: i32, columns: i32, into: usize, intoRow: usize): void {
  for (let i = 0; i < rows; i += 4) {
    for (let j = 0; j < columns; j += 4) {
      const source = from + <usize>i * fromRow + ((<usize>j) << 2);
      const target = into + <usize>j * intoRow + ((<usize>i) << 2);
      if (i + 4 <= rows && j + 4 <= columns) transposeFour(source, fromRow, target, intoRow);
      else {
        const lastRow = min(4, rows - i);
        const lastColumn = min(4, columns - j);
        for (let r = 0; r < lastRow; r++) {
          for (let c = 0; c < lastColumn; c++) {
            store<f32>(
              target + <usize>c * intoRow + ((<usize>r) << 2),
              load<f32>(source + <usize>r * fromRow + ((<usize>c) << 2)),
            );
          }
        }
      }
    }
  }
}
