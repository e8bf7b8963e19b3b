import { topK } from './top-k.ts';

/** The rows of `factorRows` (items × factors) whose direction is nearest to that of row `item`, itself left out; by cosine. */
export function similarByFactors(
  factorRows: Float32Array,
  factors: number,
  item: number,
  k: number,
): { readonly item: Uint32Array; readonly score: Float32Array } {
  const items = factorRows.length / factors;
  const cosines = new Float32Array(items);
  const own = factorRows.subarray(item * factors, (item + 1) * factors);
  const ownSquares = own.reduce((sum, value) => sum + value * value, 0);
  for (let other = 0; other < items; other++) {
    let [dot, squares] = [0, 0];
    for (let f = 0, at = other * factors; f < factors; f++, at++) {
      dot += own[f] * factorRows[at];
      squares += factorRows[at] * factorRows[at];
    }
    const scale = Math.sqrt(ownSquares * squares);
    cosines[other] = scale > 0 ? dot / scale : Number.NEGATIVE_INFINITY;
  }
  cosines[item] = Number.NEGATIVE_INFINITY;
  const nearest = topK(cosines, k);
  return { item: nearest, score: Float32Array.from(nearest, (other) => cosines[other]) };
}
