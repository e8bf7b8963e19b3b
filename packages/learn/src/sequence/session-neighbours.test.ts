import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { integerDraw, seededRandom } from '../numerics/random.ts';
import { evaluateNextItem, historyOf } from './evaluate-next-item.ts';
import { leaveLastOut } from './next-items.ts';
import { buildSequences } from './sequences.ts';
import {
  findSessionNeighbours,
  fitSessions,
  scoreBySessionsInto,
  sessionDefaults,
  sessionNeighbours,
} from './session-neighbours.ts';

const items = 8;
const sessionsOf = (lists: readonly (readonly number[])[], count = items) =>
  buildSequences(lists.length, count, {
    user: lists.flatMap((list, session) => list.map(() => session)),
    item: lists.flat(),
  });
const someLists = fc.array(fc.array(fc.nat(items - 1), { maxLength: 6 }), { minLength: 1, maxLength: 12 });

describe('session neighbours', () => {
  it('score by the formula: similarity, recency of the last shared item, rarity', () => {
    const model = fitSessions(sessionsOf([[0, 1, 2], [1, 3], [4]]), { ...sessionDefaults, rarity: 0.5 });
    const scores = new Float32Array(items);
    scoreBySessionsInto(model, historyOf([0, 1]), scores);
    // The first session shares 0 (weight 1/2) and 1 (weight 1), the last of them 0 steps ago; the second shares 1 alone.
    const [first, second] = [1.5 / Math.sqrt(3), 1 / Math.sqrt(2)];
    const rarity = (holding: number) => 1 + 0.5 * Math.log(3 / holding);
    [first * rarity(1), (first + second) * rarity(2), first * rarity(1), second * rarity(1), 0].forEach(
      (right, item) => {
        expect(scores[item]).toBeCloseTo(right, 5);
      },
    );
    const found = findSessionNeighbours(model, historyOf([1, 5]));
    expect(found.map(({ session, recency }) => [session, recency])).toEqual([
      [1, 0.5],
      [0, 0.5],
    ]);
  });

  it('explain a score by entries of the history that add up to it', () => {
    fc.assert(
      fc.property(someLists, fc.array(fc.nat(items + 1), { maxLength: 5 }), (lists, history) => {
        const model = fitSessions(sessionsOf(lists), { ...sessionDefaults, neighbours: 4 });
        const scores = new Float32Array(items);
        scoreBySessionsInto(model, historyOf(history), scores);
        for (let item = 0; item < items; item++) {
          expect(scores[item]).toBeGreaterThanOrEqual(0);
          const parts = sessionNeighbours.explain?.(model, historyOf(history), item) ?? [];
          expect(parts.reduce((sum, part) => sum + part.share, 0)).toBeCloseTo(scores[item], 4);
        }
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  it('look at the latest sessions with an item, and keep to their numbers', () => {
    const lists = Array.from({ length: 50 }, (_, session) => [0, 1 + (session % 7)]);
    const model = fitSessions(sessionsOf(lists), { ...sessionDefaults, candidates: 5, neighbours: 3 });
    const found = findSessionNeighbours(model, historyOf([0]));
    expect(found).toHaveLength(3);
    expect(found.every(({ session }) => session >= 45)).toBe(true);
  });

  it('find the theme of anonymous visits that popularity cannot see', () => {
    const random = seededRandom(7);
    const [themes, perTheme] = [20, 10];
    const lists = Array.from({ length: 600 }, () => {
      const theme = integerDraw(random, themes);
      const own = Array.from({ length: 5 }, () => theme * perTheme + integerDraw(random, perTheme));
      return [...new Set(own)];
    });
    const { train, test } = leaveLastOut(sessionsOf(lists, themes * perTheme));
    const model = fitSessions(train, sessionDefaults);
    const report = evaluateNextItem(
      test,
      (histories, scores) => {
        for (const [row, history] of histories.entries()) {
          scoreBySessionsInto(model, history, scores.subarray(row * model.items, (row + 1) * model.items));
        }
      },
      { k: 10, maskSeen: true },
    );
    expect(report.hit).toBeGreaterThan(0.8); // ten of two hundred at random would be 0.05
  });

  it('say 0 where nothing is shared, and name what does not fit', () => {
    const model = fitSessions(sessionsOf([[0, 1], []]), sessionDefaults);
    const scores = new Float32Array(items).fill(9);
    scoreBySessionsInto(model, historyOf([5, 99]), scores);
    expect([...scores]).toEqual(new Array(items).fill(0));
    expect([...(sessionNeighbours.similar?.(model, 0, 3).item ?? [])]).toEqual([1]);
    expect(() => fitSessions(sessionsOf([[0]]), { ...sessionDefaults, neighbours: 0 })).toThrow(/neighbours/);
    expect(() => fitSessions(sessionsOf([[0]]), { ...sessionDefaults, candidates: -1 })).toThrow(/candidates/);
    expect(() => fitSessions(sessionsOf([[0]]), { ...sessionDefaults, rarity: Number.NaN })).toThrow(/rarity/);
  });
});
