import type { Kernels } from '@zhiyin/kernels';
import { spreadOf } from './blend-weights.ts';
import { type Hybrid, personEvidence, type Source } from './hybrid.ts';
import type { History } from './recommender.ts';
import { type ServedModel, serveModel } from './serve-model.ts';

/** Each part is scored once per person, for the list and for its reasons; how far it is believed about each item is worked out once. */
export function serveHybrid(model: Hybrid, sources: readonly Source[], kernels: Kernels): ServedModel {
  const { items, popularity, popularityWeight } = model;
  const parts = sources.map(({ recommender, part, factorOf }) => ({
    served: serveModel(recommender, part, kernels),
    factorOf: Float32Array.from({ length: items }, (_, item) => factorOf(item)),
    scores: kernels.float32(items),
    spread: 1,
  }));
  /** Whose scores the parts hold. */
  let scored: History | undefined;

  function scoreParts(history: History): void {
    if (scored === history) return;
    scored = undefined;
    for (const part of parts) {
      part.served.scoreInto(history, part.scores);
      part.spread = spreadOf(part.scores);
    }
    scored = history;
  }

  return {
    scoreInto(history, scores) {
      scoreParts(history);
      const known = personEvidence(model, history);
      const popular = (1 - known) * popularityWeight;
      for (let item = 0; item < items; item++) scores[item] = popular * popularity[item];
      for (const { scores: own, factorOf, spread } of parts) {
        const scale = known / spread;
        for (let item = 0; item < items; item++) {
          if (own[item] > Number.NEGATIVE_INFINITY) scores[item] += scale * factorOf[item] * own[item];
        }
      }
    },

    explain(history, asked) {
      scoreParts(history);
      const known = personEvidence(model, history);
      const from = [...new Set(Array.from(history.item))];
      const placeOf = new Map(from.map((item, place) => [item, place]));
      const share = new Float32Array(asked.length * from.length);
      for (const { served, factorOf, spread } of parts) {
        const part = served.explain?.(history, asked);
        if (!part) continue;
        const entries = part.from.length;
        const places = Array.from(part.from, (item) => placeOf.get(item) ?? 0);
        for (let row = 0; row < asked.length; row++) {
          const factor = (known * factorOf[asked[row]]) / spread;
          for (let h = 0; h < entries; h++)
            share[row * from.length + places[h]] += factor * part.share[row * entries + h];
        }
      }
      return { from, share };
    },
  };
}
