import { describe, expect, it } from 'vitest';
import { buildInteractions } from '../recommend/interactions.ts';
import { evaluateNextItem } from './evaluate-next-item.ts';
import { holdOut, leaveLastOut, nextItemsAt, sampleCases } from './next-items.ts';
import { buildSequences, sequencesOf, splitSessions } from './sequences.ts';

const rowsOf = ({ users, offsets, itemOf }: ReturnType<typeof buildSequences>) =>
  Array.from({ length: users }, (_, u) => [...itemOf.subarray(offsets[u], offsets[u + 1])]);

describe('sequences', () => {
  it('stand in the order of time, events of one instant in the order in which they came', () => {
    const built = buildSequences(3, 5, {
      user: [0, 2, 0, 0, 2, 0],
      item: [4, 1, 3, 2, 0, 3],
      at: [9, 1, 2, 2, -5.5, 9],
    });
    expect(rowsOf(built)).toEqual([[3, 2, 4, 3], [], [0, 1]]);
  });

  it('keep the order of the events where no times are given', () => {
    expect(rowsOf(buildSequences(2, 5, { user: [1, 0, 1], item: [4, 1, 3] }))).toEqual([[1], [4, 3]]);
  });

  it('refuse what does not fit and name it', () => {
    expect(() => buildSequences(1, 1, { user: [0, 0], item: [0] })).toThrow(/one length, got 2, 1/);
    expect(() => buildSequences(1, 1, { user: [0], item: [1] })).toThrow(/event 0 \(0, 1\) is outside 1 × 1/);
    expect(() => buildSequences(1, 1, { user: [0], item: [0], at: [Number.NaN] })).toThrow(/at 0 must be a finite/);
    const interactions = buildInteractions(1, 2, { user: [0, 0], item: [0, 1] });
    expect(() => sequencesOf({ interactions })).toThrow(/need `at`/);
    expect(rowsOf(sequencesOf({ interactions, at: Float64Array.of(5, 2) }))).toEqual([[1, 0]]);
  });

  it('are cut into sessions where people paused', () => {
    const at = [0, 10, 100, 5, 6];
    const streams = buildSequences(3, 9, { user: [0, 0, 0, 2, 2], item: [1, 2, 3, 4, 5], at });
    expect(rowsOf(splitSessions(streams, at, 30))).toEqual([[1, 2], [3], [4, 5]]);
    expect(rowsOf(splitSessions(buildSequences(2, 1, { user: [], item: [] }), [], 30))).toEqual([]);
  });
});

describe('leaving the last out', () => {
  const sequences = buildSequences(4, 9, { user: [0, 0, 0, 0, 1, 1, 2], item: [1, 2, 3, 4, 5, 6, 7] });

  it('gives the last event to the test and the last but one to validation', () => {
    const { train, validation, test } = leaveLastOut(sequences);
    expect(rowsOf(train)).toEqual([[1, 2], [5], [7], []]);
    expect([...validation.end].map((at) => sequences.itemOf[at])).toEqual([3]);
    expect([...test.end].map((at) => sequences.itemOf[at])).toEqual([4, 6]);
    expect([...test.start]).toEqual([0, 4]);
  });

  it('takes a tenth of those who have three events at most', () => {
    const { train, validation } = holdOut(sequences, 100);
    expect(rowsOf(train)).toEqual([[1, 2, 3], [5, 6], [7], []]);
    expect([...validation.end].map((at) => sequences.itemOf[at])).toEqual([4]);
  });

  it('samples cases evenly', () => {
    const many = buildSequences(100, 2, {
      user: Array.from({ length: 200 }, (_, i) => i >> 1),
      item: Array.from({ length: 200 }, (_, i) => i % 2),
    });
    const cases = nextItemsAt(many, (user) => user * 2 + 1);
    expect([...sampleCases(cases, 4).start]).toEqual([0, 50, 100, 150]);
  });
});

describe('ranking the next item', () => {
  const sequences = buildSequences(2, 4, { user: [0, 0, 1, 1], item: [0, 2, 3, 3] });
  const cases = nextItemsAt(sequences, (user) => user * 2 + 1);
  const scoring = (row: readonly number[]) => (histories: readonly unknown[], scores: Float32Array) => {
    histories.forEach((_, i) => {
      scores.set(row, i * row.length);
    });
  };
  const options = { k: 2, maskSeen: true };

  it('masks what was seen, counts a repeat as a miss and says how many there were', () => {
    const report = evaluateNextItem(cases, scoring([9, 1, 5, 9]), options);
    expect(report).toEqual({
      hit: 0.5,
      ndcg: 0.5 / Math.log2(3),
      ndcgError: expect.closeTo(0.5 / Math.log2(3) / Math.SQRT2, 12), // of 0 and 1 / log2(3)
      cases: 2,
      repeatTargets: 1,
    });
    expect(evaluateNextItem(cases, scoring([9, 1, 5, 9]), { k: 3, maskSeen: false }).hit).toBe(1);
  });

  it('puts whoever has the same score before the target', () => {
    expect(evaluateNextItem(cases, scoring([0, 5, 5, 5]), options).hit).toBe(0);
    expect(evaluateNextItem(cases, scoring([0, 5, 5, 1]), options)).toMatchObject({ hit: 0.5 });
    expect(evaluateNextItem(cases, scoring([0, 0, 0, 0]), options).hit).toBe(0);
  });

  it('takes what cannot be said for a miss, and no cases for nothing', () => {
    expect(evaluateNextItem(cases, scoring(new Array(4).fill(Number.NEGATIVE_INFINITY)), options).hit).toBe(0);
    expect(evaluateNextItem(cases, scoring(new Array(4).fill(Number.NaN)), options).hit).toBe(0);
    const none = { sequences, start: new Uint32Array(0), end: new Uint32Array(0) };
    expect(evaluateNextItem(none, scoring([1, 2, 3, 4]), options)).toEqual({
      hit: 0,
      ndcg: 0,
      ndcgError: 0,
      cases: 0,
      repeatTargets: 0,
    });
  });
});
