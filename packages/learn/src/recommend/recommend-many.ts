import { type Kernels, noColumn, type TopKRows } from '@zhiyin/kernels';
import type { History, RankRequest, Recommender, RecommendModel } from './recommender.ts';

export type ManyOptions = {
  /** Length of each list. */
  readonly k: number;
  /** Items that must not be in the list of a row, ascending; all of the history unless given. */
  readonly excludedOf?: (row: number) => ArrayLike<number>;
  readonly kernels: Kernels;
  /** Bytes of scores held at once. */
  readonly blockBytesMax?: number;
};

const blockBytesByDefault = 32 * 1024 * 1024;
const blockRowsMax = 256;

/**
 * The best k items for each of many people, a block of people at a time: memory is bounded by `blockBytesMax` and the lists.
 * @param historyOf what person `row` (0 … rows − 1) did; asked once, in order.
 * @returns row r has `count[r]` items from `r · k` on, best first.
 */
export function recommendMany<Model extends RecommendModel, Options>(
  recommender: Recommender<Model, Options>,
  model: Model,
  rows: number,
  historyOf: (row: number) => History,
  options: ManyOptions,
): TopKRows {
  const { k, blockBytesMax = blockBytesByDefault } = options;
  const lists = {
    k,
    column: new Uint32Array(rows * k).fill(noColumn),
    score: new Float32Array(rows * k).fill(Number.NEGATIVE_INFINITY),
    count: new Uint32Array(rows),
  };
  const blockRows = Math.max(1, Math.min(rows, blockRowsMax, Math.floor(blockBytesMax / 4 / Math.max(1, model.items))));
  for (let from = 0; from < rows; from += blockRows) {
    const histories = Array.from({ length: Math.min(blockRows, rows - from) }, (_, i) => historyOf(from + i));
    const excluded = histories.map((history, i) => options.excludedOf?.(from + i) ?? history.item);
    options.kernels.scope(() => {
      const part = recommender.rankMany
        ? recommender.rankMany(model, histories, { k, exclude: csrOf(excluded, model.items) }, options.kernels)
        : rankByScores(recommender, model, histories, excluded, k, options.kernels);
      lists.column.set(part.column.subarray(0, histories.length * k), from * k);
      lists.score.set(part.score.subarray(0, histories.length * k), from * k);
      lists.count.set(part.count.subarray(0, histories.length), from);
    });
  }
  return lists;
}

function rankByScores<Model extends RecommendModel, Options>(
  recommender: Recommender<Model, Options>,
  model: Model,
  histories: readonly History[],
  excluded: readonly ArrayLike<number>[],
  k: number,
  kernels: Kernels,
): TopKRows {
  const { items } = model;
  const rows = histories.length;
  const scores = kernels.float32(rows * items);
  scoreBlockInto(recommender, model, histories, scores, kernels);
  for (let row = 0; row < rows; row++) {
    const start = row * items;
    for (let i = 0; i < excluded[row].length; i++) {
      if (excluded[row][i] < items) scores[start + excluded[row][i]] = Number.NEGATIVE_INFINITY;
    }
  }
  return kernels.topKRows({ rows, columns: items, scores, k });
}

/** Scores of all items, row by row: many at once where the recommender can. */
export function scoreBlockInto<Model extends RecommendModel, Options>(
  recommender: Recommender<Model, Options>,
  model: Model,
  histories: readonly History[],
  scores: Float32Array,
  kernels: Kernels,
): void {
  if (recommender.scoreManyInto) {
    recommender.scoreManyInto(model, histories, scores, kernels);
    return;
  }
  histories.forEach((history, i) => {
    recommender.scoreInto(model, history, scores.subarray(i * model.items, (i + 1) * model.items));
  });
}

function csrOf(rows: readonly ArrayLike<number>[], items: number): RankRequest['exclude'] {
  const ascending = rows.map((row) =>
    Uint32Array.from(row)
      .filter((item) => item < items)
      .sort(),
  );
  const offsets = new Uint32Array(rows.length + 1);
  ascending.forEach((row, r) => {
    offsets[r + 1] = offsets[r] + row.length;
  });
  const columnOf = new Uint32Array(offsets[rows.length]);
  ascending.forEach((row, r) => {
    columnOf.set(row, offsets[r]);
  });
  return { offsets, columnOf };
}
