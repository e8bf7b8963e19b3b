/** A stream of numbers in [0, 1). Passed in wherever something is random, so that the same seed gives the same result. */
export type Random = () => number;

/**
 * xoshiro128** seeded by splitmix: long period, even in all bits, the same on every machine.
 * Source: Blackman and Vigna (2021), ACM TOMS 47(4).
 */
export function seededRandom(seed: number): Random {
  let mixer = seed >>> 0;
  const state = Uint32Array.from({ length: 4 }, () => {
    mixer = (mixer + 0x9e3779b9) >>> 0;
    let z = Math.imul(mixer ^ (mixer >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  });
  const rotate = (x: number, k: number) => ((x << k) | (x >>> (32 - k))) >>> 0;
  return () => {
    const result = Math.imul(rotate(Math.imul(state[1], 5) >>> 0, 7), 9) >>> 0;
    const shifted = state[1] << 9;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotate(state[3], 11);
    return result / 2 ** 32;
  };
}

/** Standard normal by the polar method; one value a call. */
export function normalDraw(random: Random): number {
  for (;;) {
    const u = 2 * random() - 1;
    const v = 2 * random() - 1;
    const square = u * u + v * v;
    if (square > 0 && square < 1) return u * Math.sqrt((-2 * Math.log(square)) / square);
  }
}

/** Integer in [0, bound). */
export function integerDraw(random: Random, bound: number): number {
  return Math.floor(random() * bound);
}

/** Fisher and Yates, in place. */
export function shuffle<List extends { length: number; [at: number]: number }>(list: List, random: Random): List {
  for (let i = list.length - 1; i > 0; i--) {
    const j = integerDraw(random, i + 1);
    [list[i], list[j]] = [list[j], list[i]];
  }
  return list;
}
