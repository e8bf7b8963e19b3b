import { describe, expect, it } from 'vitest';
import { seededRandom } from '../lifetime/simulate-histories.fixture.ts';
import { capGroups, ensureExposure } from './cap-groups.ts';
import { orderByScore } from './ranked-list.ts';
import { fitRepurchaseCycles, judgeRepurchase, repurchaseQuantile } from './repurchase-cycles.ts';
import { boostScores, debiasPopularity, marginSignal, stockSignal } from './scale-scores.ts';

describe('caps', () => {
  it('are never passed, keep the best of a group and take out no more than they must', () => {
    const random = seededRandom(1);
    for (let round = 0; round < 50; round++) {
      const groupOf = Array.from({ length: 60 }, () => Math.floor(random() * 6) - 1);
      const caps = Array.from({ length: 5 }, () => Math.floor(random() * 8));
      const kept = [...capGroups(groupOf, (group) => caps[group])];
      for (let group = -1; group < 5; group++) {
        const all = groupOf.flatMap((of, position) => (of === group ? [position] : []));
        const expected = group < 0 ? all : all.slice(0, caps[group]);
        expect(kept.filter((position) => groupOf[position] === group)).toEqual(expected);
      }
      expect(kept).toEqual([...kept].sort((a, b) => a - b));
    }
  });

  it('must be whole numbers', () => {
    expect(() => capGroups([0], () => 1.5)).toThrow(/cap must be a whole number/);
  });
});

describe('least exposure', () => {
  it('gives every group its share of every beginning of the list, as far as it has candidates', () => {
    const random = seededRandom(2);
    for (let round = 0; round < 100; round++) {
      const n = 5 + Math.floor(random() * 40);
      const groups = 1 + Math.floor(random() * 4);
      const groupOf = Array.from({ length: n }, () => Math.floor(random() ** 3 * (groups + 1)));
      const raw = Array.from({ length: groups }, random);
      const total = raw.reduce((sum, share) => sum + share, 0) / (round % 2 === 0 ? 1 : random());
      const minimumShares = new Map(raw.map((share, group) => [group, share / total]));
      const slots = 1 + Math.floor(random() * 25);
      const order = [...ensureExposure(n, { slots, groupOf, minimumShares })];
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      for (let p = 1; p <= Math.min(slots, n); p++) {
        for (const [group, share] of minimumShares) {
          const shown = order.slice(0, p).filter((position) => groupOf[position] === group).length;
          const has = groupOf.filter((of) => of === group).length;
          expect(shown).toBeGreaterThanOrEqual(Math.min(has, Math.floor(share * p + 1e-9)));
        }
      }
    }
  });

  it('leaves the order alone where every share is already met, and within a group always', () => {
    const groupOf = [0, 1, 0, 1, 0, 1];
    const options = { slots: 6, groupOf, minimumShares: new Map([[1, 0.5]]) };
    expect([...ensureExposure(6, options)]).toEqual([0, 1, 2, 3, 4, 5]);
    const late = ensureExposure(6, { slots: 6, groupOf: [0, 0, 0, 0, 1, 1], minimumShares: new Map([[1, 1 / 3]]) });
    expect([...late]).toEqual([0, 1, 4, 2, 3, 5]);
  });

  it('refuses shares of more than everything', () => {
    const minimumShares = new Map([
      [0, 0.7],
      [1, 0.7],
    ]);
    expect(() => ensureExposure(2, { slots: 2, groupOf: [0, 1], minimumShares })).toThrow(
      /add up to at most 1, got 1.4/,
    );
  });
});

describe('factors on scores', () => {
  it('debias popularity: nothing at 0, popularity divided out at 1', () => {
    const popularity = [400, 100, 4];
    const scores = popularity.map((count) => count * 2);
    expect([...debiasPopularity(scores, popularity, 0)]).toEqual(scores);
    expect([...debiasPopularity(scores, popularity, 1)]).toEqual([2, 2, 2]);
    expect(debiasPopularity(scores, popularity, 0.5)[0]).toBeCloseTo(800 / 20, 12);
  });

  it('never put a boosted item lower nor a held back one higher, whatever the sign of the scores', () => {
    const random = seededRandom(3);
    for (let round = 0; round < 40; round++) {
      const scores = Array.from({ length: 15 }, () => random() * 2 - (round % 2));
      const signal = scores.map(() => 0);
      signal[7] = round % 4 < 2 ? 1 : -1;
      const before = orderByScore(scores).indexOf(7);
      const after = orderByScore(boostScores(scores, signal, 0.8)).indexOf(7);
      expect((before - after) * signal[7]).toBeGreaterThanOrEqual(0);
    }
  });

  it('read margin and stock', () => {
    expect(marginSignal(100, 30)).toBeCloseTo(0.7, 12);
    expect(marginSignal(100, 130)).toBe(0);
    expect(marginSignal(100, Number.NaN)).toBe(0);
    const bounds = { scarceDays: 10, ampleDays: 60 };
    expect(stockSignal(0, 1, bounds)).toBe(-1);
    expect(stockSignal(5, 1, bounds)).toBe(-0.5);
    expect(stockSignal(30, 1, bounds)).toBe(0);
    expect(stockSignal(90, 1, bounds)).toBe(0.5);
    expect(stockSignal(900, 1, bounds)).toBe(1);
    expect(stockSignal(3, 0, bounds)).toBe(1);
    expect(stockSignal(Number.NaN, 1, bounds)).toBe(0);
  });
});

