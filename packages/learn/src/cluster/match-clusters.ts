import { ShapeError } from '../errors.ts';

export type MatchedClusters = {
  /** Per new cluster the old one it goes on as, −1 for a cluster that was not there before. */
  readonly formerOf: Int32Array;
  /** Per new cluster the members both share, as a part of all members of either (Jaccard); 0 without a former one. */
  readonly overlap: Float64Array;
};

/**
 * Which new cluster goes on as which old one, so that names stay with people: the pairing with the most overlap in all.
 * @param before, after cluster per person, of the same people; −1 for people who were not there.
 * @param overlapMin pairs that share less than this are no continuation.
 */
export function matchClusters(
  before: Int32Array,
  after: Int32Array,
  counts: { readonly before: number; readonly after: number },
  overlapMin = 0.25,
): MatchedClusters {
  if (before.length !== after.length) {
    throw new ShapeError(`matchClusters: ${before.length} people before, ${after.length} after`);
  }
  const both = new Float64Array(counts.before * counts.after);
  const sizesBefore = new Float64Array(counts.before);
  const sizesAfter = new Float64Array(counts.after);
  for (let person = 0; person < before.length; person++) {
    // People who came or went since say nothing about what a cluster became.
    if (before[person] < 0 || after[person] < 0) continue;
    both[after[person] * counts.before + before[person]]++;
    sizesBefore[before[person]]++;
    sizesAfter[after[person]]++;
  }
  const overlaps = both.map((shared, at) => {
    const either = sizesAfter[Math.floor(at / counts.before)] + sizesBefore[at % counts.before] - shared;
    return either > 0 ? shared / either : 0;
  });
  const formerOf = assignMost(overlaps, counts.after, counts.before);
  const overlap = new Float64Array(counts.after);
  formerOf.forEach((former, cluster) => {
    if (former < 0) return;
    overlap[cluster] = overlaps[cluster * counts.before + former];
    if (overlap[cluster] < overlapMin) {
      formerOf[cluster] = -1;
      overlap[cluster] = 0;
    }
  });
  return { formerOf, overlap };
}

/**
 * Pairs rows with columns, each at most once, so that the sum of what the pairs are worth is greatest: the Hungarian method with
 * potentials and shortest paths. Source: Kuhn (1955); Jonker and Volgenant (1987). Cost: O(n³), n the larger side.
 * @param worth rows × columns, row-major.
 * @returns the column of each row, −1 when there are more rows than columns and it got none.
 */
export function assignMost(worth: Float64Array, rows: number, columns: number): Int32Array {
  const size = Math.max(rows, columns);
  const cost = (row: number, column: number) => (row < rows && column < columns ? -worth[row * columns + column] : 0);
  const rowPotential = new Float64Array(size + 1);
  const columnPotential = new Float64Array(size + 1);
  /** Row of each column, both from 1; 0 is none. */
  const rowOf = new Uint32Array(size + 1);
  const cameFrom = new Uint32Array(size + 1);
  for (let row = 1; row <= size; row++) {
    rowOf[0] = row;
    const least = new Float64Array(size + 1).fill(Number.POSITIVE_INFINITY);
    const isUsed = new Uint8Array(size + 1);
    let column = 0;
    do {
      isUsed[column] = 1;
      const current = rowOf[column];
      let step = Number.POSITIVE_INFINITY;
      let next = 0;
      for (let other = 1; other <= size; other++) {
        if (isUsed[other]) continue;
        const reduced = cost(current - 1, other - 1) - rowPotential[current] - columnPotential[other];
        if (reduced < least[other]) {
          least[other] = reduced;
          cameFrom[other] = column;
        }
        if (least[other] < step) {
          step = least[other];
          next = other;
        }
      }
      for (let other = 0; other <= size; other++) {
        if (isUsed[other]) {
          rowPotential[rowOf[other]] += step;
          columnPotential[other] -= step;
        } else least[other] -= step;
      }
      column = next;
    } while (rowOf[column] !== 0);
    while (column !== 0) {
      rowOf[column] = rowOf[cameFrom[column]];
      column = cameFrom[column];
    }
  }
  const columnOf = new Int32Array(rows).fill(-1);
  for (let column = 1; column <= columns; column++) {
    if (rowOf[column] <= rows) columnOf[rowOf[column] - 1] = column - 1;
  }
  return columnOf;
}
