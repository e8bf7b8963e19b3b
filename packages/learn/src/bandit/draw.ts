import { DomainError } from '../errors.ts';

/** Uniform in [0, 1). Seeded by the caller: the same seed makes the same choices. */
export type Random = () => number;

/** Standard normal, by Box and Muller. */
export function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Gamma(shape, 1). Source: Marsaglia and Tsang (2000), ACM TOMS 26(3); shapes below 1 by their power trick. */
export function drawGamma(shape: number, random: Random): number {
  if (!(shape > 0)) throw new DomainError(`drawGamma: shape must be above 0, got ${shape}`);
  if (shape < 1) return drawGamma(shape + 1, random) * (1 - random()) ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const normal = drawNormal(random);
    const v = (1 + normal / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * normal * normal + d - d * v + d * Math.log(v)) return d * v;
  }
}

export function drawBeta(a: number, b: number, random: Random): number {
  const x = drawGamma(a, random);
  return x / (x + drawGamma(b, random));
}

/** Index drawn with the given probabilities, which add up to 1. */
export function drawIndex(probabilities: ArrayLike<number>, random: Random): number {
  let left = random();
  let last = -1;
  for (let i = 0; i < probabilities.length; i++) {
    if (probabilities[i] <= 0) continue;
    last = i;
    left -= probabilities[i];
    if (left < 0) return i;
  }
  if (last < 0) throw new DomainError('drawIndex: no probability is above 0');
  return last; // rounding left a crumb
}
