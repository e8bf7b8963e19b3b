import { DomainError, ShapeError } from '../errors.ts';

/** n points of d numbers each, row-major. */
export type Points = { readonly rows: number; readonly dimensions: number; readonly values: Float64Array };

/** @throws ShapeError when the length is not rows · dimensions; DomainError on a value that is not finite, naming its place. */
export function checkPoints(points: Points, where: string): void {
  const { rows, dimensions, values } = points;
  if (!(rows > 0 && dimensions > 0))
    throw new DomainError(`${where}: needs at least one row and one column, got ${rows} × ${dimensions}`);
  if (values.length !== rows * dimensions) {
    throw new ShapeError(`${where}: ${values.length} values are not ${rows} × ${dimensions}`);
  }
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new DomainError(
        `${where}: row ${Math.floor(i / dimensions)}, column ${i % dimensions} must be finite, got ${values[i]}`,
      );
    }
  }
}

/** How columns were brought to one scale: (transform(value) − mean) / deviation. Constant columns become 0. */
export type Scaling = {
  readonly means: Float64Array;
  readonly deviations: Float64Array;
  /** 1: the logarithm of 1 + value first, for counts and amounts with long tails. */
  readonly logarithmic: Uint8Array;
};

/**
 * Population mean and deviation per column. `auto` takes the logarithm of columns that are never negative and whose skewness is above 2.
 */
export function fitScaling(points: Points, logarithm: 'auto' | 'all' | 'none' = 'auto'): Scaling {
  const { rows, dimensions, values } = points;
  const logarithmic = new Uint8Array(dimensions);
  const means = new Float64Array(dimensions);
  const deviations = new Float64Array(dimensions);
  for (let column = 0; column < dimensions; column++) {
    const raw = Float64Array.from({ length: rows }, (_, row) => values[row * dimensions + column]);
    const isPositive = raw.every((value) => value >= 0);
    const wantsLog = logarithm === 'all' || (logarithm === 'auto' && skewnessOf(raw) > 2);
    if (isPositive && wantsLog) logarithmic[column] = 1;
    const used = logarithmic[column] ? raw.map(Math.log1p) : raw;
    const mean = used.reduce((sum, value) => sum + value, 0) / rows;
    means[column] = mean;
    deviations[column] = Math.sqrt(used.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rows);
  }
  return { means, deviations, logarithmic };
}

export function scalePoints(points: Points, scaling: Scaling): Points {
  const { dimensions } = points;
  const values = points.values.map((value, i) => {
    const column = i % dimensions;
    if (!(scaling.deviations[column] > 0)) return 0;
    const used = scaling.logarithmic[column] ? Math.log1p(Math.max(0, value)) : value;
    return (used - scaling.means[column]) / scaling.deviations[column];
  });
  return { ...points, values };
}

function skewnessOf(values: Float64Array): number {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  let second = 0;
  let third = 0;
  for (const value of values) {
    second += (value - mean) ** 2 / n;
    third += (value - mean) ** 3 / n;
  }
  return second > 0 ? third / second ** 1.5 : 0;
}

export function takePoints(points: Points, rows: ArrayLike<number>): Points {
  const { dimensions } = points;
  const values = new Float64Array(rows.length * dimensions);
  for (let i = 0; i < rows.length; i++) {
    values.set(points.values.subarray(rows[i] * dimensions, (rows[i] + 1) * dimensions), i * dimensions);
  }
  return { rows: rows.length, dimensions, values };
}

export function squaredDistance(a: Float64Array, i: number, b: Float64Array, j: number, dimensions: number): number {
  let sum = 0;
  const from = i * dimensions;
  const to = j * dimensions;
  for (let d = 0; d < dimensions; d++) {
    const difference = a[from + d] - b[to + d];
    sum += difference * difference;
  }
  return sum;
}
