import type { RowTopK, ScoreTopK, TopKRows } from '../matrices.ts';
import type { Call } from './call.ts';
import { pack, tileBytes } from './dense.ts';

type Places = { readonly column: number; readonly score: number; readonly count: number };

export function scoreTopK(call: Call, request: ScoreTopK): TopKRows {
  const { rows, columns, factors, left, right, k, columnBias, exclude } = request;
  if (rows <= 4) return scoreFew(call, request);
  const places = topKPlaces(call, rows, k);
  const packed = call.allocate(factors * Math.ceil(columns / 8) * 32);
  const rightAt = call.read(right);
  pack(call, { k: factors, n: columns, b: rightAt, bRow: factors, transposeB: true, packed });
  call.run('scoreTopK', {
    wholes: [
      rows,
      columns,
      factors,
      call.read(left),
      packed,
      k,
      call.read(columnBias),
      call.read(exclude?.offsets),
      call.read(exclude?.columnOf),
      places.column,
      places.score,
      places.count,
    ],
    scratchBytes: tileBytes + 48 * 256 * 4,
    cost: 2 * rows * columns * factors,
  });
  return takeResult(call, rows, k, places);
}

/** For a few rows packing the right side would be most of the work: each is a matrix-vector product. */
function scoreFew(call: Call, request: ScoreTopK): TopKRows {
  const { rows, columns, factors, left, right, k, columnBias, exclude } = request;
  const leftAt = call.read(left);
  const rightAt = call.read(right);
  const scoresAt = call.allocate(rows * columns * 4);
  const scores = call.float32(scoresAt, rows * columns);
  for (let row = 0; row < rows; row++) {
    const into = scoresAt + 4 * row * columns;
    call.run('rowDots', {
      wholes: [columns, factors, rightAt, leftAt + 4 * row * factors, 0, into],
      cost: 2 * columns * factors,
    });
    const line = scores.subarray(row * columns, (row + 1) * columns);
    if (columnBias) for (let column = 0; column < columns; column++) line[column] += columnBias[column];
    if (!exclude) continue;
    for (let at = exclude.offsets[row]; at < exclude.offsets[row + 1]; at++) {
      line[exclude.columnOf[at]] = Number.NEGATIVE_INFINITY;
    }
  }
  return topKOf(call, rows, columns, k, scoresAt);
}

export function topKRows(call: Call, { rows, columns, scores, k }: RowTopK): TopKRows {
  return topKOf(call, rows, columns, k, call.read(scores));
}

function topKOf(call: Call, rows: number, columns: number, k: number, scores: number): TopKRows {
  const places = topKPlaces(call, rows, k);
  call.run('topKRows', {
    wholes: [rows, columns, scores, k, places.column, places.score, places.count],
    cost: rows * columns,
  });
  return takeResult(call, rows, k, places);
}

export function topKPlaces(call: Call, rows: number, k: number): Places {
  return { column: call.allocate(rows * k * 4), score: call.allocate(rows * k * 4), count: call.allocate(rows * 4) };
}

export function takeResult(call: Call, rows: number, k: number, { column, score, count }: Places): TopKRows {
  return {
    k,
    column: new Uint32Array(call.uint32(column, rows * k)),
    score: new Float32Array(call.float32(score, rows * k)),
    count: new Uint32Array(call.uint32(count, rows)),
  };
}