describe('cycles of repurchase', () => {
  /** 400 people whose days between purchases are log-normal around `median`. */
  function logOf(item: number, median: number, deviation: number, random: () => number) {
    return Array.from({ length: 400 }, (_, profile) => {
      let day = Math.floor(random() * 30);
      return Array.from({ length: 6 }, () => {
        const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
        day += Math.max(1, Math.round(median * Math.exp(deviation * normal)));
        return { profile, item, day };
      });
    }).flat();
  }
  const asLog = (rows: { profile: number; item: number; day: number }[]) => ({
    profile: rows.map((row) => row.profile),
    item: rows.map((row) => row.item),
    day: rows.map((row) => row.day),
  });

  it('find median and spread of a log-normal cycle again', () => {
    const random = seededRandom(5);
    const cycles = fitRepurchaseCycles(asLog([...logOf(0, 28, 0.3, random), ...logOf(1, 90, 0.2, random)]), {
      items: 2,
      groupOf: [0, 1],
    });
    expect(repurchaseQuantile(cycles, 0, 0.5)).toBeGreaterThan(28 * 0.96);
    expect(repurchaseQuantile(cycles, 0, 0.5)).toBeLessThan(28 * 1.04);
    expect(repurchaseQuantile(cycles, 1, 0.5)).toBeGreaterThan(90 * 0.97);
    expect(repurchaseQuantile(cycles, 1, 0.5)).toBeLessThan(90 * 1.03);
    expect(cycles.logDeviation[0]).toBeGreaterThan(0.28);
    expect(cycles.logDeviation[0]).toBeLessThan(0.32);
  });

  it('of an item nobody bought twice are those of its group', () => {
    const random = seededRandom(6);
    const cycles = fitRepurchaseCycles(asLog([...logOf(0, 28, 0.3, random), { profile: 1, item: 1, day: 4 }]), {
      items: 3,
      groupOf: [0, 0, 1],
    });
    expect(repurchaseQuantile(cycles, 1, 0.5)).toBeCloseTo(repurchaseQuantile(cycles, 0, 0.5), 9);
    expect(repurchaseQuantile(cycles, 2, 0.5)).toBeNaN();
    expect(judgeRepurchase(cycles, 2, 10)).toEqual({ kind: 'once' });
  });

  it('pass through too soon, due and overdue, and the share that came back grows from .25 to .9', () => {
    const random = seededRandom(7);
    const cycles = fitRepurchaseCycles(asLog(logOf(0, 28, 0.3, random)), { items: 1, groupOf: [0] });
    const states = Array.from({ length: 90 }, (_, days) => judgeRepurchase(cycles, 0, days));
    const kinds = states.map((state) => state.kind).filter((kind, at, all) => kind !== all[at - 1]);
    expect(kinds).toEqual(['too-soon', 'due', 'overdue']);
    const cameBack = states.flatMap((state) => (state.kind === 'due' ? [state.cameBack] : []));
    expect(cameBack).toEqual([...cameBack].sort((a, b) => a - b));
    expect(cameBack[0]).toBeGreaterThanOrEqual(0.25);
    expect(cameBack.at(-1)).toBeLessThanOrEqual(0.9);
  });

  it('count the same day once and shrink the share of those who come back', () => {
    const rows = Array.from({ length: 10 }, (_, profile) => [
      { profile, item: 0, day: 1.2 },
      { profile, item: 0, day: 1.9 },
    ]).flat();
    const cycles = fitRepurchaseCycles(asLog(rows), { items: 1, groupOf: [0] });
    expect(cycles.gaps[0]).toBe(0);
    expect(cycles.repeatShare[0]).toBe(0);
  });
});
