import { binFeatures } from './bin-features.ts';
import { computeAuc } from './classification-metrics.ts';
import type { FeatureTable } from './feature-table.ts';

export type SuspectedLeak = {
  readonly feature: string;
  /** What the feature reaches all alone. */
  readonly auc: number;
  /** The next best feature alone. */
  readonly nextAuc: number;
};

/**
 * Features that tell the outcome suspiciously well on their own: usually they become known only with it (the length of the call that
 * was the sale). They are named, not removed: only a person knows when a value is known.
 * Flagged: alone above .95; or above .75 and more than .08 above every other feature.
 * @returns most suspicious first. Cost: O(rows · features).
 */
export function findSuspectedLeaks(table: FeatureTable, labels: Uint8Array): readonly SuspectedLeak[] {
  const binned = binFeatures(table, 32);
  const alone = binned.features.map((feature, f) => ({
    feature: table.columns[f].name,
    auc: computeAuc(shareByBin(feature.binOf, feature.bins, labels), labels).auc,
  }));
  alone.sort((a, b) => b.auc - a.auc);
  return alone
    .map((one, rank) => ({ ...one, nextAuc: alone[rank + 1]?.auc ?? 0.5 }))
    .filter(({ auc, nextAuc }, rank) => auc > 0.95 || (rank === 0 && auc > 0.75 && auc - nextAuc > 0.08));
}

/** Each row's score is the share of positives in its bin, drawn to the mean where the bin is small. */
function shareByBin(binOf: Uint8Array, bins: number, labels: Uint8Array): Float64Array {
  const mean = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  const weight = 20;
  const positives = new Float64Array(bins).fill(weight * mean);
  const rows = new Float64Array(bins).fill(weight);
  for (let i = 0; i < labels.length; i++) {
    positives[binOf[i]] += labels[i];
    rows[binOf[i]]++;
  }
  return Float64Array.from(binOf, (bin) => positives[bin] / rows[bin]);
}
