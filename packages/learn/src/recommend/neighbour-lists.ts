import { DomainError } from '../errors.ts';
import { type Interactions, rowNorms, transpose } from './interactions.ts';
import { topK } from './top-k.ts';

export type NeighbourOptions = {
  /** Neighbours kept per row. */
  readonly neighbours: number;
  /** Added to the product of norms: pulls similarities that rest on little evidence towards 0. */
  readonly shrinkage?: number;
};

/** For each row the most similar other rows, strongest first; CSR with `itemOf` = row, `weightOf` = cosine similarity. */
export type NeighbourLists = {
  readonly offsets: Uint32Array;
  readonly rowOf: Uint32Array;
  readonly similarityOf: Float32Array;
};

/**
 * Cosine similarity of rows by their shared columns: sim(a, b) = a·b / (|a| |b| + shrinkage).
 * Never forms the dense matrix. Cost: O(Σ over entries of the column's length).
 */
export function nearestRows(matrix: Interactions, options: NeighbourOptions): NeighbourLists {
  const { neighbours, shrinkage = 0 } = options;
  if (!Number.isInteger(neighbours) || neighbours < 1) {
    throw new DomainError(`nearestRows: neighbours must be a positive integer, got ${neighbours}`);
  }
  const columns = transpose(matrix);
  const norms = rowNorms(matrix);
  const dots = new Float64Array(matrix.users);
  const offsets = new Uint32Array(matrix.users + 1);
  const rows: Uint32Array[] = [];
  const similarities: Float32Array[] = [];
  for (let row = 0; row < matrix.users; row++) {
    dots.fill(0);
    for (let at = matrix.offsets[row]; at < matrix.offsets[row + 1]; at++) {
      const column = matrix.itemOf[at];
      const value = matrix.weightOf[at];
      for (let by = columns.offsets[column]; by < columns.offsets[column + 1]; by++) {
        dots[columns.itemOf[by]] += value * columns.weightOf[by];
      }
    }
    dots[row] = 0;
    for (let other = 0; other < matrix.users; other++) {
      if (dots[other] !== 0) dots[other] /= norms[row] * norms[other] + shrinkage;
    }
    const nearest = topK(dots, neighbours).filter((other) => dots[other] > 0);
    offsets[row + 1] = offsets[row] + nearest.length;
    rows.push(nearest);
    similarities.push(Float32Array.from(nearest, (other) => dots[other]));
  }
  return { offsets, rowOf: concat(Uint32Array, rows), similarityOf: concat(Float32Array, similarities) };
}

function concat<Arrays extends Uint32Array | Float32Array>(
  make: new (length: number) => Arrays,
  parts: readonly Arrays[],
): Arrays {
  const whole = new make(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
