import type { RecommendModel } from '@zhiyin/learn';

/**
 * What items mean, as an embeddings model saw their texts: one row per item, centred on the mean of all and of length 1, in steps of
 * 1/127. Centring matters: rows of many embeddings models all point about the same way.
 */
export type ItemVectors = RecommendModel & {
  readonly kind: 'item-vectors';
  readonly version: 1;
  readonly dimensions: number;
  /** Catalogue ids, one per row. */
  readonly itemIds: readonly string[];
  /** items × dimensions, row by row. */
  readonly values: Int8Array;
};

export const isItemVectors = (model: RecommendModel): model is ItemVectors =>
  model.kind === 'item-vectors' && model.version === 1;

/** @param vectors all of one length. Cost: O(items · dimensions). */
export function buildItemVectors(itemIds: readonly string[], vectors: readonly Float32Array[]): ItemVectors {
  const dimensions = vectors[0]?.length ?? 0;
  const mean = new Float64Array(dimensions);
  const unit = vectors.map(toUnit);
  for (const vector of unit) for (let at = 0; at < dimensions; at += 1) mean[at]! += vector[at]! / unit.length;
  const values = new Int8Array(vectors.length * dimensions);
  unit.forEach((vector, row) => {
    const centred = toUnit(vector.map((value, at) => value - mean[at]!));
    for (let at = 0; at < dimensions; at += 1) values[row * dimensions + at] = Math.round(centred[at]! * 127);
  });
  return { kind: 'item-vectors', version: 1, items: vectors.length, dimensions, itemIds, values };
}

function toUnit(vector: Float32Array): Float32Array {
  const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return norm === 0 ? vector : vector.map((value) => value / norm);
}
