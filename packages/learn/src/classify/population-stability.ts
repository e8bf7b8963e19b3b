import { ShapeError } from '../errors.ts';
import type { FeatureColumn } from './feature-table.ts';

/** How the values of a column were spread over bins: tenths of the numbers, levels of a category, and "not known" last. Plain data. */
export type ColumnBins = {
  readonly name: string;
  /** Upper ends of all bins but the last; empty for a category. */
  readonly edges: Float64Array;
  readonly levels: readonly string[];
  /** Share of rows per bin; sums to 1. */
  readonly shares: Float64Array;
};

/** @throws ShapeError when there are no rows. Cost: O(n log n). */
export function fitColumnBins(column: FeatureColumn, bins = 10): ColumnBins {
  const rows = column.kind === 'number' ? column.values.length : column.codes.length;
  if (rows === 0) throw new ShapeError(`fitColumnBins: column ${column.name} has no rows`);
  const edges = column.kind === 'number' ? quantileEdges(column.values, bins) : new Float64Array(0);
  const levels = column.kind === 'category' ? column.levels : [];
  const empty = { name: column.name, edges, levels, shares: new Float64Array(0) };
  return { ...empty, shares: binShares(empty, column) };
}

/**
 * Population stability index: Σ (now − then) · ln(now / then) over bins; symmetric, 0 for the same spread. Usual reading: under 0.1 the
 * same, over 0.25 another population. Bins nobody is in count as half a row.
 * Source: Siddiqi (2006), Credit Risk Scorecards, chapter 9; the sum of both Kullback-Leibler divergences.
 */
export function populationStability(then: ColumnBins, column: FeatureColumn): number {
  const rows = column.kind === 'number' ? column.values.length : column.codes.length;
  if (rows === 0) return Number.NaN;
  const now = binShares(then, column);
  const least = 0.5 / Math.max(rows, 100);
  return now.reduce((sum, share, bin) => {
    const [p, q] = [Math.max(least, share), Math.max(least, then.shares[bin])];
    return sum + (p - q) * Math.log(p / q);
  }, 0);
}

function binShares({ edges, levels }: Pick<ColumnBins, 'edges' | 'levels'>, column: FeatureColumn): Float64Array {
  if (column.kind === 'number') {
    const counts = new Float64Array(edges.length + 2);
    for (const value of column.values) counts[Number.isNaN(value) ? edges.length + 1 : binOf(edges, value)]++;
    return counts.map((count) => count / column.values.length);
  }
  // One more for levels that were not there, and one for "not known".
  const counts = new Float64Array(levels.length + 2);
  const codeOf = new Map(levels.map((level, code) => [level, code]));
  const binOfCode = column.levels.map((level) => codeOf.get(level) ?? levels.length);
  for (const code of column.codes) counts[code < 0 ? levels.length + 1 : binOfCode[code]]++;
  return counts.map((count) => count / column.codes.length);
}

function binOf(edges: Float64Array, value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= edges[middle]) high = middle;
    else low = middle + 1;
  }
  return low;
}

function quantileEdges(values: Float64Array, bins: number): Float64Array {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  const edges = new Set<number>();
  for (let bin = 1; bin < bins && known.length > 0; bin++) {
    edges.add(known[Math.min(known.length - 1, Math.floor((bin * known.length) / bins))]);
  }
  return Float64Array.from(edges).sort();
}
