import { DomainError } from '../errors.ts';
import { type Interactions, rowNorms, transpose } from './interactions.ts';
import { topKOf } from './top-k.ts';

export type NeighbourOptions = {
  /** Neighbours kept per row. */
  readonly neighbours: number;
  /**
   * `cosine`: a·b / (|a| |b| + shrinkage). `asymmetric-cosine`: a·b / (|a|^2α |b|^2(1−α) + shrinkage), a the row that looks for
   * neighbours: α below ½ looks more at how well known the neighbour is. `pearson`: correlation over the columns both have,
   * times min(shared, significance) / significance, shrunk by shared / (shared + shrinkage).
   */
  readonly similarity?: RowSimilarity;
  /** Pulls similarities that rest on little evidence towards 0. */
  readonly shrinkage?: number;
  /** α of the asymmetric cosine, 0 to 1; ½ is the cosine. */
  readonly asymmetry?: number;
  /** Shared columns from which a correlation counts whole. Source: Herlocker et al. (1999), SIGIR, 230-237. */
  readonly significance?: number;
};

export type RowSimilarity = 'cosine' | 'asymmetric-cosine' | 'pearson';

/** For each row the most similar other rows, strongest first; CSR. */
export type NeighbourLists = {
  readonly offsets: Uint32Array;
  readonly rowOf: Uint32Array;
  readonly similarityOf: Float32Array;
};

/**
 * The nearest rows of every row, by the columns they share. Only similarities above 0 count. Never forms the dense matrix.
 * Cost: O(Σ over entries of the column's length) time, O(rows · neighbours) memory.
 */
export function nearestRows(matrix: Interactions, options: NeighbourOptions): NeighbourLists {
  const search = createRowSearch(matrix, transpose(matrix), options);
  const offsets = new Uint32Array(matrix.users + 1);
  let rowOf = new Uint32Array(Math.min(matrix.users * 8, matrix.users * options.neighbours));
  let similarityOf = new Float32Array(rowOf.length);
  for (let row = 0; row < matrix.users; row++) {
    const [start, end] = [matrix.offsets[row], matrix.offsets[row + 1]];
    const nearest = search(
      { item: matrix.itemOf.subarray(start, end), weight: matrix.weightOf.subarray(start, end) },
      row,
    );
    const from = offsets[row];
    offsets[row + 1] = from + nearest.row.length;
    if (offsets[row + 1] > rowOf.length) {
      rowOf = grown(rowOf, offsets[row + 1]);
      similarityOf = grown(similarityOf, rowOf.length);
    }
    rowOf.set(nearest.row, from);
    similarityOf.set(nearest.similarity, from);
  }
  const length = offsets[matrix.users];
  return { offsets, rowOf: rowOf.slice(0, length), similarityOf: similarityOf.slice(0, length) };
}

type SparseRow = { readonly item: ArrayLike<number>; readonly weight: ArrayLike<number> };
export type NearestRows = { readonly row: Uint32Array; readonly similarity: Float32Array };

/**
 * A search for the rows of `matrix` that are most like a sparse row, which need not be one of them. `itself` is left out.
 * @param columns the transposed matrix.
 */
export function createRowSearch(
  matrix: Interactions,
  columns: Interactions,
  options: NeighbourOptions,
): (row: SparseRow, itself?: number) => NearestRows {
  checkOptions(options);
  const touch = createTouched(matrix.users);
  const measure = options.similarity === 'pearson' ? measurePearson : measureCosine;
  const similarityInto = measure(matrix, columns, options, touch);
  return (row, itself = -1) => {
    const values = similarityInto(row, itself);
    const best = topKOf(values, touch.rows, touch.count, options.neighbours);
    let positive = best.length;
    while (positive > 0 && !(values[best[positive - 1]] > 0)) positive--;
    const nearest = best.slice(0, positive);
    return { row: nearest, similarity: Float32Array.from(nearest, (other) => values[other]) };
  };
}

type Touched = { readonly rows: Uint32Array; readonly stamp: Uint32Array; round: number; count: number };

/** Which rows a search has come across: asking only them keeps a search far below O(rows). */
function createTouched(rows: number): Touched {
  return { rows: new Uint32Array(rows), stamp: new Uint32Array(rows), round: 0, count: 0 };
}

