/**
 * The `most` items with the largest score above `least`, best first, equal ones by place. `catalogueOf` maps places of `scores` to
 * catalogue indices, whose mask must be 1. A heap of `most` over one pass: items below its smallest cost one comparison.
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
  const heap: Heap = { score: new Float32Array(most), place: new Int32Array(most) };
  let size = 0;
  let floor = options.least;
  for (let place = 0; place < scores.length; place += 1) {
    const score = scores[place]!;
    if (!(score > floor) || mask[catalogueOf[place]!] !== 1) continue;
    if (size < most) {
      riseTo(heap, size, score, place);
      size += 1;
    } else sinkFrom(heap, size, score, place);
    if (size === most) floor = heap.score[0]!;
  }
  return drain(heap, size, catalogueOf);
}

/** The worst on top: the smallest score, of equal ones the last place. */
type Heap = { readonly score: Float32Array; readonly place: Int32Array };

function riseTo(heap: Heap, end: number, score: number, place: number): void {
  let child = end;
  while (child > 0) {
    const parent = (child - 1) >> 1;
    const above = heap.score[parent]!;
    if (above < score || (above === score && heap.place[parent]! > place)) break;
    heap.score[child] = above;
    heap.place[child] = heap.place[parent]!;
    child = parent;
  }
  heap.score[child] = score;
  heap.place[child] = place;
}

/** Puts an entry in place of the one on top. */
function sinkFrom(heap: Heap, size: number, score: number, place: number): void {
  let hole = 0;
  for (;;) {
    let child = 2 * hole + 1;
    if (child >= size) break;
    let below = heap.score[child]!;
    if (child + 1 < size) {
      const other = heap.score[child + 1]!;
      if (other < below || (other === below && heap.place[child + 1]! > heap.place[child]!)) {
        child += 1;
        below = other;
      }
    }
    if (below > score || (below === score && heap.place[child]! < place)) break;
    heap.score[hole] = below;
    heap.place[hole] = heap.place[child]!;
    hole = child;
  }
  heap.score[hole] = score;
  heap.place[hole] = place;
}

/** Takes the worst out again and again and fills the list from its end. */
function drain(heap: Heap, size: number, catalogueOf: Int32Array): { item: Int32Array; score: Float32Array } {
  const item = new Int32Array(size);
  const score = new Float32Array(size);
  for (let left = size - 1; left >= 0; left -= 1) {
    item[left] = catalogueOf[heap.place[0]!]!;
    score[left] = heap.score[0]!;
    sinkFrom(heap, left, heap.score[left]!, heap.place[left]!);
  }
  return { item, score };
}
