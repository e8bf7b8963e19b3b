import { describe, expect, it } from 'vitest';
import { type WeighOptions, weighEvents } from './weigh-events.ts';

/** View, cart, order of item 0 by person 0; one view of item 1 by person 1. Days 0, 1, 2, 2 of 2. */
const day = 86_400;
const events = { user: [0, 0, 0, 1], item: [0, 0, 0, 1], type: [0, 1, 2, 0], at: [0, day, 2 * day, 2 * day] };
const options: WeighOptions = { typeWeights: [1, 3, 10], now: 2 * day };
const weights = (changed: Partial<WeighOptions> = {}) => [
  ...weighEvents(2, 2, events, { ...options, ...changed }).interactions.weightOf,
];

describe('confidence from events', () => {
  it('adds up what each type of event counts', () => {
    expect(weights()).toEqual([14, 1]);
  });

  it('halves what lies a half-life back', () => {
    expect(weights({ halfLifeSeconds: day })).toEqual([1 / 4 + 3 / 2 + 10, 1]);
  });

  it('keeps the latest time of a pair', () => {
    expect([...(weighEvents(2, 2, events, options).at ?? [])]).toEqual([2 * day, 2 * day]);
  });

  it('leaves out types that count nothing, and what has not happened yet', () => {
    expect(weights({ typeWeights: [0, 3, 10] })).toEqual([13]);
    expect(weights({ now: day })).toEqual([4]);
  });

  it('can let many events say less each', () => {
    const [first, second] = weights({ scale: 'log1p' });
    expect(first).toBeCloseTo(Math.log(15), 6);
    expect(second).toBeCloseTo(Math.log(2), 6);
  });

  it('scales by BM25 as its formula says', () => {
    const [first] = weights({ scale: 'bm25', saturation: 2, lengthNormalisation: 0.5 });
    const damp = 0.5 + 0.5 * (14 / 7.5);
    expect(first).toBeCloseTo(((14 * 3) / (2 * damp + 14)) * Math.log(3 / 2), 6);
  });

  it('says which event or option is wrong', () => {
    expect(() => weighEvents(2, 2, { ...events, type: [0, 1, 9, 0] }, options)).toThrow(
      /type of event 2 must be below 3/,
    );
    expect(() => weighEvents(2, 2, { ...events, at: [0, Number.NaN, 0, 0] }, options)).toThrow(/at of event 1/);
    expect(() => weights({ halfLifeSeconds: -1 })).toThrow(/halfLifeSeconds must be above 0, got -1/);
    expect(() => weights({ typeWeights: [1, -3, 10] })).toThrow(/weight of type 1 must be 0 or more, got -3/);
    expect(() => weighEvents(2, 2, { ...events, user: [0] }, options)).toThrow(/must have one length/);
  });

  it('gives an empty matrix for no events', () => {
    const none = weighEvents(2, 2, { user: [], item: [], type: [], at: [] }, { ...options, scale: 'bm25' });
    expect(none.interactions.itemOf.length).toBe(0);
  });
});
