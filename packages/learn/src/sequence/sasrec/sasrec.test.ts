import { noColumn, openReferenceKernels } from '@zhiyin/kernels';
import { describe, expect, it } from 'vitest';
import { integerDraw, seededRandom } from '../../numerics/random.ts';
import { buildInteractions } from '../../recommend/interactions.ts';
import { topK } from '../../recommend/top-k.ts';
import { historyOf } from '../evaluate-next-item.ts';
import { buildSequences } from '../sequences.ts';
import { buildBatch } from './batch.ts';
import { openBuffers } from './buffers.ts';
import { cutStretches, fitSasrec, type SasrecOptions, sasrecDefaults } from './fit-sasrec.ts';
import { createNegativeSampler } from './sampled-loss.ts';
import { sasrec } from './sasrec.ts';

const kernels = openReferenceKernels();
const small: SasrecOptions = {
  ...sasrecDefaults,
  size: 16,
  inner: 16,
  blocks: 1,
  maxLength: 6,
  negatives: 10,
  batch: 32,
  learningRate: 0.01,
  epochs: 8,
  dropout: 0,
};

/** People who walk around a circle of items, some forwards and some backwards: only two steps together tell which way. */
function walks(people: number, items: number, seed: number) {
  const random = seededRandom(seed);
  const user: number[] = [];
  const item: number[] = [];
  for (let who = 0; who < people; who++) {
    const way = random() < 0.5 ? 1 : items - 1;
    let at = integerDraw(random, items);
    for (let i = 0; i < 6; i++) {
      user.push(who);
      item.push(at);
      at = (at + way) % items;
    }
  }
  return buildSequences(people, items, { user, item });
}

