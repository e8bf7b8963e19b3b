import { noColumn, type RowTopK, type ScoreTopK, type TopKRows } from '../matrices.ts';

export function scoreTopK({ rows, columns, factors, left, right, k, columnBias, exclude }: ScoreTopK): TopKRows {
  const result = emptyTopK(rows, k);
  const scores = new Float32Array(columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = columnBias?.[column] ?? 0;
      for (let l = 0; l < factors; l++) sum += left[row * factors + l] * right[column * factors + l];
      scores[column] = sum;
    }
    for (const column of exclude?.columnOf.subarray(exclude.offsets[row], exclude.offsets[row + 1]) ?? []) {
      scores[column] = Number.NEGATIVE_INFINITY;
    }
    takeTopK(result, row, scores);
  }
  return result;
}

export function topKRows({ rows, columns, scores, k }: RowTopK): TopKRows {
  const result = emptyTopK(rows, k);
  for (let row = 0; row < rows; row++) takeTopK(result, row, scores.subarray(row * columns, (row + 1) * columns));
  return result;
}

export function emptyTopK(rows: number, k: number): TopKRows {
  return {
    k,
    column: new Uint32Array(rows * k).fill(noColumn),
    score: new Float32Array(rows * k).fill(Number.NEGATIVE_INFINITY),
    count: new Uint32Array(rows),
  };
}

/** Sorts everything: slow, and plainly right. */
export function takeTopK({ k, column, score, count }: TopKRows, row: number, scores: ArrayLike<number>): void {
  const best = Array.from({ length: scores.length }, (_, index) => index)
    .filter((index) => scores[index] > Number.NEGATIVE_INFINITY)
    .sort((one, other) => scores[other] - scores[one] || one - other)
    .slice(0, k);
  count[row] = best.length;
  best.forEach((index, rank) => {
    column[row * k + rank] = index;
    score[row * k + rank] = scores[index];
  });
}
