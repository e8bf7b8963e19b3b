/** How a search ended: plain facts, for a report. `gradientMax` is the largest slope left in a direction that is not blocked. */
export type SearchReport = {
  readonly converged: boolean;
  /** `flat`: slopes vanished; `no_progress`: steps no longer lowered the value; `iterations`: the limit was reached. */
  readonly reason: 'flat' | 'no_progress' | 'iterations';
  readonly iterations: number;
  readonly evaluations: number;
  readonly gradientMax: number;
  /** Indices of coordinates that ended on their bound. */
  readonly atBound: readonly number[];
};

export type Minimum = { readonly point: Float64Array; readonly value: number; readonly report: SearchReport };

/** A function of a vector that also writes its gradient. Not finite means: not here, take a shorter step. */
export type SmoothFunction = (point: Float64Array, gradient: Float64Array) => number;

export type MinimiseOptions = {
  /** Every coordinate stays in [-bound, bound]. With parameters as logarithms, 16 allows 1e-7 to 9e6. */
  readonly bound?: number;
  readonly iterationsMax?: number;
  /** Slopes at or below this count as zero. */
  readonly gradientTolerance?: number;
};

const shortestStep = 1e-14;
const sufficientDecrease = 1e-4;
const curvatureShare = 0.9;
const leastGain = 1e-14;
const rounding = 1e-13;
const ridgeSteps = 10;
const ridgeGain = 1e-10;

/**
 * BFGS in a box: for smooth functions of a few variables, such as log-likelihoods in the logarithms of positive parameters.
 *
 * A coordinate at its bound whose slope points outward rests until the slope turns. The line search asks for both Wolfe
 * conditions, so the curvature estimate stays positive definite.
 *
 * @returns the best point seen and a report; not converging is reported, not thrown.
 * Source: Nocedal & Wright, Numerical Optimization (2006), algorithms 6.1 and 3.5 (bisection in place of interpolation);
 * Hager & Zhang (2005), SIAM Journal on Optimization 16(1), 170-192.
 */
export function minimise(f: SmoothFunction, start: ArrayLike<number>, options: MinimiseOptions = {}): Minimum {
  const { bound = 16, iterationsMax = 200, gradientTolerance = 3e-8 } = options;
  const n = start.length;
  let evaluations = 0;
  const evaluate = (point: Float64Array, gradient: Float64Array): number => {
    evaluations++;
    const value = f(point, gradient);
    return Number.isFinite(value) && gradient.every(Number.isFinite) ? value : Number.POSITIVE_INFINITY;
  };
  let point: Float64Array = Float64Array.from(start, (x) => Math.min(bound, Math.max(-bound, x)));
  let gradient: Float64Array = new Float64Array(n);
  let value = evaluate(point, gradient);
  let inverseHessian = identity(n);
  let resting = '';
  let isFresh = true;

  const finish = (reason: SearchReport['reason'], iterations: number): Minimum => {
    const slopes = gradient.filter((_, i) => !isBlocked(point, gradient, i, bound));
    const gradientMax = slopes.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0);
    // No lower value within double precision is as good as flat when the slopes are already tiny.
    const converged = Number.isFinite(value) && (reason === 'flat' || (reason === 'no_progress' && gradientMax < 1e-6));
    const atBound = [...point.keys()].filter((i) => Math.abs(point[i]) >= bound);
    return { point, value, report: { converged, reason, iterations, evaluations, gradientMax, atBound } };
  };

  const trail: number[] = [];
  for (let iteration = 0; iteration < iterationsMax; iteration++) {
    // A ridge without an end: steps go on for ever and gain nothing.
    trail.push(value);
    if (trail.length > ridgeSteps && trail[iteration - ridgeSteps] - value <= ridgeGain * (1 + Math.abs(value))) {
      return finish('no_progress', iteration);
    }
    const free = Array.from({ length: n }, (_, i) => !isBlocked(point, gradient, i, bound));
    if (free.every((isFree, i) => !isFree || Math.abs(gradient[i]) <= gradientTolerance))
      return finish('flat', iteration);
    if (resting !== free.join()) {
      resting = free.join();
      inverseHessian = identity(n);
      isFresh = true;
    }
    let direction = descend(inverseHessian, gradient, free);
    if (dot(direction, gradient) >= 0) {
      inverseHessian = identity(n);
      isFresh = true;
      direction = descend(inverseHessian, gradient, free);
    }
    // What a step could still gain drowns in rounding.
    if (!isFresh && -dot(direction, gradient) <= leastGain * (1 + Math.abs(value)))
      return finish('no_progress', iteration);
    const next = searchLine(evaluate, { point, value, gradient }, direction, bound, isFresh);
    if (!next) {
      if (isFresh) return finish('no_progress', iteration);
      inverseHessian = identity(n); // Once more along the plain slope before giving up.
      isFresh = true;
      continue;
    }
    const step = next.point.map((x, i) => x - point[i]);
    const change = next.gradient.map((x, i) => x - gradient[i]);
    const curvature = dot(step, change);
    if (curvature > 1e-300) {
      if (isFresh) inverseHessian = identity(n, curvature / dot(change, change));
      updateInverseHessian(inverseHessian, step, change, curvature);
      isFresh = false;
    }
    ({ point, value, gradient } = next);
  }
  return finish('iterations', iterationsMax);
}

