/**
 * Indices of the k largest scores, largest first; equal scores by smaller index; NaN and -Infinity are left out.
 * A heap of k keeps it O(n log k), and nearly O(n) in practice: most scores lose against the worst one kept.
 */
export function topK(scores: ArrayLike<number>, k: number): Uint32Array {
  return topKWithin(scores, 0, scores.length, k);
}

/** The same for `scores[from, to)`; indices count from `from`. */
export function topKWithin(scores: ArrayLike<number>, from: number, to: number, k: number): Uint32Array {
  const size = Math.max(0, Math.min(Math.floor(k), to - from));
  if (size === 0) return new Uint32Array(0);
  const heap: Heap = { items: new Uint32Array(size), values: new Float64Array(size), length: 0 };
  let at = from;
  for (; at < to && heap.length < size; at++) {
    if (scores[at] > Number.NEGATIVE_INFINITY) push(heap, at - from, scores[at]);
  }
  let least = heap.length === size ? heap.values[0] : Number.POSITIVE_INFINITY;
  for (; at < to; at++) {
    // Strictly greater: among equals the smaller index came first and stays.
    if (!(scores[at] > least)) continue;
    replaceLeast(heap, heap.length, at - from, scores[at]);
    least = heap.values[0];
  }
  return drain(heap);
}

/** The same for `scores[candidates[0 … count)]`: returns candidates, not positions. Equal scores by smaller candidate. */
export function topKOf(scores: ArrayLike<number>, candidates: Uint32Array, count: number, k: number): Uint32Array {
  const size = Math.max(0, Math.min(Math.floor(k), count));
  if (size === 0) return new Uint32Array(0);
  const heap: Heap = { items: new Uint32Array(size), values: new Float64Array(size), length: 0 };
  for (let at = 0; at < count; at++) {
    const item = candidates[at];
    const score = scores[item];
    if (!(score > Number.NEGATIVE_INFINITY)) continue;
    if (heap.length < size) push(heap, item, score);
    else if (score > heap.values[0] || (score === heap.values[0] && item < heap.items[0]))
      replaceLeast(heap, size, item, score);
  }
  return drain(heap);
}

/** Worst first: the smallest value, among equals the greatest item. */
type Heap = { readonly items: Uint32Array; readonly values: Float64Array; length: number };

function push(heap: Heap, item: number, value: number): void {
  const { items, values } = heap;
  let child = heap.length++;
  while (child > 0) {
    const parent = (child - 1) >> 1;
    if (!(value < values[parent] || (value === values[parent] && item > items[parent]))) break;
    values[child] = values[parent];
    items[child] = items[parent];
    child = parent;
  }
  values[child] = value;
  items[child] = item;
}

function replaceLeast({ items, values }: Heap, length: number, item: number, value: number): void {
  let parent = 0;
  for (;;) {
    let least = 2 * parent + 1;
    if (least >= length) break;
    const right = least + 1;
    if (
      right < length &&
      (values[right] < values[least] || (values[right] === values[least] && items[right] > items[least]))
    )
      least = right;
    if (value < values[least] || (value === values[least] && item > items[least])) break;
    values[parent] = values[least];
    items[parent] = items[least];
    parent = least;
  }
  values[parent] = value;
  items[parent] = item;
}

/** Takes the worst one out again and again, filling the result from its end. */
function drain(heap: Heap): Uint32Array {
  const sorted = new Uint32Array(heap.length);
  for (let length = heap.length - 1; length >= 0; length--) {
    sorted[length] = heap.items[0];
    if (length > 0) replaceLeast(heap, length, heap.items[length], heap.values[length]);
  }
  return sorted;
}
