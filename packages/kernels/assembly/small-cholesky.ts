import { multiplyTiles, packTransposedPanel } from './tile';

/**
 * Lower Cholesky factor in place, on one thread, 8 columns at a time: what the columns before take from them is one product, and
 * so is the division by their own corner, whose inverse is small. What is above the diagonal means nothing afterwards.
 * @param row bytes from row to row.
 * @param work 256 + 32 n bytes; `spare` TILE_BYTES.
 * @returns false when not positive definite.
 */
export function choleskyInPlace(matrix: usize, row: usize, n: i32, work: usize, spare: usize): bool {
  const packed = work + 256;
  for (let first = 0; first < n; first += 8) {
    const width = min(8, n - first);
    const left = matrix + <usize>first * row;
    const corner = left + ((<usize>first) << 2);
    if (first > 0) {
      packTransposedPanel(left, row, first, width, packed);
      multiplyTiles(n - first, width, first, left, row, packed, 0, corner, row, -1, 1, spare);
    }
    if (!factorCorner(corner, row, width, work)) return false;
    const below = corner + <usize>width * row;
    // In place: a tile reads its six rows before it writes them.
    multiplyTiles(n - first - width, width, width, below, row, work, 0, below, row, 1, 0, spare);
  }
  return true;
}

/** The factor L of a corner of 8 × 8 at most, and its inverse transposed as a panel of 8 columns. */
function factorCorner(corner: usize, row: usize, width: i32, panel: usize): bool {
  for (let i = 0; i < width; i++) {
    const line = corner + <usize>i * row;
    for (let j = 0; j <= i; j++) {
      const other = corner + <usize>j * row;
      const at = line + ((<usize>j) << 2);
      let sum = load<f32>(at);
      for (let l: usize = 0; l < (<usize>j) << 2; l += 4) sum -= load<f32>(line + l) * load<f32>(other + l);
      if (i === j && !(sum > 0)) return false;
      store<f32>(at, i === j ? sqrt<f32>(sum) : sum / load<f32>(other + ((<usize>j) << 2)));
    }
  }
  memory.fill(panel, 0, 256);
  for (let j = 0; j < width; j++) {
    // Column j of the inverse is row j of the panel.
    const inverse = panel + ((<usize>j) << 5);
    for (let i = j; i < width; i++) {
      const line = corner + <usize>i * row;
      let sum: f32 = i === j ? 1 : 0;
      for (let l = j; l < i; l++) sum -= load<f32>(line + ((<usize>l) << 2)) * load<f32>(inverse + ((<usize>l) << 2));
      store<f32>(inverse + ((<usize>i) << 2), sum / load<f32>(line + ((<usize>i) << 2)));
    }
  }
  return true;
}
