import { openReferenceKernels } from '@zhiyin/kernels';
import { describe, expect, it } from 'vitest';
import { integerDraw, seededRandom } from '../numerics/random.ts';
import { buildInteractions } from '../recommend/interactions.ts';
import { loadModel } from '../recommend/load-model.ts';
import type { Recommender, RecommendModel } from '../recommend/recommender.ts';
import { findRecommender } from '../recommend/recommenders.ts';
import { saveModel } from '../recommend/save-model.ts';
import { historyOf } from './evaluate-next-item.ts';
import { sequenceRecommenders } from './sequence-recommenders.ts';

const tools = { kernels: openReferenceKernels(), seed: 1 };
const small = { size: 8, inner: 8, blocks: 1, negatives: 5, epochs: 2 };
const options: Record<string, object> = {
  'transition-knn': { window: 5, backward: 0.3, popularityPower: 0.1, memory: 2 },
  vsknn: { neighbours: 50, candidates: 100, rarity: 1 },
  sasrec: small,
  'sequence-blend': { sasrec: small },
};
const random = seededRandom(2);
const events = Array.from({ length: 300 }, (_, i) => ({ user: i % 40, item: integerDraw(random, 20) }));
const interactions = buildInteractions(40, 20, { user: events.map((e) => e.user), item: events.map((e) => e.item) });
const at = Float64Array.from(interactions.itemOf, () => random() * 1e9);

describe.each(Object.entries(sequenceRecommenders))('%s as a recommender', (kind, recommender) => {
  const { fit, scoreInto } = recommender as Recommender<RecommendModel, object>;
  const model = fit({ interactions, at }, options[kind], tools);

  it('is found by the kind of its model, which survives being saved', () => {
    expect(model).toMatchObject({ kind, version: 1, items: 20 });
    expect(findRecommender(kind)).toBe(recommender);
    expect(loadModel(saveModel(model))).toEqual(model);
  });

  it('gives the same model for the same data and seed', () => {
    expect(saveModel(fit({ interactions, at }, options[kind], tools))).toEqual(saveModel(model));
  });

  it('writes a score for every item, never NaN, whatever the history', () => {
    for (const history of [[], [0], [19, 20, 400], [3, 3, 3], Array.from({ length: 300 }, (_, i) => i % 20)]) {
      const scores = new Float32Array(20).fill(Number.NaN);
      scoreInto(model, historyOf(history), scores);
      expect(scores.some(Number.isNaN)).toBe(false);
    }
  });

  it('says that it needs times', () => {
    expect(() => fit({ interactions }, options[kind], tools)).toThrow(/need `at`/);
  });
});