function measureCosine(
  matrix: Interactions,
  columns: Interactions,
  options: NeighbourOptions,
  touched: Touched,
): (row: SparseRow, itself: number) => Float64Array {
  const shrinkage = options.shrinkage ?? 0;
  const asymmetry = options.similarity === 'asymmetric-cosine' ? (options.asymmetry ?? 0.5) : 0.5;
  const lengths = rowNorms(matrix).map((norm) => norm ** (2 * (1 - asymmetry)));
  const dots = new Float64Array(matrix.users);
  return (row, itself) => {
    startRound(touched, itself);
    let squares = 0;
    for (let at = 0; at < row.item.length; at++) {
      if (!(row.item[at] < matrix.items)) continue;
      squares += row.weight[at] ** 2;
      addColumn(columns, row.item[at], row.weight[at], dots, touched);
    }
    const length = squares ** asymmetry;
    for (let i = 0; i < touched.count; i++) {
      const other = touched.rows[i];
      const scale = length * lengths[other] + shrinkage;
      dots[other] = scale > 0 ? dots[other] / scale : 0;
    }
    return dots;
  };
}

/** The inner loop of all neighbourhood models. */
function addColumn(
  { offsets, itemOf, weightOf }: Interactions,
  column: number,
  value: number,
  dots: Float64Array,
  touched: Touched,
): void {
  const { rows, stamp, round } = touched;
  let count = touched.count;
  for (let at = offsets[column], end = offsets[column + 1]; at < end; at++) {
    const other = itemOf[at];
    if (stamp[other] === round) dots[other] += value * weightOf[at];
    else if (stamp[other] !== round + 1) {
      stamp[other] = round;
      rows[count++] = other;
      dots[other] = value * weightOf[at];
    }
  }
  touched.count = count;
}

/** `stamp` holds round for rows come across, round + 1 for the one left out; rounds go in steps of two. */
function startRound(touched: Touched, itself: number): void {
  touched.round += 2;
  if (touched.round > 0xffff_fff0) {
    touched.stamp.fill(0);
    touched.round = 2;
  }
  touched.count = 0;
  if (itself >= 0) touched.stamp[itself] = touched.round + 1;
}

function measurePearson(
  matrix: Interactions,
  columns: Interactions,
  options: NeighbourOptions,
  touched: Touched,
): (row: SparseRow, itself: number) => Float64Array {
  const { shrinkage = 0, significance = 50 } = options;
  const values = new Float64Array(matrix.users);
  // Per row come across: shared columns, Σx, Σy, Σx², Σy², Σxy.
  const sums = new Float64Array(6 * matrix.users);
  return (row, itself) => {
    startRound(touched, itself);
    for (let at = 0; at < row.item.length; at++) {
      if (row.item[at] < matrix.items) addShared(columns, row.item[at], row.weight[at], sums, touched);
    }
    for (let i = 0; i < touched.count; i++) {
      const other = touched.rows[i];
      const [n, x, y, xx, yy, xy] = sums.subarray(6 * other, 6 * other + 6);
      const spread = (n * xx - x * x) * (n * yy - y * y);
      const correlation = n >= 2 && spread > 1e-9 ? (n * xy - x * y) / Math.sqrt(spread) : 0;
      values[other] = correlation * (Math.min(n, significance) / significance) * (n / (n + shrinkage));
    }
    return values;
  };
}

function addShared(
  { offsets, itemOf, weightOf }: Interactions,
  column: number,
  x: number,
  sums: Float64Array,
  touched: Touched,
): void {
  for (let at = offsets[column]; at < offsets[column + 1]; at++) {
    const other = itemOf[at];
    if (touched.stamp[other] === touched.round + 1) continue;
    const base = 6 * other;
    if (touched.stamp[other] !== touched.round) {
      touched.stamp[other] = touched.round;
      touched.rows[touched.count++] = other;
      sums.fill(0, base, base + 6);
    }
    const y = weightOf[at];
    sums[base]++;
    sums[base + 1] += x;
    sums[base + 2] += y;
    sums[base + 3] += x * x;
    sums[base + 4] += y * y;
    sums[base + 5] += x * y;
  }
}

function checkOptions({ neighbours, shrinkage = 0, asymmetry = 0.5, significance = 50 }: NeighbourOptions): void {
  if (!Number.isInteger(neighbours) || neighbours < 1) {
    throw new DomainError(`nearest rows: neighbours must be a positive integer, got ${neighbours}`);
  }
  if (!(shrinkage >= 0)) throw new DomainError(`nearest rows: shrinkage must be 0 or more, got ${shrinkage}`);
  if (!(asymmetry >= 0 && asymmetry <= 1)) {
    throw new DomainError(`nearest rows: asymmetry must be between 0 and 1, got ${asymmetry}`);
  }
  if (!(significance >= 1)) throw new DomainError(`nearest rows: significance must be 1 or more, got ${significance}`);
}

function grown<Arrays extends Uint32Array | Float32Array>(array: Arrays, atLeast: number): Arrays {
  const larger = new (array.constructor as new (length: number) => Arrays)(Math.max(atLeast, 2 * array.length));
  larger.set(array);
  return larger;
}
