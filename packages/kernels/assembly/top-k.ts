import { multiplyTiles, TILE_BYTES } from './tile';
import { address, scratch, takePiece, whole } from './work';

// The k best of a row stand in a heap with the worst on top. A score is compared with that worst four at a time, so nearly all of
// them cost a quarter of a comparison. Columns come in ascending order: of equal scores the first stays.

const NO_COLUMN: u32 = 0xffffffff;

/** Columns scored at a time per block of rows: 48 rows of them stay in the first two caches. */
const STRIP = 256;
const ROWS = 48;

/** See scoreTopK in src/reference; right is packed in panels. A piece is 48 rows. */
export function scoreTopK(): void {
  const rows = whole(0);
  const columns = whole(1);
  const factors = whole(2);
  const left = address(3);
  const packed = address(4);
  const k = whole(5);
  const columnBias = address(6);
  const excludeOffsets = address(7);
  const excludeColumnOf = address(8);
  const bestColumn = address(9);
  const bestScore = address(10);
  const bestCount = address(11);
  const spare = scratch();
  const scores = spare + TILE_BYTES;
  const bytes = (<usize>factors) << 2;
  const panelBytes = (<usize>factors) << 5;
  for (let first = takePiece() * ROWS; first < rows; first = takePiece() * ROWS) {
    const count = min(ROWS, rows - first);
    startRows(first, first + count, k, bestColumn, bestScore, bestCount);
    for (let column = 0; column < columns; column += STRIP) {
      const width = min(STRIP, columns - column);
      const panels = packed + <usize>(column >> 3) * panelBytes;
      const from = left + <usize>first * bytes;
      multiplyTiles(count, width, factors, from, bytes, panels, panelBytes, scores, STRIP << 2, 1, 0, spare);
      for (let i = 0; i < count; i++) {
        const row = first + i;
        const line = scores + <usize>i * (STRIP << 2);
        if (columnBias !== 0) addBias(line, columnBias + ((<usize>column) << 2), width);
        let from: usize = 0;
        let to: usize = 0;
        if (excludeOffsets !== 0) {
          from = excludeColumnOf + ((<usize>load<u32>(excludeOffsets + ((<usize>row) << 2))) << 2);
          to = excludeColumnOf + ((<usize>load<u32>(excludeOffsets + ((<usize>row) << 2), 4)) << 2);
        }
        offerRow(line, width, column, row, k, bestColumn, bestScore, bestCount, from, to);
      }
    }
    for (let i = first; i < first + count; i++) sortRow(i, k, bestColumn, bestScore, bestCount);
  }
}

/** A piece is 8 rows. */
export function topKRows(): void {
  const rows = whole(0);
  const columns = whole(1);
  const scores = address(2);
  const k = whole(3);
  const bestColumn = address(4);
  const bestScore = address(5);
  const bestCount = address(6);
  for (let first = takePiece() << 3; first < rows; first = takePiece() << 3) {
    const last = min(first + 8, rows);
    startRows(first, last, k, bestColumn, bestScore, bestCount);
    for (let row = first; row < last; row++) {
      const line = scores + ((<usize>row * <usize>columns) << 2);
      offerRow(line, columns, 0, row, k, bestColumn, bestScore, bestCount, 0, 0);
      sortRow(row, k, bestColumn, bestScore, bestCount);
    }
  }
}

function addBias(scores: usize, bias: usize, width: i32): void {
  let j = 0;
  for (; j + 4 <= width; j += 4) {
    const at = (<usize>j) << 2;
    v128.store(scores + at, f32x4.add(v128.load(scores + at), v128.load(bias + at)));
  }
  for (; j < width; j++) {
    const at = (<usize>j) << 2;
    store<f32>(scores + at, load<f32>(scores + at) + load<f32>(bias + at));
  }
}

export function startRows(from: i32, to: i32, k: i32, bestColumn: usize, bestScore: usize, bestCount: usize): void {
  for (let at = <usize>from * <usize>k; at < <usize>to * <usize>k; at++) {
    store<u32>(bestColumn + (at << 2), NO_COLUMN);
    store<f32>(bestScore + (at << 2), -Infinity);
  }
  memory.fill(bestCount + ((<usize>from) << 2), 0, (<usize>(to - from)) << 2);
}

