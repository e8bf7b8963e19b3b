import { DomainError } from '../errors.ts';
import { integerDraw, seededRandom } from '../numerics/random.ts';
import { assignClusters, drawSample, type KMeansModel } from './fit-k-means.ts';
import { checkPoints, type Points, squaredDistance, takePoints } from './points.ts';
import { seedCentres } from './seed-centres.ts';

export type MiniBatchOptions = {
  readonly k: number;
  readonly seed: number;
  readonly batch?: number;
  readonly batchesMax?: number;
  /** Ends when the mean distance of so many batches in a row has not fallen. */
  readonly patience?: number;
};

/** Starts tried on a sample; the one with the least inertia there goes on. */
const starts = 3;
const startRowsMax = 10_000;
/** Weight of the newest batch in the running mean distance. */
const smoothing = 0.1;

/**
 * K-means from small draws: each centre is the mean of the points it was given so far, so it moves less and less. For more people than
 * are worth going over again and again; a per cent or two above the inertia of all points.
 * Source: Sculley (2010), WWW. Cost: O(batches · batch · k · d), then one pass over all points.
 * @throws DomainError when k is not 1 to rows.
 */
export function fitMiniBatchKMeans(points: Points, options: MiniBatchOptions): KMeansModel {
  checkPoints(points, 'fitMiniBatchKMeans');
  const { k, seed, batch = 1_024, batchesMax = 400, patience = 20 } = options;
  const { rows, dimensions, values } = points;
  if (!(Number.isInteger(k) && k >= 1 && k <= rows)) {
    throw new DomainError(
      `fitMiniBatchKMeans: k must be a whole number from 1 to the number of rows ${rows}, got ${k}`,
    );
  }
  const random = seededRandom(seed);
  const sample = drawSample(points, Math.max(k, Math.min(startRowsMax, rows)), random);
  const centres = bestStart(sample, k, random);
  const given = new Float64Array(k);
  let iterations = 0;
  let running = Number.NaN;
  let least = Number.POSITIVE_INFINITY;
  let without = 0;
  while (iterations < batchesMax && without < patience) {
    iterations++;
    const drawn = Uint32Array.from({ length: Math.min(batch, rows) }, () => integerDraw(random, rows));
    const centreOf = assignClusters({ k, centres }, takePoints(points, drawn));
    let distance = 0;
    drawn.forEach((row, i) => {
      const centre = centreOf[i];
      distance += squaredDistance(values, row, centres, centre, dimensions) / drawn.length;
      given[centre]++;
      for (let d = 0; d < dimensions; d++) {
        const at = centre * dimensions + d;
        centres[at] += (values[row * dimensions + d] - centres[at]) / given[centre];
      }
    });
    running = Number.isNaN(running) ? distance : running + smoothing * (distance - running);
    without = running < least ? 0 : without + 1;
    least = Math.min(least, running);
  }
  const sizes = new Uint32Array(k);
  let inertia = 0;
  assignClusters({ k, centres }, points).forEach((centre, row) => {
    sizes[centre]++;
    inertia += squaredDistance(values, row, centres, centre, dimensions);
  });
  return {
    kind: 'k-means',
    version: 1,
    k,
    dimensions,
    centres,
    sizes,
    inertia,
    iterations,
    converged: without >= patience,
  };
}

function bestStart(sample: Points, k: number, random: () => number): Float64Array {
  let best: { centres: Float64Array; inertia: number } = {
    centres: new Float64Array(0),
    inertia: Number.POSITIVE_INFINITY,
  };
  for (let start = 0; start < starts; start++) {
    const centres = seedCentres(sample, k, random);
    let inertia = 0;
    assignClusters({ k, centres }, sample).forEach((centre, row) => {
      inertia += squaredDistance(sample.values, row, centres, centre, sample.dimensions);
    });
    if (inertia < best.inertia) best = { centres, inertia };
  }
  return best.centres;
}