type Place = { point: Float64Array; value: number; gradient: Float64Array };

/** A place along the direction that is lower by enough and no longer steep, or the lowest found; undefined when none is lower. */
function searchLine(
  evaluate: SmoothFunction,
  from: Place,
  direction: Float64Array,
  bound: number,
  isFresh: boolean,
): Place | undefined {
  const slope = dot(direction, from.gradient);
  const longest = Math.max(...direction.map(Math.abs));
  const room = direction.reduce((least, d, i) => {
    if (d === 0) return least;
    return Math.min(least, ((d > 0 ? bound : -bound) - from.point[i]) / d);
  }, Number.POSITIVE_INFINITY);
  let shorter = 0;
  let longer = Number.POSITIVE_INFINITY;
  // The first step has no curvature to go by: at most half a unit, a factor of 1.6 where coordinates are logarithms.
  let length = Math.min(room, isFresh ? Math.min(1, 0.5 / longest) : Math.min(1, 4 / longest));
  let best: Place | undefined;
  for (let trial = 0; trial < 60; trial++) {
    const gradient = new Float64Array(direction.length);
    const point = from.point.map((x, i) => Math.min(bound, Math.max(-bound, x + length * direction[i])));
    const value = evaluate(point, gradient);
    const place = { point, value, gradient };
    const slopeThere = dot(direction, gradient);
    const isLower = value <= from.value + sufficientDecrease * length * slope;
    // Close to the minimum values differ by rounding alone; slopes still tell (Hager and Zhang's approximate Wolfe condition).
    const isLevel = value <= from.value + rounding * (1 + Math.abs(from.value)) && slopeThere <= -0.9 * slope;
    if (!isLower && !isLevel) {
      longer = length;
    } else {
      if (!best || value <= best.value || isLevel) best = place;
      if (slopeThere >= curvatureShare * slope || length >= room) return best;
      shorter = length;
    }
    length = longer === Number.POSITIVE_INFINITY ? Math.min(room, 2 * length) : (shorter + longer) / 2;
    if (length * longest < shortestStep || (longer - shorter) * longest < shortestStep) return best;
  }
  return best;
}

function isBlocked(point: Float64Array, gradient: Float64Array, i: number, bound: number): boolean {
  return (point[i] >= bound && gradient[i] <= 0) || (point[i] <= -bound && gradient[i] >= 0);
}

function descend(inverseHessian: Float64Array, gradient: Float64Array, free: readonly boolean[]): Float64Array {
  const n = gradient.length;
  const direction = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    if (!free[i]) continue;
    for (let j = 0; j < n; j++) if (free[j]) direction[i] -= inverseHessian[i * n + j] * gradient[j];
  }
  return direction;
}

/** H ← (I − s yᵀ/c) H (I − y sᵀ/c) + s sᵀ/c, c = sᵀy. */
function updateInverseHessian(h: Float64Array, step: Float64Array, change: Float64Array, curvature: number): void {
  const n = step.length;
  const turned = new Float64Array(n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) turned[i] += h[i * n + j] * change[j];
  const scale = (1 + dot(change, turned) / curvature) / curvature;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      h[i * n + j] += scale * step[i] * step[j] - (turned[i] * step[j] + step[i] * turned[j]) / curvature;
    }
  }
}

function identity(n: number, diagonal = 1): Float64Array {
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) matrix[i * n + i] = diagonal;
  return matrix;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
