import { DomainError } from '../errors.ts';
import type { Interactions } from './interactions.ts';

export type Similarity = 'cosine' | 'pearson';

/**
 * Similarity of every pair of users, users × users, row-major.
 * cosine: Σ r(u,i) r(v,i) / (√Σ r(u,i)² √Σ r(v,i)²), sums over all items of each. pearson: the same of deviations from each user's
 * mean over the items both rated; 0 where fewer than two are shared or one does not vary. Cost: O(users² × row length).
 */
export function similarityMatrix(ratings: Interactions, kind: Similarity): Float64Array {
  const { users } = ratings;
  const rows = Array.from({ length: users }, (_, user) => rowMap(ratings, user));
  const similarities = new Float64Array(users * users);
  for (let u = 0; u < users; u++) {
    for (let v = u; v < users; v++) {
      const value = kind === 'cosine' ? cosine(rows[u], rows[v]) : pearson(rows[u], rows[v]);
      similarities[u * users + v] = value;
      similarities[v * users + u] = value;
    }
  }
  return similarities;
}

/**
 * r̂(u,i) = Σ_{v ∈ N} q(u,v) r(v,i) / Σ_{v ∈ N} q(u,v), N the `neighbours` most similar users who rated i.
 * @returns null when nobody similar rated the item.
 */
export function predictRating(
  ratings: Interactions,
  similarities: Float64Array,
  user: number,
  item: number,
  neighbours = Number.POSITIVE_INFINITY,
): number | null {
  if (item < 0 || item >= ratings.items)
    throw new DomainError(`predictRating: item must be below ${ratings.items}, got ${item}`);
  const raters: { similarity: number; rating: number }[] = [];
  for (let other = 0; other < ratings.users; other++) {
    const similarity = similarities[user * ratings.users + other];
    const rating = other === user ? undefined : rowMap(ratings, other).get(item);
    if (rating !== undefined && similarity > 0) raters.push({ similarity, rating });
  }
  raters.sort((a, b) => b.similarity - a.similarity);
  const nearest = raters.slice(0, neighbours);
  const weight = nearest.reduce((sum, rater) => sum + rater.similarity, 0);
  return weight === 0 ? null : nearest.reduce((sum, rater) => sum + rater.similarity * rater.rating, 0) / weight;
}

function rowMap(ratings: Interactions, user: number): Map<number, number> {
  const row = new Map<number, number>();
  for (let at = ratings.offsets[user]; at < ratings.offsets[user + 1]; at++)
    row.set(ratings.itemOf[at], ratings.weightOf[at]);
  return row;
}

function cosine(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): number {
  let dot = 0;
  for (const [item, value] of a) dot += value * (b.get(item) ?? 0);
  const lengths = Math.sqrt(sumOfSquares(a) * sumOfSquares(b));
  return lengths === 0 ? 0 : dot / lengths;
}

function sumOfSquares(row: ReadonlyMap<number, number>): number {
  let sum = 0;
  for (const value of row.values()) sum += value * value;
  return sum;
}

function pearson(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): number {
  const shared = [...a].flatMap(([item, x]) => {
    const y = b.get(item);
    return y === undefined ? [] : [[x, y] as const];
  });
  if (shared.length < 2) return 0;
  const meanX = shared.reduce((sum, [x]) => sum + x, 0) / shared.length;
  const meanY = shared.reduce((sum, [, y]) => sum + y, 0) / shared.length;
  let covariance = 0;
  let varianceX = 0;
  let varianceY = 0;
  for (const [x, y] of shared) {
    covariance += (x - meanX) * (y - meanY);
    varianceX += (x - meanX) ** 2;
    varianceY += (y - meanY) ** 2;
  }
  return varianceX === 0 || varianceY === 0 ? 0 : covariance / Math.sqrt(varianceX * varianceY);
}
