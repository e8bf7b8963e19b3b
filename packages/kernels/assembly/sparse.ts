import { addScaled, madd } from './simd';
import { offerRow, sortRow, startRows } from './top-k';
import { address, real, scratch, takePiece, whole } from './work';

/** c ← alpha · sparse · dense + beta · c, row by row. A piece is 16 rows. */
export function sparseTimesDense(): void {
  const rows = whole(0);
  const offsets = address(1);
  const columnOf = address(2);
  const weightOf = address(3);
  const width = whole(4);
  const dense = address(5);
  const c = address(6);
  const alpha = real(0);
  const beta = real(1);
  const bytes = (<usize>width) << 2;
  for (let first = takePiece() << 4; first < rows; first = takePiece() << 4) {
    for (let row = first; row < min(first + 16, rows); row++) {
      const into = c + <usize>row * bytes;
      if (beta === 0) memory.fill(into, 0, bytes);
      else if (beta !== 1) scale(into, beta, width);
      const from = load<u32>(offsets + ((<usize>row) << 2));
      const to = load<u32>(offsets + ((<usize>row) << 2), 4);
      let at = from;
      for (; at + 4 <= to; at += 4) {
        const columns = columnOf + ((<usize>at) << 2);
        addFourRows(
          into,
          dense + <usize>load<u32>(columns) * bytes,
          dense + <usize>load<u32>(columns, 4) * bytes,
          dense + <usize>load<u32>(columns, 8) * bytes,
          dense + <usize>load<u32>(columns, 12) * bytes,
          f32x4.mul(v128.load(weightOf + ((<usize>at) << 2)), f32x4.splat(alpha)),
          width,
        );
      }
      for (; at < to; at++) {
        const from = dense + <usize>load<u32>(columnOf + ((<usize>at) << 2)) * bytes;
        addScaled(into, from, alpha * load<f32>(weightOf + ((<usize>at) << 2)), width);
      }
    }
  }
}

function addFourRows(into: usize, y0: usize, y1: usize, y2: usize, y3: usize, scales: v128, size: i32): void {
  const s0 = v128.shuffle<f32>(scales, scales, 0, 0, 0, 0);
  const s1 = v128.shuffle<f32>(scales, scales, 1, 1, 1, 1);
  const s2 = v128.shuffle<f32>(scales, scales, 2, 2, 2, 2);
  const s3 = v128.shuffle<f32>(scales, scales, 3, 3, 3, 3);
  let l = 0;
  for (; l + 4 <= size; l += 4) {
    let sum = madd(s0, v128.load(y0), v128.load(into));
    sum = madd(s1, v128.load(y1), sum);
    sum = madd(s2, v128.load(y2), sum);
    v128.store(into, madd(s3, v128.load(y3), sum));
    into += 16;
    y0 += 16;
    y1 += 16;
    y2 += 16;
    y3 += 16;
  }
  for (; l < size; l++) {
    store<f32>(
      into,
      load<f32>(into) +
        f32x4.extract_lane(scales, 0) * load<f32>(y0) +
        f32x4.extract_lane(scales, 1) * load<f32>(y1) +
        f32x4.extract_lane(scales, 2) * load<f32>(y2) +
        f32x4.extract_lane(scales, 3) * load<f32>(y3),
    );
    into += 4;
    y0 += 4;
    y1 += 4;
    y2 += 4;
    y3 += 4;
  }
}

function scale(values: usize, factor: f32, size: i32): void {
  for (let l = 0; l < size; l++) {
    store<f32>(values, load<f32>(values) * factor);
    values += 4;
  }
}

/**
 * Lower triangle of matrixᵀ · matrix. Columns of each row ascend, and the transposed matrix says where in its row each entry
 * stands: what comes before it there is the lower triangle. A piece is 8 columns.
 */