describe('the self-attentive network', () => {
  const model = fitSasrec(walks(400, 12, 5), small, { kernels, seed: 1 });
  const scoresOf = (history: readonly number[]) => {
    const scores = new Float32Array(model.items);
    sasrec.scoreInto(model, historyOf(history), scores);
    return scores;
  };

  it('learns what only the order of events tells', () => {
    const sequences = walks(400, 12, 5);
    const noCases = { sequences, start: new Uint32Array(0), end: new Uint32Array(0) };
    const fitted = fitSasrec(sequences, { ...small, epochs: 12 }, { kernels, seed: 1 }, noCases);
    expect(fitted.report).toMatchObject({ epochs: 12, bestEpoch: 12, validationCases: 0, ndcgs: [] });
    const bestNew = (history: readonly number[]) => {
      const scores = new Float32Array(fitted.items);
      sasrec.scoreInto(fitted, historyOf(history), scores);
      for (const item of history) scores[item] = Number.NEGATIVE_INFINITY;
      return topK(scores, 1)[0];
    };
    for (let item = 0; item < 12; item++) {
      expect(bestNew([item, (item + 1) % 12, (item + 2) % 12])).toBe((item + 3) % 12);
      expect(bestNew([item, (item + 11) % 12, (item + 10) % 12])).toBe((item + 9) % 12);
    }
  });

  it('keeps the parameters that rank the held-out cases best', () => {
    expect(model.report.losses.at(-1)).toBeLessThan(model.report.losses[0]);
    expect(model.report.validationCases).toBe(40);
    expect(model.report.validationNdcg).toBe(Math.max(...model.report.ndcgs));
    expect(model.report.ndcgs[model.report.bestEpoch - 1]).toBe(model.report.validationNdcg);
  });

  it('gives the same model for the same seed and another one for another', () => {
    const again = (seed: number) =>
      fitSasrec(walks(40, 12, 5), { ...small, epochs: 1, dropout: 0.3 }, { kernels, seed }).parameters;
    expect(again(3)).toEqual(again(3));
    expect(again(3)).not.toEqual(again(4));
  });

  it('looks at the last events only, and not at items it does not know', () => {
    const history = [0, 1, 2, 3, 4, 5];
    expect(scoresOf([9, 9, 7, ...history])).toEqual(scoresOf(history));
    expect(scoresOf([0, 1, 99, 2, 3, 4, 5])).toEqual(scoresOf(history));
  });

  it('cannot say anything about somebody without events', () => {
    expect([...scoresOf([])]).toEqual(new Array(12).fill(Number.NEGATIVE_INFINITY));
    expect([...scoresOf([12, 13])]).toEqual(new Array(12).fill(Number.NEGATIVE_INFINITY));
  });

  it('scores many histories of all lengths as it scores each', () => {
    const histories = [[3], [], [1, 2], [0, 1, 2, 3, 4, 5, 6, 7], [5, 4, 3], [11, 0, 1, 2]].map(historyOf);
    const scores = new Float32Array(histories.length * model.items);
    sasrec.scoreManyInto?.(model, histories, scores, kernels);
    for (const [row, history] of histories.entries()) {
      const alone = new Float32Array(model.items);
      sasrec.scoreInto(model, history, alone);
      alone.forEach((score, item) => {
        const together = scores[row * model.items + item];
        if (score === Number.NEGATIVE_INFINITY) expect(together).toBe(score);
        else expect(together).toBeCloseTo(score, 4);
      });
    }
  });

  it('finds similar items by cosine, the item itself left out', () => {
    const near = sasrec.similar?.(model, 4, 5);
    expect(near?.item).toHaveLength(5);
    expect(near?.item.includes(4)).toBe(false);
    const scores = [...(near?.score ?? [])];
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(scores.every((score) => score >= -1.000001 && score <= 1.000001)).toBe(true);
  });

  it('explains by what is lost without each event, in shares', () => {
    const explain = (history: readonly number[], item: number) =>
      sasrec.explain?.(model, historyOf(history), item) ?? [];
    for (const history of [
      [9, 4, 5, 6],
      [1, 2, 3],
    ]) {
      const reasons = explain(history, (history[history.length - 1] + 1) % 12);
      expect(reasons.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
      expect(reasons.every(({ item, share }) => history.includes(item) && share > 0)).toBe(true);
      // Which way somebody walks is told by the last two alone.
      expect(history.slice(-2)).toContain(reasons[0].item);
    }
    const [best] = topK(scoresOf([7]), 1);
    expect(explain([7], best)).toEqual([{ item: 7, share: 1 }]);
    expect(explain([], 3)).toEqual([]);
    expect(explain([99], 3)).toEqual([]);
  });

  it('takes the order from the times of interactions', () => {
    const interactions = buildInteractions(2, 3, { user: [0, 0, 0, 1, 1], item: [0, 1, 2, 1, 2] });
    const at = Float64Array.of(30, 20, 10, 1, 2);
    const fitted = sasrec.fit({ interactions, at }, { ...small, epochs: 1 }, { kernels, seed: 1 });
    expect(fitted.report.validationCases).toBe(1);
    expect(() => sasrec.fit({ interactions }, small, { kernels, seed: 1 })).toThrow(/need `at`/);
  });

  it('ends with the time budget and keeps the best so far', () => {
    let seconds = 0;
    const fitted = fitSasrec(
      walks(400, 12, 5),
      { ...small, epochs: 100, timeBudgetSeconds: 30, clock: () => seconds++ },
      { kernels, seed: 1 },
    );
    expect(fitted.report.outOfTime).toBe(true);
    expect(fitted.report.steps).toBeLessThanOrEqual(30);
    expect(fitted.parameters.every(Number.isFinite)).toBe(true);
    expect(() => fitSasrec(walks(4, 12, 5), { ...small, timeBudgetSeconds: 1 }, { kernels, seed: 1 })).toThrow(/clock/);
  });

  it('can be cancelled by who watches its progress', () => {
    const progress = (done: number) => {
      expect(done).toBeLessThanOrEqual(1);
      throw new Error('stop');
    };
    expect(() => fitSasrec(walks(40, 12, 5), small, { kernels, seed: 1, progress })).toThrow('stop');
  });

  it('names what does not fit', () => {
    const sequences = walks(4, 12, 5);
    const fit = (options: Partial<SasrecOptions>, from = sequences) =>
      fitSasrec(from, { ...small, ...options }, { kernels, seed: 1 });
    expect(() => fit({ heads: 3 })).toThrow(/heads must divide size, got 3 and 16/);
    expect(() => fit({ size: 0 })).toThrow(/size must be a positive integer/);
    expect(() => fit({ dropout: 1 })).toThrow(/dropout must be in \[0, 1\)/);
    expect(() => fit({ learningRate: 0 })).toThrow(/learningRate/);
    expect(() => fit({ negatives: 1.5 })).toThrow(/negatives must be a positive integer/);
    expect(() => fit({}, buildSequences(2, 3, { user: [0, 1], item: [1, 2] }))).toThrow(/nobody has two events/);
  });
});

describe('batches', () => {
  it('hold each event once, padded on the left, with the item behind it as target', () => {
    const items = Uint32Array.from([5, 6, 7, 8, 1, 2, 3, 4, 9, 9]);
    const stretches = [
      { start: 0, end: 3 },
      { start: 4, end: 5 },
      { start: 6, end: 9 },
    ];
    const buffers = openBuffers(kernels);
    const batch = buildBatch(items, stretches, { maxLength: 4, withTargets: true, buffers });
    for (const [at, { start, end }] of stretches.entries()) {
      for (let i = 0; i < end - start; i++) {
        const row = batch.last[at] - i;
        expect(batch.item[row]).toBe(items[end - 1 - i]);
        expect(batch.target[row]).toBe(items[end - i]);
        expect(batch.position[row]).toBe(3 - i);
        expect(batch.weight[row]).toBeCloseTo(1 / 7, 6);
      }
    }
    const padding = [...batch.item].filter((item) => item === noColumn).length;
    expect(batch.rows - padding).toBe(7);
    expect(batch.weight.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 6);
  });

  it('cut long sequences from the end, so that each event is a target once', () => {
    const sequences = buildSequences(3, 9, {
      user: [0, 0, 0, 0, 0, 0, 1, 2, 2],
      item: [0, 1, 2, 3, 4, 5, 6, 7, 8],
    });
    expect(cutStretches(sequences, 2)).toEqual([
      { start: 3, end: 5 },
      { start: 1, end: 3 },
      { start: 0, end: 1 },
      { start: 7, end: 8 },
    ]);
    const random = seededRandom(4);
    const firsts = new Set<number>();
    for (let pass = 0; pass < 20; pass++) {
      const stretches = cutStretches(sequences, 2, random);
      const read = stretches.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, i) => start + i));
      expect(read.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 7]);
      expect(stretches.every(({ start, end }) => end - start <= 2)).toBe(true);
      firsts.add(stretches[0].start);
    }
    expect([...firsts].sort()).toEqual([3, 4]);
  });
});

describe('negatives', () => {
  it('come as often as they should, and are corrected by how often they are expected', () => {
    const counts = [99, 0, 24, 3];
    const { draw, correction } = createNegativeSampler(counts, { negatives: 10, power: 0.5, random: seededRandom(2) });
    const drawn = new Uint32Array(40_000);
    draw(drawn);
    const weights = [10, 1, 5, 2];
    weights.forEach((weight, item) => {
      const share = drawn.filter((one) => one === item).length / drawn.length;
      expect(Math.abs(share - weight / 18)).toBeLessThan(0.01); // more than three standard errors
      expect((correction as Float32Array)[item]).toBeCloseTo(-Math.log((10 * weight) / 18), 6);
    });
    const even = createNegativeSampler(counts, { negatives: 10, power: 0, random: seededRandom(2) });
    expect(even.correction).toBeCloseTo(-Math.log(10 / 4), 12);
  });
});
