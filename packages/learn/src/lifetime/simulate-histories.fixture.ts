import type { PurchaseHistories } from './purchase-histories.ts';

export type SimulateOptions = {
  readonly customers: number;
  readonly parameters: { readonly r: number; readonly alpha: number; readonly a: number; readonly b: number };
  /** First purchases fall evenly on the whole days [0, joinDays); all are watched until `untilDay`. */
  readonly joinDays: number;
  readonly untilDay: number;
  readonly seed: number;
};

/** Customers as BG/NBD imagines them, in whole days; the same for the same seed. For tests and benchmarks. */
export function simulateHistories({
  customers,
  parameters,
  joinDays,
  untilDay,
  seed,
}: SimulateOptions): PurchaseHistories {
  const random = seededRandom(seed);
  const repeats = new Float64Array(customers);
  const recency = new Float64Array(customers);
  const age = new Float64Array(customers);
  for (let i = 0; i < customers; i++) {
    age[i] = untilDay - Math.floor(random() * joinDays);
    const rate = gammaDraw(parameters.r, random) / parameters.alpha;
    const [leave, stay] = [gammaDraw(parameters.a, random), gammaDraw(parameters.b, random)];
    const leaveChance = leave / (leave + stay);
    let time = 0;
    for (;;) {
      time -= Math.log(1 - random()) / rate;
      if (!(time <= age[i])) break;
      const day = Math.max(1, Math.floor(time)); // the first day is taken by the first purchase
      if (day > recency[i]) {
        recency[i] = day;
        repeats[i]++;
      }
      if (random() < leaveChance) break;
    }
  }
  return { repeats, recency, age };
}

/** mulberry32: small, fast, even enough for tests. Values in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Gamma(shape, 1) by Marsaglia and Tsang (2000), shapes below 1 by their power trick. */
export function gammaDraw(shape: number, random: () => number): number {
  if (shape < 1) return gammaDraw(shape + 1, random) * (1 - random()) ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const v = (1 + normal / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * normal * normal + d - d * v + d * Math.log(v)) return d * v;
  }
}
