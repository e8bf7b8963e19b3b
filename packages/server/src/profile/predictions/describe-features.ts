import type { FeatureEffect, FeatureWords, PredictionCard } from '@zhiyin/contract';
import {
  type Classifier,
  computeImportance,
  computePartialDependence,
  type FeatureTable,
  takeRows,
} from '@zhiyin/learn';
import type { FeaturePlan, FeatureUnit } from '../features/feature.ts';
import { listFeatures } from '../features/features-sql.ts';

const effectsMax = 12;
const dependenceMax = 6;
const dependenceRows = 400;

/** Words and unit of every feature of a plan, by key. */
export function openWords(plan: FeaturePlan): (key: string) => { words: FeatureWords; unit: FeatureUnit } {
  const known = new Map(listFeatures(plan).map(({ key, words, unit }) => [key, { words, unit }]));
  return (key) => known.get(key) ?? { words: { en: key, 'zh-CN': key }, unit: 'number' };
}

/** What a model goes by, largest first, and how the probability moves with the first few. */
export function measureEffects(model: Classifier, table: FeatureTable, plan: FeaturePlan): FeatureEffect[] {
  if (table.rows === 0) return [];
  const wordsOf = openWords(plan);
  const few = takeRows(
    table,
    Uint32Array.from({ length: Math.min(dependenceRows, table.rows) }, (_, row) => row),
  );
  return computeImportance(model, table)
    .filter(({ importance }) => importance > 0)
    .slice(0, effectsMax)
    .map(({ feature, importance }, rank) => ({
      feature,
      ...wordsOf(feature),
      importance,
      dependence: rank < dependenceMax ? [...computePartialDependence(model, few, feature)] : [],
    }));
}

export function describeLeaks(
  leaks: readonly { feature: string; auc: number; nextAuc: number }[],
  plan: FeaturePlan,
): PredictionCard['leaks'] {
  const wordsOf = openWords(plan);
  return leaks.map(({ feature, auc, nextAuc }) => ({ feature, words: wordsOf(feature).words, auc, nextAuc }));
}
