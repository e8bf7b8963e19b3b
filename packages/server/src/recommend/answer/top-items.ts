/**
 * The `most` items with the largest score above `least`, best first. `catalogueOf` maps places of `scores` to catalogue indices, whose
 * mask must be 1. A heap of `most` over one pass: items below its smallest cost one comparison.
 */
export function topItems(
  scores: Float32Array,
  options: {
    readonly most: number;
    readonly least: number;
    readonly mask: Uint8Array;
    readonly catalogueOf: Int32Array;
  },
): { item: Int32Array; score: Float32Array } {
  const { most, mask, catalogueOf } = options;
  const heapScore = new Float32Array(most);
  const heapPlace = new Int32Array(most);
  let size = 0;
  let floor = options.least;
  for (let place = 0; place < scores.length; place += 1) {
    const score = scores[place]!;
    if (!(score > floor) || mask[catalogueOf[place]!] !== 1) continue;
    if (size < most) {
      let child = size++;
      while (child > 0) {
        const parent = (child - 1) >> 1;
        if (heapScore[parent]! <= score) break;
        heapScore[child] = heapScore[parent]!;
        heapPlace[child] = heapPlace[parent]!;
        child = parent;
      }
      heapScore[child] = score;
      heapPlace[child] = place;
      if (size === most) floor = heapScore[0]!;
      continue;
    }
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= most) break;
      if (child + 1 < most && heapScore[child + 1]! < heapScore[child]!) child += 1;
      if (heapScore[child]! >= score) break;
      heapScore[hole] = heapScore[child]!;
      heapPlace[hole] = heapPlace[child]!;
      hole = child;
    }
    heapScore[hole] = score;
    heapPlace[hole] = place;
    floor = heapScore[0]!;
  }
  const order = Array.from({ length: size }, (_, i) => i).sort(
    (a, b) => heapScore[b]! - heapScore[a]! || heapPlace[a]! - heapPlace[b]!,
  );
  return {
    item: Int32Array.from(order, (i) => catalogueOf[heapPlace[i]!]!),
    score: Float32Array.from(order, (i) => heapScore[i]!),
  };
}
