import { openKernels } from '@zhiyin/kernels';
import { afterAll, describe, expect, it } from 'vitest';
import { als } from './als.ts';
import { ease } from './ease.ts';
import { historyOf } from './interactions.ts';
import { hasSplit, readSplit } from './published-splits.fixture.ts';
import { recommendMany } from './recommend-many.ts';
import type { Recommender, RecommendModel } from './recommender.ts';

describe.skipIf(!hasSplit('ml1m'))('on MovieLens-1M, full ranking (skipped: data not present)', () => {
  const kernels = openKernels({ threads: 2 });
  afterAll(() => kernels.close());
  const { train, test } = readSplit('ml1m');
  const tools = { kernels, seed: 1 };

  it('least squares reach recall@20 .2741 ± .002 and ndcg@20 .2641 ± .002', () => {
    const options = { factors: 64, unobservedWeight: 0.3, regularisation: 0.01, iterations: 16 };
    const { recall, ndcg } = judge(als, als.fit({ interactions: train }, options, tools));
    expect(Math.abs(recall - 0.2741)).toBeLessThan(0.002);
    expect(Math.abs(ndcg - 0.2641)).toBeLessThan(0.002);
  }, 120_000);

  it('EASE with exponents passes recall@20 .2800 and ndcg@20 .2700', () => {
    const options = { lambda: 1000, personExponent: 0.7, itemExponent: 0.25 };
    const { recall, ndcg } = judge(ease, ease.fit({ interactions: train }, options, tools));
    expect(recall).toBeGreaterThan(0.28);
    expect(ndcg).toBeGreaterThan(0.27);
  }, 120_000);

  function judge<Model extends RecommendModel, Options>(recommender: Recommender<Model, Options>, model: Model) {
    const history = (user: number) => historyOf({ interactions: train }, user);
    const { column, count } = recommendMany(recommender, model, train.users, history, { k: 20, kernels });
    const sums = { recall: 0, ndcg: 0, people: 0 };
    for (let user = 0; user < train.users; user++) {
      const held = new Set(test.itemOf.subarray(test.offsets[user], test.offsets[user + 1]));
      if (held.size === 0) continue;
      let [hits, gain, best] = [0, 0, 0];
      for (let rank = 0; rank < 20; rank++) {
        const discount = 1 / Math.log2(rank + 2);
        if (rank < held.size) best += discount;
        if (rank >= count[user] || !held.has(column[user * 20 + rank])) continue;
        hits++;
        gain += discount;
      }
      sums.recall += hits / held.size;
      sums.ndcg += gain / best;
      sums.people++;
    }
    return { recall: sums.recall / sums.people, ndcg: sums.ndcg / sums.people };
  }
});
