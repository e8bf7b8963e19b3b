import type { Random } from '../numerics/random.ts';
import { type Points, squaredDistance } from './points.ts';

/**
 * First centres by greedy k-means++: each is the best of 2 + ⌊ln k⌋ candidates drawn in proportion to the squared distance from the
 * centres so far. Plain k-means++ lands in poor optima far more often.
 * Source: Arthur and Vassilvitskii (2007), section "greedy"; Celebi et al. (2013). Cost: O(n · d · k · ln k).
 * @returns k × dimensions, row-major. Fewer distinct points than k give centres that coincide.
 */
export function seedCentres(points: Points, k: number, random: Random): Float64Array {
  const { rows, dimensions, values } = points;
  const centres = new Float64Array(k * dimensions);
  const candidates = 2 + Math.floor(Math.log(k));
  let nearest = new Float64Array(rows);
  let spare = new Float64Array(rows);
  let bestTrial = new Float64Array(rows);
  place(centres, 0, values, Math.floor(random() * rows), dimensions);
  let total = 0;
  for (let row = 0; row < rows; row++) {
    nearest[row] = squaredDistance(values, row, centres, 0, dimensions);
    total += nearest[row];
  }
  for (let centre = 1; centre < k; centre++) {
    let best = { row: -1, total: Number.POSITIVE_INFINITY };
    for (let trial = 0; trial < candidates; trial++) {
      const row = drawByWeight(nearest, total, random);
      let sum = 0;
      for (let other = 0; other < rows; other++) {
        const distance = squaredDistance(values, other, values, row, dimensions);
        const least = distance < nearest[other] ? distance : nearest[other];
        spare[other] = least;
        sum += least;
      }
      if (sum < best.total) {
        best = { row, total: sum };
        [spare, bestTrial] = [bestTrial, spare];
      }
    }
    place(centres, centre, values, best.row, dimensions);
    [nearest, bestTrial] = [bestTrial, nearest];
    total = best.total;
  }
  return centres;
}

function place(centres: Float64Array, centre: number, values: Float64Array, row: number, dimensions: number): void {
  centres.set(values.subarray(row * dimensions, (row + 1) * dimensions), centre * dimensions);
}

function drawByWeight(weights: Float64Array, total: number, random: Random): number {
  if (!(total > 0)) return Math.floor(random() * weights.length);
  let left = random() * total;
  for (let row = 0; row < weights.length; row++) {
    left -= weights[row];
    if (left < 0) return row;
  }
  return weights.length - 1;
}
