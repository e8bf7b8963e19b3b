import type { Recommender } from '../../recommend/recommender.ts';
import { topK } from '../../recommend/top-k.ts';
import { sequencesOf } from '../sequences.ts';
import { explainBySasrec } from './explain-sasrec.ts';
import { fitSasrec, type SasrecOptions, sasrecDefaults, suggestSasrecOptions } from './fit-sasrec.ts';
import { viewParameters } from './parameters.ts';
import type { SasrecModel } from './sasrec-model.ts';
import { scoreBySasrecInto, scoreManyBySasrecInto } from './score-sasrec.ts';

/** Options that are not given are `sasrecDefaults`, and what suits the length of the sequences. */
export const sasrec: Recommender<SasrecModel, Partial<SasrecOptions>> = {
  kind: 'sasrec',

  fit(data, options, tools) {
    const sequences = sequencesOf(data);
    return fitSasrec(sequences, { ...sasrecDefaults, ...suggestSasrecOptions(sequences), ...options }, tools);
  },

  scoreInto: scoreBySasrecInto,
  scoreManyInto: scoreManyBySasrecInto,
  explain: explainBySasrec,

  /** By the cosine of the items' vectors. */
  similar(model, item, k) {
    const { items, size } = model;
    const vectors = viewParameters(model, model.parameters).item;
    const scores = new Float32Array(items);
    for (let other = 0; other < items; other++) {
      let dot = 0;
      let square = 0;
      for (let l = 0; l < size; l++) {
        dot += vectors[item * size + l] * vectors[other * size + l];
        square += vectors[other * size + l] ** 2;
      }
      scores[other] = square > 0 ? dot / Math.sqrt(square) : 0;
    }
    const own = scores[item]; // the length of the item's own vector
    scores[item] = Number.NEGATIVE_INFINITY;
    const best = topK(scores, k);
    return { item: best, score: Float32Array.from(best, (other) => (own > 0 ? scores[other] / own : 0)) };
  },
};
