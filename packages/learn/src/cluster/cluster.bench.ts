import { normalDraw, seededRandom } from '../numerics/random.ts';
import { fitKMeans } from './fit-k-means.ts';
import { type Points, squaredDistance } from './points.ts';

/** A million people × 16 features in eight groups: seconds to cluster, beside plain passes over the same data. */
export async function benchCluster() {
  const points = drawGroups(1_000_000, 16, 8);
  const start = performance.now();
  const model = fitKMeans(points, { k: 8, seed: 1, restarts: 4 });
  const seconds = (performance.now() - start) / 1000;
  const baseline = secondsOfPasses(points, model.centres, 2 + model.iterations);
  return [
    {
      name: `cluster: k-means, 1 million × 16, k = 8 (${model.iterations} iterations)`,
      value: seconds,
      unit: 's',
      baseline,
      ratio: seconds / baseline,
      bound: 'at most 2.24 s, what a peer took on two threads',
      passed: seconds <= 2.24,
    },
    {
      name: 'cluster: its inertia, over that of the true groups',
      value: model.inertia / inertiaOf(points, 8),
      unit: '',
      bound: 'at most 1.0001',
      passed: model.inertia <= 1.0001 * inertiaOf(points, 8),
    },
  ];
}

function drawGroups(rows: number, dimensions: number, groups: number): Points {
  const random = seededRandom(7);
  const centres = Float64Array.from({ length: groups * dimensions }, () => 10 * normalDraw(random));
  const values = new Float64Array(rows * dimensions);
  for (let i = 0; i < values.length; i++) {
    const row = Math.floor(i / dimensions);
    values[i] = centres[(row % groups) * dimensions + (i % dimensions)] + normalDraw(random);
  }
  return { rows, dimensions, values };
}

/** Of the groups as they were drawn, each around its own mean. */
function inertiaOf({ rows, dimensions, values }: Points, groups: number): number {
  const means = new Float64Array(groups * dimensions);
  for (let i = 0; i < values.length; i++) {
    means[(Math.floor(i / dimensions) % groups) * dimensions + (i % dimensions)] += values[i] / (rows / groups);
  }
  let sum = 0;
  for (let row = 0; row < rows; row++) sum += squaredDistance(values, row, means, row % groups, dimensions);
  return sum;
}

/** What Lloyd's iterations without bounds cost: every distance, every time. */
function secondsOfPasses(points: Points, centres: Float64Array, passes: number): number {
  const start = performance.now();
  let sum = 0;
  for (let row = 0; row < points.rows; row++) {
    for (let centre = 0; centre < 8; centre++)
      sum += squaredDistance(points.values, row, centres, centre, points.dimensions);
  }
  return sum > 0 ? (passes * (performance.now() - start)) / 1000 : 0;
}
