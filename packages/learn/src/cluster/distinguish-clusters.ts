import { ShapeError } from '../errors.ts';
import { checkPoints, type Points } from './points.ts';

/** How one cluster differs from everybody else in one column. */
export type Difference = {
  readonly column: number;
  /** Mean within minus mean of the others, in standard deviations within both (Cohen's d): .2 small, .5 middling, .8 large. */
  readonly effect: number;
  readonly mean: number;
  readonly others: number;
};

/**
 * Per cluster, columns by how far they set it apart, farthest first. Columns that are the same for everybody are left out.
 * @param points the scale in which people are compared. Cost: O(rows · dimensions).
 */
export function distinguishClusters(
  points: Points,
  clusterOf: Uint32Array,
  k: number,
): readonly (readonly Difference[])[] {
  checkPoints(points, 'distinguishClusters');
  const { rows, dimensions, values } = points;
  if (clusterOf.length !== rows) {
    throw new ShapeError(`distinguishClusters: ${clusterOf.length} clusters for ${rows} points`);
  }
  const sizes = new Float64Array(k);
  const sums = new Float64Array(k * dimensions);
  const means = new Float64Array(dimensions);
  for (let row = 0; row < rows; row++) {
    sizes[clusterOf[row]]++;
    for (let d = 0; d < dimensions; d++) {
      sums[clusterOf[row] * dimensions + d] += values[row * dimensions + d];
      means[d] += values[row * dimensions + d] / rows;
    }
  }
  // About the mean of everybody first: the sums of squares are then small numbers that lose no digits.
  const squares = new Float64Array(k * dimensions);
  for (let row = 0; row < rows; row++) {
    for (let d = 0; d < dimensions; d++) {
      squares[clusterOf[row] * dimensions + d] += (values[row * dimensions + d] - means[d]) ** 2;
    }
  }
  return Array.from({ length: k }, (_, cluster) => {
    const n = sizes[cluster];
    const left = rows - n;
    if (n === 0 || left === 0) return [];
    const differences: Difference[] = [];
    for (let d = 0; d < dimensions; d++) {
      let sum = 0;
      let square = 0;
      for (let other = 0; other < k; other++) {
        if (other === cluster) continue;
        sum += sums[other * dimensions + d];
        square += squares[other * dimensions + d];
      }
      const mean = sums[cluster * dimensions + d] / n;
      const others = sum / left;
      const within =
        squares[cluster * dimensions + d] - n * (mean - means[d]) ** 2 + square - left * (others - means[d]) ** 2;
      const deviation = Math.sqrt(Math.max(0, within) / Math.max(1, rows - 2));
      const difference = mean - others;
      // The same within each side but not on both: as far apart as can be said.
      if (Math.abs(difference) <= 1e-12 * (1 + Math.abs(means[d]))) continue;
      differences.push({
        column: d,
        effect: difference / Math.max(deviation, Math.abs(difference) / effectMax),
        mean,
        others,
      });
    }
    return differences.sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect) || a.column - b.column);
  });
}

const effectMax = 10;
