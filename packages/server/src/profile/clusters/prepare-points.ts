import type { CustomerNote } from '@zhiyin/contract';
import { clampOutliers, fitScaling, type Points, scalePoints } from '@zhiyin/learn';
import { behaviourFeatures } from './behaviour.ts';

export type PreparedPoints = {
  /** Gaps filled, outliers brought back, logarithms where tails are long, one scale; columns that are the same for all are gone. */
  readonly points: Points;
  /** Which feature each column is. */
  readonly features: readonly number[];
  readonly notes: readonly CustomerNote[];
};

/** From what was read to what can be compared. */
export function preparePoints(behaviour: Points): PreparedPoints {
  const filled = fillGaps(behaviour);
  const { points: clamped, clamped: counts } = clampOutliers(filled);
  const scaling = fitScaling(clamped);
  const scaled = scalePoints(clamped, scaling);
  const features = [...scaling.deviations.keys()].filter((column) => (scaling.deviations[column] ?? 0) > 0);
  const constant = behaviourFeatures.filter((_, column) => !features.includes(column)).map(({ key }) => key);
  const outliers = behaviourFeatures.filter((_, column) => (counts[column] ?? 0) > 0).map(({ key }) => key);
  return {
    points: keepColumns(scaled, features),
    features,
    notes: [
      ...(constant.length > 0 ? [{ code: 'constant_features' as const, count: constant.length, names: constant }] : []),
      ...(outliers.length > 0
        ? [{ code: 'clamped_outliers' as const, count: counts.reduce((sum, count) => sum + count, 0), names: outliers }]
        : []),
    ],
  };
}

/** Days that never came count as the longest anybody waited; shares of nothing as the average of those who have one. */
function fillGaps(points: Points): Points {
  const { rows, dimensions } = points;
  const values = points.values.slice();
  behaviourFeatures.forEach(({ unit }, column) => {
    let sum = 0;
    let most = 0;
    let known = 0;
    for (let row = 0; row < rows; row++) {
      const value = values[row * dimensions + column] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      sum += value;
      most = Math.max(most, value);
      known++;
    }
    const filler = known === 0 ? 0 : unit === 'days' ? most : sum / known;
    for (let at = column; at < values.length; at += dimensions) {
      if (Number.isNaN(values[at])) values[at] = filler;
    }
  });
  return { rows, dimensions, values };
}

function keepColumns(points: Points, columns: readonly number[]): Points {
  const values = new Float64Array(points.rows * columns.length);
  for (let row = 0; row < points.rows; row++) {
    columns.forEach((column, at) => {
      values[row * columns.length + at] = points.values[row * points.dimensions + column] ?? 0;
    });
  }
  return { rows: points.rows, dimensions: columns.length, values };
}
