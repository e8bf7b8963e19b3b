import { ShapeError } from '../errors.ts';
import type { ItemContent } from '../recommend/recommender.ts';

/**
 * How alike candidates are: writes the similarity of the candidate at `position` to every candidate (length n).
 * Symmetric, 1 with itself, in [-1, 1]; for a DPP the whole matrix must be positive semi-definite, as cosines are.
 */
export type SimilarityInto = (position: number, similarities: Float64Array) => void;

/** Cosine of the candidates' content features. Items without any feature are like nothing but themselves. Cost per call: O(entries). */
export function contentSimilarity(content: ItemContent, items: Uint32Array): SimilarityInto {
  const picked = new Float64Array(content.features);
  const norms = Float64Array.from(items, (item) => {
    let squares = 0;
    for (let at = content.offsets[item]; at < content.offsets[item + 1]; at++) squares += content.weightOf[at] ** 2;
    return Math.sqrt(squares);
  });
  return (position, similarities) => {
    const item = items[position];
    const [from, to] = [content.offsets[item], content.offsets[item + 1]];
    for (let at = from; at < to; at++) picked[content.featureOf[at]] = content.weightOf[at];
    for (let other = 0; other < items.length; other++) {
      let dot = 0;
      const end = content.offsets[items[other] + 1];
      for (let at = content.offsets[items[other]]; at < end; at++) {
        dot += picked[content.featureOf[at]] * content.weightOf[at];
      }
      similarities[other] = dot === 0 ? 0 : dot / (norms[position] * norms[other]);
    }
    for (let at = from; at < to; at++) picked[content.featureOf[at]] = 0;
    similarities[position] = 1;
  };
}

/** Cosine of dense vectors, n × dimensions, row-major: factors or embeddings of the candidates. Cost per call: O(n × dimensions). */
export function vectorSimilarity(vectors: ArrayLike<number>, dimensions: number): SimilarityInto {
  const n = vectors.length / dimensions;
  if (!Number.isInteger(n)) {
    throw new ShapeError(`vectorSimilarity: ${vectors.length} numbers are not rows of ${dimensions}`);
  }
  const dot = (a: number, b: number) => {
    let sum = 0;
    for (let d = 0; d < dimensions; d++) sum += vectors[a * dimensions + d] * vectors[b * dimensions + d];
    return sum;
  };
  const norms = Float64Array.from({ length: n }, (_, row) => Math.sqrt(dot(row, row)));
  return (position, similarities) => {
    for (let other = 0; other < n; other++) {
      const product = norms[position] * norms[other];
      similarities[other] = product === 0 ? 0 : dot(position, other) / product;
    }
    similarities[position] = 1;
  };
}

/** 1 within a group, 0 between: enough to spread categories when items have no other features. */
export function groupSimilarity(groupOf: ArrayLike<number>): SimilarityInto {
  return (position, similarities) => {
    for (let other = 0; other < groupOf.length; other++) {
      similarities[other] = groupOf[other] === groupOf[position] ? 1 : 0;
    }
    similarities[position] = 1;
  };
}
