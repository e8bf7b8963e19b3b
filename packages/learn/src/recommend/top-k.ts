/**
 * Indices of the k largest scores, largest first; equal scores by smaller index; NaN and -Infinity are left out.
 * A heap of k keeps it O(n log k).
 */
export function topK(scores: ArrayLike<number>, k: number): Uint32Array {
  const heap: number[] = [];
  const worse = (a: number, b: number) => scores[a] < scores[b] || (scores[a] === scores[b] && a > b);
  for (let i = 0; i < scores.length; i++) {
    if (!(scores[i] > Number.NEGATIVE_INFINITY)) continue;
    if (heap.length < k) {
      heap.push(i);
      siftUp(heap, heap.length - 1, worse);
    } else if (k > 0 && worse(heap[0], i)) {
      heap[0] = i;
      siftDown(heap, worse);
    }
  }
  return Uint32Array.from(heap.sort((a, b) => (worse(a, b) ? 1 : -1)));
}

function siftUp(heap: number[], from: number, worse: (a: number, b: number) => boolean): void {
  let child = from;
  while (child > 0) {
    const parent = (child - 1) >> 1;
    if (!worse(heap[child], heap[parent])) return;
    [heap[child], heap[parent]] = [heap[parent], heap[child]];
    child = parent;
  }
}

function siftDown(heap: number[], worse: (a: number, b: number) => boolean): void {
  let parent = 0;
  for (;;) {
    const left = 2 * parent + 1;
    const right = left + 1;
    let least = parent;
    if (left < heap.length && worse(heap[left], heap[least])) least = left;
    if (right < heap.length && worse(heap[right], heap[least])) least = right;
    if (least === parent) return;
    [heap[parent], heap[least]] = [heap[least], heap[parent]];
    parent = least;
  }
}
