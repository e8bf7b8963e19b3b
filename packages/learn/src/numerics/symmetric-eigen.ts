import { ShapeError } from '../errors.ts';

export type Eigen = {
  /** Largest first. */
  readonly values: Float64Array;
  /** One row per value: `count` × n, each of length 1. */
  readonly vectors: Float64Array;
};

const sweepsMax = 60;

/**
 * Eigenvalues of a symmetric n × n matrix, largest first, and the vectors of the first `count`.
 * Householder's reflections to three diagonals, then implicit QL. Cost: about 4n³.
 * Sources: Wilkinson and Reinsch (1971), Handbook for Automatic Computation, II/2 and II/3.
 */
export function symmetricEigen(matrix: Float64Array, n: number, count = n): Eigen {
  if (matrix.length !== n * n) {
    throw new ShapeError(`symmetricEigen: ${n} × ${n} needs ${n * n} numbers, got ${matrix.length}`);
  }
  const reflections = matrix.slice();
  const diagonal = new Float64Array(n);
  const beside = new Float64Array(n);
  const strength = toThreeDiagonals(reflections, n, diagonal, beside);
  const rows = solveThreeDiagonals(diagonal, beside);
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => diagonal[b] - diagonal[a]);
  const kept = Math.min(count, n);
  const vectors = new Float64Array(kept * n);
  for (let at = 0; at < kept; at++) {
    const vector = vectors.subarray(at * n, (at + 1) * n);
    vector.set(rows.subarray(order[at] * n, (order[at] + 1) * n));
    reflectBack(reflections, strength, vector);
  }
  return { values: Float64Array.from(order, (at) => diagonal[at]), vectors };
}

/**
 * Row k of `matrix` becomes, right of the diagonal, the vector v of reflection k: I − strength[k] v vᵀ. Works on the whole square
 * rather than a triangle so that every inner loop runs along a row.
 */
function toThreeDiagonals(matrix: Float64Array, n: number, diagonal: Float64Array, beside: Float64Array): Float64Array {
  const strength = new Float64Array(n);
  const image = new Float64Array(n);
  for (let k = 0; k + 1 < n; k++) {
    diagonal[k] = matrix[k * n + k];
    const v = matrix.subarray(k * n, (k + 1) * n);
    let squares = 0;
    for (let j = k + 1; j < n; j++) squares += v[j] * v[j];
    const length = Math.sqrt(squares);
    if (length === 0) continue;
    const first = v[k + 1] > 0 ? -length : length;
    beside[k] = first;
    v[k + 1] -= first;
    strength[k] = 1 / (first * (first - (v[k + 1] + first)));
    reflectBothSides(matrix, n, k, v, strength[k], image);
  }
  if (n > 0) diagonal[n - 1] = matrix[n * n - 1];
  return strength;
}

/** A ← H A H in the square below and right of k, as A − v wᵀ − w vᵀ. */
function reflectBothSides(
  matrix: Float64Array,
  n: number,
  k: number,
  v: Float64Array,
  strength: number,
  image: Float64Array,
): void {
  let along = 0;
  for (let i = k + 1; i < n; i++) {
    const row = i * n;
    let sum = 0;
    for (let j = k + 1; j < n; j++) sum += matrix[row + j] * v[j];
    image[i] = strength * sum;
    along += image[i] * v[i];
  }
  const half = (strength / 2) * along;
  for (let i = k + 1; i < n; i++) image[i] -= half * v[i];
  for (let i = k + 1; i < n; i++) {
    const row = i * n;
    const [vi, wi] = [v[i], image[i]];
    for (let j = k + 1; j < n; j++) matrix[row + j] -= vi * image[j] + wi * v[j];
  }
}

/** Eigenvalues replace `diagonal`; the vectors come back as rows, in the same order. */
function solveThreeDiagonals(diagonal: Float64Array, beside: Float64Array): Float64Array {
  const n = diagonal.length;
  const rows = new Float64Array(n * n);
  for (let i = 0; i < n; i++) rows[i * n + i] = 1;
  for (let from = 0; from < n; from++) {
    for (let sweep = 0; ; sweep++) {
      let to = from;
      while (to + 1 < n) {
        const around = Math.abs(diagonal[to]) + Math.abs(diagonal[to + 1]);
        if (Math.abs(beside[to]) <= Number.EPSILON * around) break;
        to++;
      }
      if (to === from || sweep === sweepsMax) break;
      sweepUp(diagonal, beside, rows, from, to);
    }
  }
  return rows;
}

/** One implicit QL sweep over [from, to], shifted towards the eigenvalue at `from`. */
function sweepUp(diagonal: Float64Array, beside: Float64Array, rows: Float64Array, from: number, to: number): void {
  const n = diagonal.length;
  let g = (diagonal[from + 1] - diagonal[from]) / (2 * beside[from]);
  const r = Math.hypot(g, 1);
  g = diagonal[to] - diagonal[from] + beside[from] / (g + (g >= 0 ? r : -r));
  let [sine, cosine, shift] = [1, 1, 0];
  for (let i = to - 1; i >= from; i--) {
    const f = sine * beside[i];
    const b = cosine * beside[i];
    const length = Math.hypot(f, g);
    beside[i + 1] = length;
    if (length === 0) {
      diagonal[i + 1] -= shift;
      beside[to] = 0;
      return;
    }
    sine = f / length;
    cosine = g / length;
    g = diagonal[i + 1] - shift;
    const turn = (diagonal[i] - g) * sine + 2 * cosine * b;
    shift = sine * turn;
    diagonal[i + 1] = g + shift;
    g = cosine * turn - b;
    rotateRows(rows, n, i, sine, cosine);
  }
  diagonal[from] -= shift;
  beside[from] = g;
  beside[to] = 0;
}

function rotateRows(rows: Float64Array, n: number, i: number, sine: number, cosine: number): void {
  for (let low = i * n, high = low + n, end = high; low < end; low++, high++) {
    const [upper, lower] = [rows[high], rows[low]];
    rows[high] = sine * lower + cosine * upper;
    rows[low] = cosine * lower - sine * upper;
  }
}

function reflectBack(reflections: Float64Array, strength: Float64Array, vector: Float64Array): void {
  const n = vector.length;
  for (let k = n - 2; k >= 0; k--) {
    if (strength[k] === 0) continue;
    const row = k * n;
    let sum = 0;
    for (let j = k + 1; j < n; j++) sum += reflections[row + j] * vector[j];
    sum *= strength[k];
    for (let j = k + 1; j < n; j++) vector[j] -= sum * reflections[row + j];
  }
}
