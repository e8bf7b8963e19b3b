import { dot, madd } from './simd';
import { choleskyInPlace } from './small-cholesky';
import { multiplyTiles, packPanel, packTransposedPanel, TILE_BYTES, transposeInto } from './tile';
import { multiplyTurnedTiles } from './turned-tile';
import { address, real, scratch, takePiece, whole } from './work';

/** Packs b into panels of 8 columns; a piece is 16 panels. */
export function packColumns(): void {
  const k = whole(0);
  const n = whole(1);
  const b = address(2);
  const bRow = (<usize>whole(3)) << 2;
  const transposed = whole(4) !== 0;
  const packed = address(5);
  const panels = (n + 7) >> 3;
  for (let first = takePiece() << 4; first < panels; first = takePiece() << 4) {
    for (let panel = first; panel < min(first + 16, panels); panel++) {
      const columns = min(8, n - (panel << 3));
      const into = packed + <usize>panel * ((<usize>k) << 5);
      if (transposed) packTransposedPanel(b + <usize>(panel << 3) * bRow, bRow, k, columns, into);
      else packPanel(b + ((<usize>panel) << 5), bRow, k, columns, into);
    }
  }
}

/**
 * c ← alpha · op(a) b + beta · c with b packed. A piece is a block of rows by a range of panels; k goes in runs of 256, so that a
 * panel's run stays in the first cache and a block of a in the second.
 */
export function multiplyPacked(): void {
  const m = whole(0);
  const n = whole(1);
  const k = whole(2);
  const a = address(3);
  const aRow = (<usize>whole(4)) << 2;
  const transposedA = whole(5) !== 0;
  const packed = address(6);
  const c = address(7);
  const cRow = (<usize>whole(8)) << 2;
  const rowBlock = whole(9);
  const panelBlock = whole(10);
  const isLower = whole(11) !== 0;
  const alpha = real(0);
  const beta = real(1);
  const spare = scratch();
  const turned = spare + TILE_BYTES;

  const panels = (n + 7) >> 3;
  const rowPieces = (m + rowBlock - 1) / rowBlock;
  const panelPieces = (panels + panelBlock - 1) / panelBlock;
  const pieces = rowPieces * panelPieces;
  const panelBytes = (<usize>k) << 5;
  for (let piece = takePiece(); piece < pieces; piece = takePiece()) {
    // The longest rows of a triangle first: what is left for the end is short.
    const rowPiece = isLower ? rowPieces - 1 - piece / panelPieces : piece / panelPieces;
    const firstRow = rowPiece * rowBlock;
    const rows = min(rowBlock, m - firstRow);
    const firstColumn = (piece % panelPieces) * panelBlock * 8;
    let columns = min(panelBlock * 8, n - firstColumn);
    if (isLower) columns = min(columns, firstRow + rows - firstColumn);
    if (columns <= 0) continue;
    const into = c + <usize>firstRow * cRow + ((<usize>firstColumn) << 2);
    const panel = packed + <usize>(firstColumn >> 3) * panelBytes;
    for (let run = 0; run < k; run += 256) {
      const length = min(256, k - run);
      let left = a + <usize>firstRow * aRow + ((<usize>run) << 2);
      let leftRow = aRow;
      if (transposedA) {
        transposeInto(a + <usize>run * aRow + ((<usize>firstRow) << 2), aRow, length, rows, turned, 1024);
        left = turned;
        leftRow = 1024;
      }
      multiplyTiles(
        rows,
        columns,
        length,
        left,
        leftRow,
        panel + ((<usize>run) << 5),
        panelBytes,
        into,
        cRow,
        alpha,
        run === 0 ? beta : 1,
        spare,
      );
    }
  }
}

/**
 * aᵀ b over fixed stretches of rows, one m × n sum per piece: for tall a and b, where pieces of the result would be too few.
 * Within a stretch k goes in runs of which a and b stay in the first cache.
 */
export function productOfStretches(): void {
  const m = whole(0);
  const n = whole(1);
  const k = whole(2);
  const a = address(3);
  const b = address(4);
  const isLower = whole(5) !== 0;
  const stretch = whole(6);
  const sums = address(7);
  const spare = scratch();
  const pieces = (k + stretch - 1) / stretch;
  const aRow = (<usize>m) << 2;
  const bRow = (<usize>n) << 2;
  const run = max(32, 4096 / max(m, n));
  for (let piece = takePiece(); piece < pieces; piece = takePiece()) {
    const into = sums + <usize>piece * <usize>m * bRow;
    const start = piece * stretch;
    const end = min(k, start + stretch);
    for (let row = start; row < end; row += run) {
      const length = min(run, end - row);
      const beta: f32 = row === start ? 0 : 1;
      const left = a + <usize>row * aRow;
      const right = b + <usize>row * bRow;
      multiplyTurnedTiles(m, n, length, left, aRow, right, bRow, into, bRow, beta, isLower, spare);
    }
  }
}

