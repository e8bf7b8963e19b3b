import type { Attention, AttentionBackward, AttentionForward, Dropout } from '../layers.ts';

export function attentionForward(attention: AttentionForward): void {
  const { batch, heads, length, headSize, query, key, value, start, dropout, weights, output } = attention;
  const scale = 1 / Math.sqrt(headSize);
  weights.fill(0);
  output.fill(0);
  const scores = new Float64Array(length);
  for (const { sequence, head } of sequencesAndHeads(batch, heads)) {
    const first = start?.[sequence] ?? 0;
    for (let i = first; i < length; i++) {
      const at = rowStart(attention, sequence, i, head);
      let largest = Number.NEGATIVE_INFINITY;
      for (let j = first; j <= i; j++) {
        scores[j] = scale * dot(query, at, key, rowStart(attention, sequence, j, head), headSize);
        largest = Math.max(largest, scores[j]);
      }
      let total = 0;
      for (let j = first; j <= i; j++) total += Math.exp(scores[j] - largest);
      for (let j = first; j <= i; j++) {
        const position = weightPosition(attention, sequence, head, i, j);
        weights[position] = Math.exp(scores[j] - largest) / total;
        const kept = weights[position] * dropoutFactor(dropout, position);
        const from = rowStart(attention, sequence, j, head);
        for (let l = 0; l < headSize; l++) output[at + l] += kept * value[from + l];
      }
    }
  }
}

export function attentionBackward(attention: AttentionBackward): void {
  const { batch, heads, length, headSize, query, key, value, start, dropout, weights } = attention;
  const { outputGradient, queryGradient, keyGradient, valueGradient } = attention;
  const scale = 1 / Math.sqrt(headSize);
  for (const gradient of [queryGradient, keyGradient, valueGradient]) gradient.fill(0);
  const weightGradient = new Float64Array(length);
  for (const { sequence, head } of sequencesAndHeads(batch, heads)) {
    const first = start?.[sequence] ?? 0;
    for (let i = first; i < length; i++) {
      const at = rowStart(attention, sequence, i, head);
      let mean = 0;
      for (let j = first; j <= i; j++) {
        const position = weightPosition(attention, sequence, head, i, j);
        const from = rowStart(attention, sequence, j, head);
        const factor = dropoutFactor(dropout, position);
        weightGradient[j] = factor * dot(outputGradient, at, value, from, headSize);
        mean += weightGradient[j] * weights[position];
        for (let l = 0; l < headSize; l++) {
          valueGradient[from + l] += factor * weights[position] * outputGradient[at + l];
        }
      }
      for (let j = first; j <= i; j++) {
        const weight = weights[weightPosition(attention, sequence, head, i, j)];
        const scoreGradient = scale * weight * (weightGradient[j] - mean);
        const from = rowStart(attention, sequence, j, head);
        for (let l = 0; l < headSize; l++) {
          queryGradient[at + l] += scoreGradient * key[from + l];
          keyGradient[from + l] += scoreGradient * query[at + l];
        }
      }
    }
  }
}

/** 0 for what is dropped, 1 / (1 − rate) for what stays: the finaliser of MurmurHash3 on (seed, position). */
export function dropoutFactor(dropout: Dropout | undefined, position: number): number {
  if (!dropout || dropout.rate === 0) return 1;
  let hash = (dropout.seed ^ Math.imul(position, 0x9e3779b1)) | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  hash ^= hash >>> 16;
  return hash >>> 0 < dropoutThreshold(dropout) ? 0 : 1 / (1 - dropout.rate);
}

export function dropoutThreshold({ rate }: Dropout): number {
  return Math.floor(rate * 2 ** 32);
}

function* sequencesAndHeads(batch: number, heads: number): Generator<{ sequence: number; head: number }> {
  for (let sequence = 0; sequence < batch; sequence++) {
    for (let head = 0; head < heads; head++) yield { sequence, head };
  }
}

function rowStart({ heads, length, headSize }: Attention, sequence: number, position: number, head: number): number {
  return ((sequence * length + position) * heads + head) * headSize;
}

function weightPosition({ heads, length }: Attention, sequence: number, head: number, i: number, j: number): number {
  return ((sequence * heads + head) * length + i) * length + j;
}

function dot(one: Float32Array, oneAt: number, other: Float32Array, otherAt: number, size: number): number {
  let sum = 0;
  for (let l = 0; l < size; l++) sum += one[oneAt + l] * other[otherAt + l];
  return sum;
}