export function sparseGramLower(): void {
  const columns = whole(0);
  const offsets = address(1);
  const columnOf = address(2);
  const weightOf = address(3);
  const columnOffsets = address(4);
  const rowOf = address(5);
  const placeOf = address(6);
  const gram = address(7);
  const bytes = (<usize>columns) << 2;
  const pieces = (columns + 7) >> 3;
  for (let piece = takePiece(); piece < pieces; piece = takePiece()) {
    const first = (pieces - 1 - piece) << 3;
    for (let column = first; column < min(first + 8, columns); column++) {
      const line = gram + <usize>column * bytes;
      memory.fill(line, 0, bytes);
      const to = load<u32>(columnOffsets + ((<usize>column) << 2), 4);
      for (let at = load<u32>(columnOffsets + ((<usize>column) << 2)); at < to; at++) {
        const row = load<u32>(rowOf + ((<usize>at) << 2));
        const place = load<u32>(placeOf + ((<usize>at) << 2));
        const weight = load<f32>(weightOf + ((<usize>place) << 2));
        for (let other = load<u32>(offsets + ((<usize>row) << 2)); other <= place; other++) {
          const into = line + ((<usize>load<u32>(columnOf + ((<usize>other) << 2))) << 2);
          store<f32>(into, load<f32>(into) + weight * load<f32>(weightOf + ((<usize>other) << 2)));
        }
      }
    }
  }
}

/**
 * The k best of each row of left · right. One row of sums per thread, kept zero between rows; a byte per 64 columns tells which of
 * them were touched. A piece is 8 rows.
 */
export function sparseProductTopK(): void {
  const rows = whole(0);
  const leftOffsets = address(1);
  const leftColumnOf = address(2);
  const leftWeightOf = address(3);
  const columns = whole(4);
  const rightOffsets = address(5);
  const rightColumnOf = address(6);
  const rightWeightOf = address(7);
  const k = whole(8);
  const rowNorm = address(9);
  const columnNorm = address(10);
  const skipDiagonal = whole(11) !== 0;
  const bestColumn = address(12);
  const bestScore = address(13);
  const bestCount = address(14);
  const shrinkage = real(0);
  const sums = scratch();
  const blocks = (columns + 63) >> 6;
  const touched = sums + ((<usize>blocks) << 8);
  memory.fill(sums, 0, ((<usize>blocks) << 8) + <usize>blocks);
  for (let first = takePiece() << 3; first < rows; first = takePiece() << 3) {
    const last = min(first + 8, rows);
    startRows(first, last, k, bestColumn, bestScore, bestCount);
    for (let row = first; row < last; row++) {
      const end = load<u32>(leftOffsets + ((<usize>row) << 2), 4);
      for (let at = load<u32>(leftOffsets + ((<usize>row) << 2)); at < end; at++) {
        const inner = load<u32>(leftColumnOf + ((<usize>at) << 2));
        const weight = load<f32>(leftWeightOf + ((<usize>at) << 2));
        const to = load<u32>(rightOffsets + ((<usize>inner) << 2), 4);
        for (let by = load<u32>(rightOffsets + ((<usize>inner) << 2)); by < to; by++) {
          const column = load<u32>(rightColumnOf + ((<usize>by) << 2));
          const into = sums + ((<usize>column) << 2);
          store<f32>(into, load<f32>(into) + weight * load<f32>(rightWeightOf + ((<usize>by) << 2)));
          store<u8>(touched + <usize>(column >> 6), 1);
        }
      }
      if (skipDiagonal && row < columns) store<f32>(sums + ((<usize>row) << 2), 0);
      const norm: f32 = rowNorm === 0 ? 1 : load<f32>(rowNorm + ((<usize>row) << 2));
      for (let block = 0; block < blocks; block++) {
        if (load<u8>(touched + <usize>block) === 0) continue;
        store<u8>(touched + <usize>block, 0);
        const firstColumn = block << 6;
        const width = min(64, columns - firstColumn);
        const line = sums + ((<usize>firstColumn) << 2);
        divideByNorms(line, width, norm, columnNorm === 0 ? 0 : columnNorm + ((<usize>firstColumn) << 2), shrinkage);
        offerRow(line, width, firstColumn, row, k, bestColumn, bestScore, bestCount, 0, 0);
        memory.fill(line, 0, 256);
      }
      sortRow(row, k, bestColumn, bestScore, bestCount);
    }
  }
}

/** Positive sums are divided, all others become -∞. */
function divideByNorms(sums: usize, width: i32, rowNorm: f32, columnNorm: usize, shrinkage: f32): void {
  for (let j: usize = 0; j < (<usize>width) << 2; j += 4) {
    const sum = load<f32>(sums + j);
    const norm = columnNorm === 0 ? rowNorm : rowNorm * load<f32>(columnNorm + j);
    store<f32>(sums + j, sum > 0 ? sum / (norm + shrinkage) : -Infinity);
  }
}
