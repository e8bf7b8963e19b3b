import { digamma, logGamma } from '../numerics/gamma.ts';

/** Up to here a sum is as fast as two gamma functions, and exact where their difference would cancel. */
const summedUpTo = 40;

/** ln [b (b + 1) … (b + n − 1)] = ln Γ(b + n) − ln Γ(b), for whole n >= 0. */
export function logRising(b: number, n: number): number {
  if (n > summedUpTo) return logGamma(b + n) - logGamma(b);
  let sum = 0;
  let product = 1;
  for (let k = 0; k < n; k++) {
    product *= b + k;
    if (product > 1e200 || product < 1e-200) {
      sum += Math.log(product);
      product = 1;
    }
  }
  return sum + Math.log(product);
}

/** Its slope in b: ψ(b + n) − ψ(b) = Σ 1 / (b + k). */
export function logRisingSlope(b: number, n: number): number {
  if (n > summedUpTo) return digamma(b + n) - digamma(b);
  let sum = 0;
  for (let k = 0; k < n; k++) sum += 1 / (b + k);
  return sum;
}