/** Upper triangle ← lower, in blocks of 64 × 64; `factor` scales both. */
export function mirrorLower(): void {
  const n = whole(0);
  const matrix = address(1);
  const factor = real(0);
  const row = (<usize>n) << 2;
  const blocks = (n + 63) >> 6;
  for (let block = takePiece(); block < blocks; block = takePiece()) {
    const firstRow = block << 6;
    const rows = min(64, n - firstRow);
    for (let column = 0; column <= firstRow; column += 64) {
      const columns = min(64, n - column);
      for (let i = firstRow; i < firstRow + rows; i++) {
        const line = matrix + <usize>i * row;
        for (let j = column; j < min(column + columns, i + 1); j++) {
          const value = factor * load<f32>(line + ((<usize>j) << 2));
          store<f32>(line + ((<usize>j) << 2), value);
          store<f32>(matrix + <usize>j * row + ((<usize>i) << 2), value);
        }
      }
    }
  }
}

/** A block of a Cholesky factorisation; `state` becomes 1 when it is not positive definite. */
export function choleskyBlock(): void {
  if (takePiece() !== 0) return;
  const spare = scratch();
  const ok = choleskyInPlace(address(0), (<usize>whole(1)) << 2, whole(2), spare + TILE_BYTES, spare);
  store<i32>(address(3), ok ? 0 : 1);
}

/** Rows of x with x · Lᵀ = the rows that stand there: what is below a diagonal block. A piece is 32 rows. */
export function solveBelow(): void {
  const lower = address(0);
  const row = (<usize>whole(1)) << 2;
  const n = whole(2);
  const below = address(3);
  const rows = whole(4);
  for (let first = takePiece() << 5; first < rows; first = takePiece() << 5) {
    for (let i = first; i < min(first + 32, rows); i++) {
      const line = below + <usize>i * row;
      for (let j = 0; j < n; j++) {
        const other = lower + <usize>j * row;
        const at = line + ((<usize>j) << 2);
        store<f32>(at, (load<f32>(at) - dot(line, other, j)) / load<f32>(other + ((<usize>j) << 2)));
      }
    }
  }
}

/** Solves L x = b (`forward`) or Lᵀ x = b for one diagonal block and a run of columns of b. A piece is 64 columns. */
export function solveBlock(): void {
  const lower = address(0);
  const row = (<usize>whole(1)) << 2;
  const n = whole(2);
  const b = address(3);
  const bRow = (<usize>whole(4)) << 2;
  const columns = whole(5);
  const isForward = whole(6) !== 0;
  for (let first = takePiece() << 6; first < columns; first = takePiece() << 6) {
    const width = min(64, columns - first);
    for (let step = 0; step < n; step++) {
      const i = isForward ? step : n - 1 - step;
      const line = b + <usize>i * bRow + ((<usize>first) << 2);
      for (let before = 0; before < step; before++) {
        const l = isForward ? before : n - 1 - before;
        const factor = isForward
          ? load<f32>(lower + <usize>i * row + ((<usize>l) << 2))
          : load<f32>(lower + <usize>l * row + ((<usize>i) << 2));
        subtractScaled(line, b + <usize>l * bRow + ((<usize>first) << 2), factor, width);
      }
      const inverse: f32 = 1 / load<f32>(lower + <usize>i * row + ((<usize>i) << 2));
      for (let j = 0; j < width; j++)
        store<f32>(line + ((<usize>j) << 2), load<f32>(line + ((<usize>j) << 2)) * inverse);
    }
  }
}

function subtractScaled(into: usize, from: usize, factor: f32, size: i32): void {
  const factors = f32x4.splat(-factor);
  let l = 0;
  for (; l + 4 <= size; l += 4) {
    v128.store(into, madd(v128.load(from), factors, v128.load(into)));
    into += 16;
    from += 16;
  }
  for (; l < size; l++) {
    store<f32>(into, load<f32>(into) - factor * load<f32>(from));
    into += 4;
    from += 4;
  }
}

/**
 * The columns of one block of a symmetric matrix of which the lower triangle counts, as n × size: below the diagonal they stand
 * there, above they are rows. The block's own rows become 0. A piece is 64 rows.
 */
