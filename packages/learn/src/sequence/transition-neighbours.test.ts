import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DomainError } from '../errors.ts';
import { countTransitions } from './count-transitions.ts';
import { historyOf } from './evaluate-next-item.ts';
import { buildSequences, type Sequences } from './sequences.ts';
import {
  fitTransitions,
  scoreByTransitionsInto,
  type TransitionModel,
  transitionDefaults,
  transitionNeighbours,
  updateTransitions,
} from './transition-neighbours.ts';

const items = 8;
const sequencesOfLists = (lists: readonly (readonly number[])[], count = items): Sequences =>
  buildSequences(lists.length, count, {
    user: lists.flatMap((list, user) => list.map(() => user)),
    item: lists.flat(),
  });
const someLists = fc.array(fc.array(fc.nat(items - 1), { maxLength: 9 }), { minLength: 1, maxLength: 8 });
const plain = { window: 20, backward: 0.3, popularityPower: 0.15, memory: 2 };

/** The formula as it is written down, dense and slow. */
function scoresByFormula(lists: readonly (readonly number[])[], history: readonly number[], options = plain): number[] {
  const counts = Array.from({ length: items }, () => new Array<number>(items).fill(0));
  const popularity = new Array<number>(items).fill(0);
  for (const list of lists) {
    for (let i = 0; i < list.length; i++) {
      popularity[list[i]]++;
      for (let j = i + 1; j < list.length && j - i <= options.window; j++) {
        if (list[i] === list[j]) continue;
        counts[list[i]][list[j]] += 1 / (j - i);
        counts[list[j]][list[i]] += options.backward / (j - i);
      }
    }
  }
  return Array.from({ length: items }, (_, item) =>
    history.reduce((score, taken, at) => {
      const total = counts[taken].reduce((sum, count) => sum + count, 0);
      const recency = Math.exp(-(history.length - 1 - at) / options.memory);
      return (
        score +
        (recency * counts[taken][item]) /
          Math.sqrt(total + 1) /
          Math.max(1, popularity[item]) ** options.popularityPower
      );
    }, 0),
  );
}

function scoresOf(model: TransitionModel, history: readonly number[]): Float32Array {
  const scores = new Float32Array(model.items);
  scoreByTransitionsInto(model, historyOf(history), scores);
  return scores;
}

describe('transition neighbours', () => {
  it('score as the formula says', () => {
    fc.assert(
      fc.property(someLists, fc.array(fc.nat(items - 1), { maxLength: 6 }), (lists, history) => {
        const scores = scoresOf(fitTransitions(sequencesOfLists(lists), plain), history);
        scoresByFormula(lists, history).forEach((expected, item) => {
          expect(scores[item]).toBeCloseTo(expected, 4);
        });
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it('count new events as a fit on everything would', () => {
    fc.assert(
      fc.property(someLists, fc.nat(5), (lists, later) => {
        const before = lists.map((list) => list.slice(0, Math.max(0, list.length - later)));
        const all = sequencesOfLists(lists);
        const newFrom = before.map((list, user) => all.offsets[user] + list.length);
        const updated = updateTransitions(fitTransitions(sequencesOfLists(before), plain), all, newFrom);
        const fitted = fitTransitions(all, plain);
        expect(updated.itemOf).toEqual(fitted.itemOf);
        expect(updated.itemCount).toEqual(fitted.itemCount);
        fitted.countOf.forEach((count, at) => {
          expect(updated.countOf[at]).toBeCloseTo(count, 4);
        });
      }),
      { seed: 2, numRuns: 100 },
    );
  });

  it('are counted alike in one pass and in many', () => {
    fc.assert(
      fc.property(someLists, fc.integer({ min: 1, max: 40 }), (lists, pairsAtOnce) => {
        const sequences = sequencesOfLists(lists);
        expect(countTransitions(sequences, plain, undefined, pairsAtOnce)).toEqual(countTransitions(sequences, plain));
      }),
      { seed: 5, numRuns: 100 },
    );
    const none = countTransitions(buildSequences(0, 0, { user: [], item: [] }), plain);
    expect(none.itemOf).toHaveLength(0);
  });

  it('forget what they are told to forget, and learn new items', () => {
    const old = fitTransitions(sequencesOfLists([[0, 1]]), plain);
    const updated = updateTransitions(old, sequencesOfLists([[1, items]], items + 1), [0], 0.5);
    expect(updated.items).toBe(items + 1);
    expect([...updated.itemCount]).toEqual([0.5, 1.5, 0, 0, 0, 0, 0, 0, 1]);
    expect(updated.countOf[updated.offsets[0]]).toBeCloseTo(0.5, 6);
    expect(scoresOf(updated, [1])[items]).toBeGreaterThan(0);
    expect(() => updateTransitions(updated, sequencesOfLists([[0]]), [0])).toThrow(/at least the model's 9/);
    expect(() => updateTransitions(old, sequencesOfLists([[0]]), [0], 2)).toThrow(/keep must be from 0 to 1/);
  });

  it('explain a score by entries of the history that add up to it', () => {
    fc.assert(
      fc.property(someLists, fc.array(fc.nat(items + 2), { maxLength: 6 }), (lists, history) => {
        const model = fitTransitions(sequencesOfLists(lists), plain);
        const scores = scoresOf(model, history);
        for (let item = 0; item < items; item++) {
          const parts = transitionNeighbours.explain?.(model, historyOf(history), item) ?? [];
          expect(parts.reduce((sum, part) => sum + part.share, 0)).toBeCloseTo(scores[item], 4);
          expect(parts.every((part) => history.includes(part.item))).toBe(true);
          expect(parts.map((part) => part.share)).toEqual(parts.map((part) => part.share).sort((a, b) => b - a));
        }
      }),
      { seed: 3, numRuns: 50 },
    );
  });

  it('find what follows an item most, and nothing for an item without company', () => {
    const model = fitTransitions(sequencesOfLists([[0, 1], [0, 1], [0, 2], [5]]), plain);
    const near = transitionNeighbours.similar?.(model, 0, 5);
    expect([...(near?.item ?? [])]).toEqual([1, 2]);
    expect([...(transitionNeighbours.similar?.(model, 5, 5).item ?? [])]).toEqual([]);
  });

  it('say 0 for an empty history, and never NaN', () => {
    const model = fitTransitions(sequencesOfLists([[3, 3, 3], [4], []]), plain);
    expect([...scoresOf(model, [])]).toEqual(new Array(items).fill(0));
    expect([...scoresOf(model, [3, 4, 999])]).toEqual(new Array(items).fill(0));
  });

  it('name the option that does not fit', () => {
    const sequences = sequencesOfLists([[0, 1]]);
    expect(() => fitTransitions(sequences, { ...transitionDefaults, window: 0 })).toThrow(DomainError);
    expect(() => fitTransitions(sequences, { ...transitionDefaults, backward: 2 })).toThrow(/backward/);
    expect(() => fitTransitions(sequences, { ...transitionDefaults, popularityPower: -1 })).toThrow(/popularityPower/);
    expect(() => fitTransitions(sequences, { ...transitionDefaults, memory: 0 })).toThrow(/memory/);
  });
});
