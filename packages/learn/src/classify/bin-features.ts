import { DomainError } from '../errors.ts';
import type { CategoryColumn, FeatureTable, NumberColumn } from './feature-table.ts';

/** Features cut into at most 256 bins each, one byte a row; bin 0 is "not known". */
export type BinnedFeatures = {
  readonly rows: number;
  readonly features: readonly BinnedFeature[];
};

export type BinnedFeature =
  | {
      readonly kind: 'number';
      readonly bins: number;
      readonly binOf: Uint8Array;
      /** Bin b (from 1) holds the values in (edges[b - 2], edges[b - 1]]; the last bin is open above. */
      readonly edges: Float64Array;
    }
  | {
      readonly kind: 'category';
      readonly bins: number;
      readonly binOf: Uint8Array;
      /** Bin of each level, 1 or more; levels too rare for a bin of their own share the last one. */
      readonly binOfLevel: Uint8Array;
    };

/**
 * @param binsMax most bins per feature beside the one for "not known", 2 to 255.
 * Cost: O(n log n) per number column.
 */
export function binFeatures(table: FeatureTable, binsMax = 255): BinnedFeatures {
  if (!(Number.isInteger(binsMax) && binsMax >= 2 && binsMax <= 255)) {
    throw new DomainError(`binFeatures: binsMax must be 2 to 255, got ${binsMax}`);
  }
  return {
    rows: table.rows,
    features: table.columns.map((column) =>
      column.kind === 'number' ? binNumbers(column, binsMax) : binLevels(column, binsMax),
    ),
  };
}

/** Edges halfway between neighbouring values, so that about as many rows fall into each bin. */
function binNumbers(column: NumberColumn, binsMax: number): BinnedFeature {
  const known = column.values.filter((value) => !Number.isNaN(value)).sort();
  const edges: number[] = [];
  const distinct: number[] = [];
  for (let i = 0; i < known.length && distinct.length <= binsMax; i++) {
    if (i === 0 || known[i] !== known[i - 1]) distinct.push(known[i]);
  }
  if (distinct.length <= binsMax) {
    for (let i = 1; i < distinct.length; i++) edges.push(between(distinct[i - 1], distinct[i]));
  } else {
    for (let cut = 1; cut < binsMax; cut++) {
      const at = Math.floor((cut * known.length) / binsMax);
      // The cut moves behind the run of equal values it falls into.
      let next = at;
      while (next < known.length && known[next] === known[at]) next++;
      if (next === known.length) break;
      const edge = between(known[next - 1], known[next]);
      if (edges.length === 0 || edge > edges[edges.length - 1]) edges.push(edge);
    }
  }
  const sorted = Float64Array.from(edges);
  const binOf = Uint8Array.from(column.values, (value) => (Number.isNaN(value) ? 0 : 1 + countBelow(sorted, value)));
  return { kind: 'number', bins: sorted.length + 2, binOf, edges: sorted };
}

function binLevels(column: CategoryColumn, binsMax: number): BinnedFeature {
  const counts = new Float64Array(column.levels.length);
  for (const code of column.codes) if (code >= 0) counts[code]++;
  const byCount = [...counts.keys()].sort((a, b) => counts[b] - counts[a] || a - b);
  const own = byCount.length <= binsMax ? byCount.length : binsMax - 1;
  const binOfLevel = new Uint8Array(column.levels.length).fill(own + 1);
  byCount.slice(0, own).forEach((level, rank) => {
    binOfLevel[level] = rank + 1;
  });
  const binOf = Uint8Array.from(column.codes, (code) => (code < 0 ? 0 : binOfLevel[code]));
  return { kind: 'category', bins: Math.min(byCount.length, binsMax) + 1, binOf, binOfLevel };
}

function between(low: number, high: number): number {
  const middle = low + (high - low) / 2;
  return middle >= high ? low : middle;
}

/** How many edges lie below the value. */
function countBelow(edges: Float64Array, value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