/** Offers `width` scores, of the columns from `firstColumn` on, to a row's heap, except the columns listed in [excludeFrom, excludeTo). */
export function offerRow(
  scores: usize,
  width: i32,
  firstColumn: i32,
  row: i32,
  k: i32,
  bestColumn: usize,
  bestScore: usize,
  bestCount: usize,
  excludeFrom: usize,
  excludeTo: usize,
): void {
  if (k === 0) return;
  const heapColumn = bestColumn + ((<usize>row * <usize>k) << 2);
  const heapScore = bestScore + ((<usize>row * <usize>k) << 2);
  const countAt = bestCount + ((<usize>row) << 2);
  // An unfilled heap has -∞ on top: everything but -∞ and NaN is above it.
  let threshold = f32x4.splat(worstOf(heapScore, load<i32>(countAt), k));
  for (let j = 0; j < width; j += 4) {
    let above: i32;
    if (j + 4 <= width) above = i32x4.bitmask(f32x4.gt(v128.load(scores + ((<usize>j) << 2)), threshold));
    else above = (1 << (width - j)) - 1;
    if (above === 0) continue;
    for (let lane = 0; lane < 4; lane++) {
      if ((above & (1 << lane)) === 0) continue;
      const score = load<f32>(scores + ((<usize>(j + lane)) << 2));
      const column = <u32>(firstColumn + j + lane);
      if (!(score > f32x4.extract_lane(threshold, 0))) continue;
      if (excludeFrom < excludeTo && isListed(column, excludeFrom, excludeTo)) continue;
      const count = load<i32>(countAt);
      if (count < k) {
        store<i32>(countAt, count + 1);
        siftUp(heapColumn, heapScore, count, column, score);
      } else siftDown(heapColumn, heapScore, k, column, score);
      threshold = f32x4.splat(worstOf(heapScore, load<i32>(countAt), k));
    }
  }
}

function worstOf(heapScore: usize, count: i32, k: i32): f32 {
  return count < k ? -Infinity : load<f32>(heapScore);
}

function isListed(column: u32, from: usize, to: usize): bool {
  while (from < to) {
    const middle = from + (((to - from) >> 3) << 2);
    const there = load<u32>(middle);
    if (there === column) return true;
    if (there < column) from = middle + 4;
    else to = middle;
  }
  return false;
}

/** Worse: smaller score, or the same and a later column. */
function isWorse(score: f32, column: u32, otherScore: f32, otherColumn: u32): bool {
  return score < otherScore || (score === otherScore && column > otherColumn);
}

function siftUp(columns: usize, scores: usize, from: i32, column: u32, score: f32): void {
  let child = from;
  while (child > 0) {
    const parent = (child - 1) >> 1;
    const parentScore = load<f32>(scores + ((<usize>parent) << 2));
    const parentColumn = load<u32>(columns + ((<usize>parent) << 2));
    if (!isWorse(score, column, parentScore, parentColumn)) break;
    store<f32>(scores + ((<usize>child) << 2), parentScore);
    store<u32>(columns + ((<usize>child) << 2), parentColumn);
    child = parent;
  }
  store<f32>(scores + ((<usize>child) << 2), score);
  store<u32>(columns + ((<usize>child) << 2), column);
}

/** Puts an entry in the place of the top of a heap of `count`. */
function siftDown(columns: usize, scores: usize, count: i32, column: u32, score: f32): void {
  let parent = 0;
  for (;;) {
    let child = 2 * parent + 1;
    if (child >= count) break;
    let childScore = load<f32>(scores + ((<usize>child) << 2));
    let childColumn = load<u32>(columns + ((<usize>child) << 2));
    if (child + 1 < count) {
      const rightScore = load<f32>(scores + ((<usize>child) << 2), 4);
      const rightColumn = load<u32>(columns + ((<usize>child) << 2), 4);
      if (isWorse(rightScore, rightColumn, childScore, childColumn)) {
        child++;
        childScore = rightScore;
        childColumn = rightColumn;
      }
    }
    if (!isWorse(childScore, childColumn, score, column)) break;
    store<f32>(scores + ((<usize>parent) << 2), childScore);
    store<u32>(columns + ((<usize>parent) << 2), childColumn);
    parent = child;
  }
  store<f32>(scores + ((<usize>parent) << 2), score);
  store<u32>(columns + ((<usize>parent) << 2), column);
}

/** The heap becomes a list, best first: the worst goes to the end, again and again. */
export function sortRow(row: i32, k: i32, bestColumn: usize, bestScore: usize, bestCount: usize): void {
  const columns = bestColumn + ((<usize>row * <usize>k) << 2);
  const scores = bestScore + ((<usize>row * <usize>k) << 2);
  for (let end = load<i32>(bestCount + ((<usize>row) << 2)) - 1; end > 0; end--) {
    const score = load<f32>(scores + ((<usize>end) << 2));
    const column = load<u32>(columns + ((<usize>end) << 2));
    store<f32>(scores + ((<usize>end) << 2), load<f32>(scores));
    store<u32>(columns + ((<usize>end) << 2), load<u32>(columns));
    siftDown(columns, scores, end, column, score);
  }
}