export function takeColumns(): void {
  const matrix = address(0);
  const n = whole(1);
  const first = whole(2);
  const size = whole(3);
  const columns = address(4);
  const row = (<usize>n) << 2;
  const columnsRow = (<usize>size) << 2;
  for (let i = takePiece() << 6; i < n; i = takePiece() << 6) {
    const end = min(i + 64, n);
    // Above the block, at the block, below it: a run of 64 rows may touch all three.
    const above = min(end, first);
    if (i < above) {
      transposeInto(
        matrix + <usize>first * row + ((<usize>i) << 2),
        row,
        size,
        above - i,
        columns + <usize>i * columnsRow,
        columnsRow,
      );
    }
    for (let r = max(i, first); r < end; r++) {
      const into = columns + <usize>r * columnsRow;
      if (r < first + size) memory.fill(into, 0, columnsRow);
      else memory.copy(into, matrix + <usize>r * row + ((<usize>first) << 2), columnsRow);
    }
  }
}

/** The opposite of `takeColumns`, leaving the block's own rows as they are. */
export function putColumns(): void {
  const matrix = address(0);
  const n = whole(1);
  const first = whole(2);
  const size = whole(3);
  const columns = address(4);
  const row = (<usize>n) << 2;
  const columnsRow = (<usize>size) << 2;
  for (let i = takePiece() << 6; i < n; i = takePiece() << 6) {
    const end = min(i + 64, n);
    const above = min(end, first);
    if (i < above) {
      transposeInto(
        columns + <usize>i * columnsRow,
        columnsRow,
        above - i,
        size,
        matrix + <usize>first * row + ((<usize>i) << 2),
        row,
      );
    }
    for (let r = max(i, first + size); r < end; r++) {
      memory.copy(matrix + <usize>r * row + ((<usize>first) << 2), columns + <usize>r * columnsRow, columnsRow);
    }
  }
}

/**
 * Inverse of one diagonal block in f64 (Gauss and Jordan, in place, no pivots: it is positive definite), as f32 into `inverse`
 * and, negated, back into the lower triangle of the matrix. `state` becomes 1 when it is not positive definite.
 */
export function invertBlock(): void {
  if (takePiece() !== 0) return;
  const block = address(0);
  const row = (<usize>whole(1)) << 2;
  const n = whole(2);
  const inverse = address(3);
  const wide = address(4);
  const state = address(5);
  const wideRow = (<usize>n) << 3;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const value = <f64>load<f32>(block + <usize>i * row + ((<usize>j) << 2));
      store<f64>(wide + <usize>i * wideRow + ((<usize>j) << 3), value);
      store<f64>(wide + <usize>j * wideRow + ((<usize>i) << 3), value);
    }
  }
  for (let pivotRow = 0; pivotRow < n; pivotRow++) {
    const line = wide + <usize>pivotRow * wideRow;
    const pivot = load<f64>(line + ((<usize>pivotRow) << 3));
    if (!(pivot > 0)) {
      store<i32>(state, 1);
      return;
    }
    const scale = 1 / pivot;
    store<f64>(line + ((<usize>pivotRow) << 3), 1);
    for (let j = 0; j < n; j++) store<f64>(line + ((<usize>j) << 3), load<f64>(line + ((<usize>j) << 3)) * scale);
    for (let i = 0; i < n; i++) {
      if (i === pivotRow) continue;
      const other = wide + <usize>i * wideRow;
      const factor = load<f64>(other + ((<usize>pivotRow) << 3));
      store<f64>(other + ((<usize>pivotRow) << 3), 0);
      subtractScaledWide(other, line, factor, n);
    }
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const value = <f32>(
        (0.5 *
          (load<f64>(wide + <usize>i * wideRow + ((<usize>j) << 3)) +
            load<f64>(wide + <usize>j * wideRow + ((<usize>i) << 3))))
      );
      store<f32>(inverse + ((<usize>i * <usize>n + <usize>j) << 2), value);
      if (j <= i) store<f32>(block + <usize>i * row + ((<usize>j) << 2), -value);
    }
  }
  store<i32>(state, 0);
}

function subtractScaledWide(into: usize, from: usize, factor: f64, size: i32): void {
  const factors = f64x2.splat(factor);
  let l = 0;
  for (; l + 2 <= size; l += 2) {
    v128.store(into, f64x2.sub(v128.load(into), f64x2.mul(v128.load(from), factors)));
    into += 16;
    from += 16;
  }
  if (l < size) store<f64>(into, load<f64>(into) - factor * load<f64>(from));
}
