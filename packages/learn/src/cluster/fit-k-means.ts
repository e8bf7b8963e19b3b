import { DomainError } from '../errors.ts';
import { integerDraw, type Random, seededRandom } from '../numerics/random.ts';
import { checkPoints, type Points, squaredDistance, takePoints } from './points.ts';
import { seedCentres } from './seed-centres.ts';

/** J(C) = Σ over points of the squared distance to their centre, at a local least. Plain data. */
export type KMeansModel = {
  readonly kind: 'k-means';
  readonly version: 1;
  readonly k: number;
  readonly dimensions: number;
  /** k × dimensions, row-major. */
  readonly centres: Float64Array;
  readonly sizes: Uint32Array;
  readonly inertia: number;
  readonly iterations: number;
  readonly converged: boolean;
};

export type KMeansOptions = {
  readonly k: number;
  readonly seed: number;
  /** Starts from new centres; the best is kept. */
  readonly restarts?: number;
  readonly iterationsMax?: number;
};

/** Beyond this many rows the starts are tried on a sample, and only the best goes on with all rows. */
const startRowsMax = 40_000;

/**
 * Lloyd's iterations with Hamerly's bounds: most points need no distance at all once centres move little. A centre that lost all its
 * points is placed on the point farthest from its own.
 * Source: Hamerly (2010), SDM. Cost: O(n · d) per iteration when bounds hold, O(n · k · d) at worst.
 * @throws DomainError when k is not 1 to rows.
 */
export function fitKMeans(points: Points, options: KMeansOptions): KMeansModel {
  checkPoints(points, 'fitKMeans');
  const { k, seed, restarts = 10, iterationsMax = 300 } = options;
  if (!(Number.isInteger(k) && k >= 1 && k <= points.rows)) {
    throw new DomainError(`fitKMeans: k must be a whole number from 1 to the number of rows ${points.rows}, got ${k}`);
  }
  const random = seededRandom(seed);
  const isLarge = points.rows > startRowsMax;
  const sample = isLarge ? drawSample(points, startRowsMax, random) : points;
  let best: Iterated | undefined;
  for (let start = 0; start < Math.max(1, restarts); start++) {
    const found = iterate(sample, k, seedCentres(sample, k, random), iterationsMax);
    if (!best || found.inertia < best.inertia) best = found;
  }
  if (!best) throw new DomainError('fitKMeans: restarts must be 1 or more');
  const whole = isLarge ? iterate(points, k, best.centres, iterationsMax) : best;
  return { kind: 'k-means', version: 1, k, dimensions: points.dimensions, ...whole };
}

/** Number of the nearest centre per point. Cost: O(n · k · d). */
export function assignClusters(model: Pick<KMeansModel, 'k' | 'centres'>, points: Points): Uint32Array {
  return Uint32Array.from({ length: points.rows }, (_, row) => nearestTwo(points, row, model.centres, model.k).first);
}

type Iterated = Pick<KMeansModel, 'centres' | 'sizes' | 'inertia' | 'iterations' | 'converged'>;

function iterate(points: Points, k: number, start: Float64Array, iterationsMax: number): Iterated {
  const { rows, dimensions, values } = points;
  const centres = start.slice();
  const centreOf = new Uint32Array(rows);
  /** At least the distance to the own centre, at most the distance to any other: no longer exact once centres move. */
  const upper = new Float64Array(rows);
  const lower = new Float64Array(rows);
  const sums = new Float64Array(k * dimensions);
  const sizes = new Uint32Array(k);
  for (let row = 0; row < rows; row++) {
    const near = nearestTwo(points, row, centres, k);
    centreOf[row] = near.first;
    upper[row] = Math.sqrt(near.distance);
    lower[row] = Math.sqrt(near.secondDistance);
    addPoint(sums, sizes, near.first, values, row, dimensions, 1);
  }
  const moved = new Float64Array(k);
  let iterations = 0;
  let converged = false;
  while (iterations < iterationsMax && !converged) {
    iterations++;
    refillEmpty(points, k, centres, centreOf, sums, sizes, upper);
    moveCentres(centres, sums, sizes, k, dimensions, moved);
    const farthest = Math.max(...moved);
    const clear = halfGaps(centres, k, dimensions);
    let changes = 0;
    for (let row = 0; row < rows; row++) {
      const own = centreOf[row];
      upper[row] += moved[own];
      lower[row] -= farthest;
      const safe = Math.max(clear[own], lower[row]);
      if (upper[row] <= safe) continue;
      upper[row] = Math.sqrt(squaredDistance(values, row, centres, own, dimensions));
      if (upper[row] <= safe) continue;
      const near = nearestTwo(points, row, centres, k);
      upper[row] = Math.sqrt(near.distance);
      lower[row] = Math.sqrt(near.secondDistance);
      if (near.first === own) continue;
      addPoint(sums, sizes, own, values, row, dimensions, -1);
      addPoint(sums, sizes, near.first, values, row, dimensions, 1);
      centreOf[row] = near.first;
      changes++;
    }
    converged = changes === 0 && farthest === 0;
  }
  let inertia = 0;
  for (let row = 0; row < rows; row++) inertia += squaredDistance(values, row, centres, centreOf[row], dimensions);
  return { centres, sizes, inertia, iterations, converged };
}

