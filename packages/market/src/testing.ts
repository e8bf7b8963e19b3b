import { createMarket, type Market } from './create-market.ts';
import type { Call, JsonRecord } from './simulate/calls.ts';

/** One year of a small market, drawn once for all tests of a file. */
export const smallOptions = { endDay: '2026-11-22', people: 3_000, seed: 42 } as const;

export type Year = { readonly market: Market; readonly calls: readonly Call[]; readonly seconds: number };

export function liveOneYear(options = smallOptions): Year {
  const startedMs = performance.now();
  const market = createMarket(options);
  const calls = [...market.events()];
  return { market, calls, seconds: (performance.now() - startedMs) / 1_000 };
}

export const named = (calls: readonly Call[], event: string) => calls.filter((call) => call.event === event);

export const productsOf = (call: Call) =>
  Array.isArray(call.properties?.products) ? (call.properties.products as JsonRecord[]) : [];

export function correlation(pairs: readonly (readonly [number, number])[]): number {
  const mean = (axis: 0 | 1) => pairs.reduce((sum, pair) => sum + pair[axis], 0) / pairs.length;
  const [mx, my] = [mean(0), mean(1)];
  let [xy, xx, yy] = [0, 0, 0];
  for (const [x, y] of pairs) {
    xy += (x - mx) * (y - my);
    xx += (x - mx) ** 2;
    yy += (y - my) ** 2;
  }
  return xy / Math.sqrt(xx * yy);
}

/** 0 when all sell the same, towards 1 when one sells all. */
export function gini(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const total = sorted.reduce((sum, value) => sum + value, 0);
  const n = sorted.length;
  return sorted.reduce((sum, value, index) => sum + (2 * (index + 1) - n - 1) * value, 0) / (n * total);
}
