import { openReferenceKernels } from '@zhiyin/kernels';
import { describe, expect, it } from 'vitest';
import { integerDraw, seededRandom } from '../numerics/random.ts';
import { buildInteractions } from '../recommend/interactions.ts';
import { chooseSequenceModel, type SequenceModelName, sequenceModels } from './choose-sequence-model.ts';
import { evaluateNextItem, historyOf, scoreHistories } from './evaluate-next-item.ts';
import { leaveLastOut } from './next-items.ts';
import { sequenceBlend } from './sequence-blend.ts';
import { buildSequences } from './sequences.ts';

const tools = { kernels: openReferenceKernels(), seed: 1 };
const sasrec = { size: 8, inner: 8, blocks: 1, maxLength: 8, negatives: 10, batch: 32, epochs: 3 };

/** Each item has two that follow it; popularity knows nothing of it. */
function chains(people: number, items: number, length = 7) {
  const random = seededRandom(3);
  const user: number[] = [];
  const item: number[] = [];
  for (let who = 0; who < people; who++) {
    let at = integerDraw(random, items);
    for (let i = 0; i < length; i++) {
      user.push(who);
      item.push(at);
      at = (at * 2 + 1 + integerDraw(random, 2)) % items;
    }
  }
  return { user, item };
}

const people = 200;
const split = leaveLastOut(buildSequences(people, 60, chains(people, 60)));
const choose = (models: readonly SequenceModelName[], from = split) =>
  chooseSequenceModel(from.train, from.validation, { models, k: 10, maskSeen: true, sasrec }, tools);

describe('choosing a model of sequences', () => {
  it('takes what ranks the validation cases best, beside popularity', () => {
    const { best, candidates } = choose(sequenceModels);
    expect(candidates.map(({ name }) => name)).toEqual([...sequenceModels]);
    const ndcgs = candidates.map(({ validation }) => validation?.ndcg ?? 0);
    expect(best.validation?.ndcg).toBe(Math.max(...ndcgs));
    expect(ndcgs[0]).toBeLessThan(0.5 * Math.max(...ndcgs));
    const blend = candidates[4];
    expect(blend.validation?.ndcg).toBeGreaterThanOrEqual(Math.max(...ndcgs.slice(1, 4)) - 1e-9);
    expect(best.fitSeconds).toBeUndefined(); // nobody gave a clock
  });

  it('explains a blend by what its parts say, in shares', () => {
    const { model } = choose(['blend']).best;
    const history = historyOf([3, 7, 15]);
    const scores = new Float32Array(60);
    sequenceBlend.scoreInto(model as never, history, scores);
    const best = scores.indexOf(Math.max(...scores));
    const reasons = sequenceBlend.explain?.(model as never, history, best) ?? [];
    expect(reasons.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    expect(reasons[0].item).toBe(15);
    const worst = scores.indexOf(Math.min(...scores));
    expect(sequenceBlend.explain?.(model as never, history, worst).every(({ share }) => share > 0)).toBe(true);
  });

  it('refits what it chose on what was held out, and then knows more', () => {
    const { best } = choose(['transition-knn']);
    const everything = buildSequences(people, 60, chains(people, 60));
    const refitted = best.refit(everything);
    const rank = (model: typeof refitted) =>
      evaluateNextItem(split.test, scoreHistories(best.recommender, model, tools.kernels), { k: 3, maskSeen: true })
        .ndcg;
    expect(rank(refitted)).toBeGreaterThan(rank(best.model));
    expect(refitted).toMatchObject({ kind: 'transition-knn', window: (best.model as { window?: number }).window });
  });

  it('leaves the network out where nobody has two events to learn from', () => {
    const three = leaveLastOut(buildSequences(people, 60, chains(people, 60, 3)));
    expect(choose(sequenceModels, three).candidates.map(({ name }) => name)).toEqual([
      'popular',
      'transition-knn',
      'vsknn',
    ]);
    expect(() => choose(['sasrec'], three)).toThrow(/nobody has two events/);
  });

  it('takes the simplest where there is nothing to choose by', () => {
    const short = leaveLastOut(buildSequences(people, 60, chains(people, 60, 2)));
    const { best, candidates } = choose(sequenceModels, short);
    expect(best.name).toBe('popular');
    expect(best.validation).toBeUndefined();
    expect(candidates).toHaveLength(1);
    expect(choose(['transition-knn'], short).best.model).toMatchObject({ kind: 'transition-knn' });
    expect(() => choose([])).toThrow(/at least one/);
  });
});

describe('the blend as a recommender', () => {
  const { user, item } = chains(people, 60, 4);
  const interactions = buildInteractions(people, 60, { user, item });
  const at = Float64Array.from(interactions.itemOf, (_, i) => i % 17);
  const model = sequenceBlend.fit({ interactions, at }, { sasrec }, tools);

  it('has shares that add up to 1, and parts that say what they are', () => {
    expect(model.parts.reduce((sum, part) => sum + part.share, 0)).toBeCloseTo(1, 9);
    expect(model.parts.length).toBeGreaterThan(0);
    expect(model.items).toBe(60);
  });

  it('gives a number for every item, also to somebody without a history', () => {
    for (const history of [[], [1], [5, 9, 70]]) {
      const scores = new Float32Array(60).fill(Number.NaN);
      sequenceBlend.scoreInto(model, historyOf(history), scores);
      expect(scores.every(Number.isFinite)).toBe(true);
    }
  });

  it('scores many as it scores each, and knows what is similar', () => {
    const histories = [[3, 4], [], [10, 21, 43]].map(historyOf);
    const scores = new Float32Array(3 * 60);
    sequenceBlend.scoreManyInto?.(model, histories, scores, tools.kernels);
    for (const [row, history] of histories.entries()) {
      const alone = new Float32Array(60);
      sequenceBlend.scoreInto(model, history, alone);
      alone.forEach((score, i) => {
        expect(scores[row * 60 + i]).toBeCloseTo(score, 3);
      });
    }
    expect(sequenceBlend.similar?.(model, 3, 5).item.includes(3)).toBe(false);
  });
});
