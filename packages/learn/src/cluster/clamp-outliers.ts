import { checkPoints, type Points } from './points.ts';

export type ClampedPoints = {
  readonly points: Points;
  /** Per column the limits, and how many values lay outside of them. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly clamped: Uint32Array;
};

/**
 * Brings values beyond the outermost quantiles of their column back to them (winsorising), so that one wrong order of a million does
 * not become a cluster of its own. Columns of which more than half is one value keep their rare large values up to the limit of those
 * that differ from it.
 * @param share outside of the limits at each end.
 */
export function clampOutliers(points: Points, share = 0.005): ClampedPoints {
  checkPoints(points, 'clampOutliers');
  const { rows, dimensions, values } = points;
  const low = new Float64Array(dimensions);
  const high = new Float64Array(dimensions);
  const clamped = new Uint32Array(dimensions);
  const kept = values.slice();
  for (let d = 0; d < dimensions; d++) {
    const sorted = Float64Array.from({ length: rows }, (_, row) => values[row * dimensions + d]).sort();
    const common = sorted[Math.floor(rows / 2)];
    const isCommon = sorted.filter((value) => value === common).length > rows / 2;
    const judged = isCommon ? sorted.filter((value) => value !== common) : sorted;
    low[d] = Math.min(quantileSorted(judged, share, common), isCommon ? common : Number.POSITIVE_INFINITY);
    high[d] = Math.max(quantileSorted(judged, 1 - share, common), isCommon ? common : Number.NEGATIVE_INFINITY);
    for (let at = d; at < values.length; at += dimensions) {
      const value = Math.min(high[d], Math.max(low[d], values[at]));
      if (value === values[at]) continue;
      kept[at] = value;
      clamped[d]++;
    }
  }
  return { points: { ...points, values: kept }, low, high, clamped };
}

/** With straight lines between the values, as everybody's default; `none` when there are none. */
function quantileSorted(sorted: Float64Array, share: number, none: number): number {
  if (sorted.length === 0) return none;
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}
