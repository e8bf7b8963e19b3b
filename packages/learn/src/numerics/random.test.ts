import { describe, expect, it } from 'vitest';
import { integerDraw, normalDraw, seededRandom, shuffle } from './random.ts';

describe('seeded random numbers', () => {
  it('are the same for the same seed and others for another', () => {
    const draw = (seed: number) => Array.from({ length: 5 }, seededRandom(seed));
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('are even: mean 1/2, variance 1/12, and no correlation with the one before', () => {
    const random = seededRandom(1);
    const n = 100_000;
    const draws = Array.from({ length: n }, random);
    const mean = draws.reduce((a, b) => a + b) / n;
    const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n;
    const lagged = draws.slice(1).reduce((sum, x, i) => sum + (x - mean) * ((draws[i] ?? 0) - mean), 0) / n;
    expect(mean).toBeCloseTo(0.5, 2);
    expect(variance).toBeCloseTo(1 / 12, 3);
    expect(Math.abs(lagged / variance)).toBeLessThan(0.01);
  });

  it('give a standard normal: moments 0, 1, 0, 3', () => {
    const random = seededRandom(3);
    const n = 100_000;
    const draws = Array.from({ length: n }, () => normalDraw(random));
    const moment = (power: number) => draws.reduce((sum, x) => sum + x ** power, 0) / n;
    expect(moment(1)).toBeCloseTo(0, 1);
    expect(moment(2)).toBeCloseTo(1, 1);
    expect(moment(3)).toBeCloseTo(0, 1);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.1);
  });

  it('shuffle every order about equally often', () => {
    const random = seededRandom(5);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = shuffle([0, 1, 2], random).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it('give integers below the bound', () => {
    const random = seededRandom(9);
    const seen = new Set(Array.from({ length: 200 }, () => integerDraw(random, 4)));
    expect([...seen].sort()).toEqual([0, 1, 2, 3]);
  });
});
