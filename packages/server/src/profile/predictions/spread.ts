import { type ColumnBins, type FeatureTable, fitColumnBins } from '@zhiyin/learn';

/** How features and scores lie over people: what later scorings are compared with. */
export function measureSpread(
  table: FeatureTable,
  scores: Float64Array | null,
): { readonly features: readonly ColumnBins[]; readonly score: ColumnBins | null } {
  if (table.rows === 0) return { features: [], score: null };
  return {
    features: table.columns.map((column) => fitColumnBins(column)),
    score: scores ? fitColumnBins({ kind: 'number', name: 'score', values: scores }) : null,
  };
}
