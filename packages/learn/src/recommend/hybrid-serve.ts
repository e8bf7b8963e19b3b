import type { Kernels } from '@zhiyin/kernels';
import { spreadOf } from './blend-weights.ts';
import { type Hybrid, personEvidence, type Source } from './hybrid.ts';
import type { History } from './recommender.ts';
import { type ServedModel, type Shares, serveModel } from './serve-model.ts';

type Part = {
  readonly served: ServedModel;
  /** How far it is believed about each item. */
  readonly factorOf: Float32Array;
  readonly scores: Float32Array;
  spread: number;
};

/** Each part is scored once per person, for the list and for its reasons. */
export function serveHybrid(model: Hybrid, sources: readonly Source[], kernels: Kernels): ServedModel {
  const { items, popularity, popularityWeight } = model;
  const parts: Part[] = sources.map(({ recommender, part, factorOf }) => ({
    served: serveModel(recommender, part, kernels),
    factorOf: Float32Array.from({ length: items }, (_, item) => factorOf(item)),
    scores: kernels.float32(items),
    spread: 1,
  }));
  const measureSpread = spreadMeasure(items, kernels);
  /** Whose scores the parts hold. */
  let scored: History | undefined;

  function scoreParts(history: History): void {
    if (scored === history) return;
    scored = undefined;
    for (const part of parts) {
      part.served.scoreInto(history, part.scores);
      part.spread = measureSpread(part.scores);
    }
    scored = history;
  }

  return {
    scoreInto(history, scores) {
      scoreParts(history);
      const known = personEvidence(model, history);
      const popular = (1 - known) * popularityWeight;
      for (let item = 0; item < items; item++) scores[item] = popular * popularity[item];
      for (const part of parts) addPart(scores, part, known / part.spread);
    },

    explain(history, asked) {
      scoreParts(history);
      const known = personEvidence(model, history);
      const from = [...new Set(Array.from(history.item))];
      const placeOf = new Map(from.map((item, place) => [item, place]));
      const share = new Float32Array(asked.length * from.length);
      for (const { served, factorOf, spread } of parts) {
        const own = served.explain?.(history, asked);
        if (!own) continue;
        const places = Array.from(own.from, (item) => placeOf.get(item) ?? 0);
        for (let row = 0; row < asked.length; row++) {
          const factor = (known * factorOf[asked[row]]) / spread;
          addRow(share, row * from.length, { own, row, places, factor });
        }
      }
      return { from, share };
    },
  };
}

function addPart(scores: Float32Array, { scores: own, factorOf }: Part, scale: number): void {
  for (let item = 0; item < scores.length; item++) {
    const score = own[item];
    // Lists say nothing about most items; what cannot be said does not count.
    if (score !== 0 && score > Number.NEGATIVE_INFINITY) scores[item] += scale * factorOf[item] * score;
  }
}

function addRow(
  share: Float32Array,
  start: number,
  { own, row, places, factor }: { own: Shares; row: number; places: readonly number[]; factor: number },
): void {
  for (let h = 0; h < places.length; h++) share[start + places[h]] += factor * own.share[row * places.length + h];
}

/** Below this part of the mean square a variance in f32 is mostly rounding. */
const safeVariance = 0.01;

/** As `spreadOf`, by the kernels where nothing is −Infinity and rounding does no harm. */
function spreadMeasure(items: number, kernels: Kernels): (scores: Float32Array) => number {
  const ones = kernels.float32(items).fill(1);
  const output = kernels.float32(1);
  const dot = (matrix: Float32Array, by: Float32Array): number => {
    kernels.rowDots({ rows: 1, size: items, matrix, by, output });
    return output[0];
  };
  return (scores) => {
    const mean = dot(scores, ones) / items;
    const square = dot(scores, scores) / items;
    const variance = square - mean * mean;
    return variance > safeVariance * square && variance < Number.POSITIVE_INFINITY
      ? Math.sqrt(variance)
      : spreadOf(scores);
  };
}
