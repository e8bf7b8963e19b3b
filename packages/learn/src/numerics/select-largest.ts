/**
 * The k-th largest of `values` (k from 1 on), which are put in another order: everything before place k − 1 is then no smaller,
 * everything after it no larger. Values must be numbers, none NaN. Cost: O(n) on average.
 * Source: Hoare (1961), Communications of the ACM 4(7), algorithm 65.
 */
export function selectLargest(values: Float32Array, k: number): number {
  let first = 0;
  let last = values.length - 1;
  while (first < last) {
    const pivot = values[(first + last) >>> 1];
    let left = first;
    let right = last;
    while (left <= right) {
      while (values[left] > pivot) left++;
      while (values[right] < pivot) right--;
      if (left > right) break;
      const moved = values[left];
      values[left++] = values[right];
      values[right--] = moved;
    }
    if (k - 1 <= right) last = right;
    else if (k - 1 >= left) first = left;
    else break;
  }
  return values[k - 1];
}