const near = { first: 0, distance: 0, secondDistance: 0 };

/** The nearest centre, and how far the second is; the same object every time. */
function nearestTwo(points: Points, row: number, centres: Float64Array, k: number): Readonly<typeof near> {
  near.distance = Number.POSITIVE_INFINITY;
  near.secondDistance = Number.POSITIVE_INFINITY;
  for (let centre = 0; centre < k; centre++) {
    const distance = squaredDistance(points.values, row, centres, centre, points.dimensions);
    if (distance < near.distance) {
      near.secondDistance = near.distance;
      near.distance = distance;
      near.first = centre;
    } else if (distance < near.secondDistance) near.secondDistance = distance;
  }
  return near;
}

function addPoint(
  sums: Float64Array,
  sizes: Uint32Array,
  centre: number,
  values: Float64Array,
  row: number,
  dimensions: number,
  sign: 1 | -1,
): void {
  for (let d = 0; d < dimensions; d++) sums[centre * dimensions + d] += sign * values[row * dimensions + d];
  sizes[centre] += sign;
}

function moveCentres(
  centres: Float64Array,
  sums: Float64Array,
  sizes: Uint32Array,
  k: number,
  dimensions: number,
  moved: Float64Array,
): void {
  for (let centre = 0; centre < k; centre++) {
    let squares = 0;
    for (let d = 0; d < dimensions; d++) {
      const at = centre * dimensions + d;
      const to = sizes[centre] > 0 ? sums[at] / sizes[centre] : centres[at];
      // Sums that points entered and left differ in the last digits from sums made anew: that is no movement.
      if (Math.abs(to - centres[at]) > 1e-12 * (1 + Math.abs(to))) {
        squares += (to - centres[at]) ** 2;
        centres[at] = to;
      }
    }
    moved[centre] = Math.sqrt(squares);
  }
}

/** Half the distance from each centre to the nearest other: points closer than that belong to it. */
function halfGaps(centres: Float64Array, k: number, dimensions: number): Float64Array {
  return Float64Array.from({ length: k }, (_, centre) => {
    let least = Number.POSITIVE_INFINITY;
    for (let other = 0; other < k; other++) {
      if (other !== centre) least = Math.min(least, squaredDistance(centres, centre, centres, other, dimensions));
    }
    return Math.sqrt(least) / 2;
  });
}

function refillEmpty(
  points: Points,
  k: number,
  centres: Float64Array,
  centreOf: Uint32Array,
  sums: Float64Array,
  sizes: Uint32Array,
  upper: Float64Array,
): void {
  const { dimensions, values, rows } = points;
  for (let centre = 0; centre < k; centre++) {
    if (sizes[centre] > 0) continue;
    let farthest = -1;
    let distance = 0;
    for (let row = 0; row < rows; row++) {
      const own = squaredDistance(values, row, centres, centreOf[row], dimensions);
      if (own > distance && sizes[centreOf[row]] > 1) {
        distance = own;
        farthest = row;
      }
    }
    if (farthest < 0) return; // no point is away from its centre: fewer distinct points than centres
    addPoint(sums, sizes, centreOf[farthest], values, farthest, dimensions, -1);
    addPoint(sums, sizes, centre, values, farthest, dimensions, 1);
    centreOf[farthest] = centre;
    upper[farthest] = distance;
  }
}

export function drawSample(points: Points, size: number, random: Random): Points {
  return takePoints(
    points,
    Uint32Array.from({ length: Math.min(size, points.rows) }, () => integerDraw(random, points.rows)),
  );
}
