import { madd } from './simd';
import { putPart, putRow } from './tile';

// aᵀ b where a and b are both read as they lie: row by row of k, 6 columns of a against 8 of b. For tall a and b, of which a run of
// rows fits the first cache, so that nothing needs to be packed or turned.

/**
 * c ← aᵀ b + beta · c, m × n by inner k.
 * @param aRow, bRow, cRow bytes from row to row. Up to 28 bytes after the last row may be read.
 * @param isLower only tiles that touch the lower triangle.
 * @param spare TILE_BYTES of scratch.
 */
export function multiplyTurnedTiles(
  m: i32,
  n: i32,
  k: i32,
  a: usize,
  aRow: usize,
  b: usize,
  bRow: usize,
  c: usize,
  cRow: usize,
  beta: f32,
  isLower: bool,
  spare: usize,
): void {
  for (let j = 0; j < n; j += 8) {
    const columns = min(8, n - j);
    const panel = b + ((<usize>j) << 2);
    // Tiles wholly above the diagonal end before row j.
    for (let i = isLower ? (j / 6) * 6 : 0; i < m; i += 6) {
      const rows = min(6, m - i);
      const left = a + ((<usize>i) << 2);
      const into = c + <usize>i * cRow + ((<usize>j) << 2);
      if (rows === 6 && columns === 8) multiplyTurnedTile(left, aRow, panel, bRow, k, into, cRow, beta);
      else {
        multiplyTurnedTile(left, aRow, panel, bRow, k, spare, 32, 0);
        putPart(into, cRow, spare, rows, columns, beta);
      }
    }
  }
}

function multiplyTurnedTile(
  a: usize,
  aRow: usize,
  b: usize,
  bRow: usize,
  k: i32,
  c: usize,
  cRow: usize,
  beta: f32,
): void {
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
  for (; l + 2 <= k; l += 2) {
    b0 = v128.load(b);
    b1 = v128.load(b, 16);
    x = v128.load_splat<f32>(a);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load_splat<f32>(a, 4);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load_splat<f32>(a, 8);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load_splat<f32>(a, 12);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    x = v128.load_splat<f32>(a, 16);
    c40 = madd(x, b0, c40);
    c41 = madd(x, b1, c41);
    x = v128.load_splat<f32>(a, 20);
    c50 = madd(x, b0, c50);
    c51 = madd(x, b1, c51);
    a += aRow;
    b += bRow;
    b0 = v128.load(b);
    b1 = v128.load(b, 16);
    x = v128.load_splat<f32>(a);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load_splat<f32>(a, 4);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load_splat<f32>(a, 8);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load_splat<f32>(a, 12);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    x = v128.load_splat<f32>(a, 16);
    c40 = madd(x, b0, c40);
    c41 = madd(x, b1, c41);
    x = v128.load_splat<f32>(a, 20);
    c50 = madd(x, b0, c50);
    c51 = madd(x, b1, c51);
    a += aRow;
    b += bRow;
  }
  if (l < k) {
    b0 = v128.load(b);
    b1 = v128.load(b, 16);
    x = v128.load_splat<f32>(a);
    c00 = madd(x, b0, c00);
    c01 = madd(x, b1, c01);
    x = v128.load_splat<f32>(a, 4);
    c10 = madd(x, b0, c10);
    c11 = madd(x, b1, c11);
    x = v128.load_splat<f32>(a, 8);
    c20 = madd(x, b0, c20);
    c21 = madd(x, b1, c21);
    x = v128.load_splat<f32>(a, 12);
    c30 = madd(x, b0, c30);
    c31 = madd(x, b1, c31);
    x = v128.load_splat<f32>(a, 16);
    c40 = madd(x, b0, c40);
    c41 = madd(x, b1, c41);
    x = v128.load_splat<f32>(a, 20);
    c50 = madd(x, b0, c50);
    c51 = madd(x, b1, c51);
  }
  putRow(c, c00, c01, 1, beta);
  c += cRow;
  putRow(c, c10, c11, 1, beta);
  c += cRow;
  putRow(c, c20, c21, 1, beta);
  c += cRow;
  putRow(c, c30, c31, 1, beta);
  c += cRow;
  putRow(c, c40, c41, 1, beta);
  c += cRow;
  putRow(c, c50, c51, 1, beta);
}
