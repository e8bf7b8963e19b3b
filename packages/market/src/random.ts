/**
 * Seeded randomness with named sub-streams.
 *
 * Every use asks for its own stream (`stream(seed, 'visit', person, day)`), so a new feature that draws numbers
 * does not move the numbers of the others. The generator is sfc32 (Chris Doty-Humphrey): 128 bits of state, fast, and
 * good enough for PractRand; it is not for secrets.
 */
export class Random {
  private a = 0;
  private b = 0;
  private c = 0;
  private d = 1;
  private spare = Number.NaN;

  /** Starts the stream again from a key. Reusing one generator saves an allocation per visit. */
  reset(key: number, x = 0, y = 0): this {
    this.a = key | 0;
    this.b = mix(x ^ 0x9e3779b9);
    this.c = mix(y ^ 0x85ebca6b);
    this.d = 1;
    this.spare = Number.NaN;
    for (let i = 0; i < 12; i++) this.bits();
    return this;
  }

  /** 32 random bits, unsigned. */
  bits(): number {
    const t = (((this.a + this.b) | 0) + this.d) | 0;
    this.d = (this.d + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (this.c << 21) | (this.c >>> 11);
    this.c = (this.c + t) | 0;
    return t >>> 0;
  }

  /** In [0, 1). */
  uniform(): number {
    return this.bits() / 4294967296;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** Whole number in [0, n). */
  below(n: number): number {
    return Math.floor(this.uniform() * n);
  }

  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new Error('pick: the list is empty');
    return list[this.below(list.length)] as T;
  }

  /** Index drawn in proportion to the weights. */
  weighted(weights: ArrayLike<number>): number {
    let total = 0;
    for (let i = 0; i < weights.length; i++) total += weights[i] as number;
    let left = this.uniform() * total;
    for (let i = 0; i < weights.length; i++) {
      left -= weights[i] as number;
      if (left < 0) return i;
    }
    return weights.length - 1;
  }

  /** Standard normal (Box-Muller, both halves used). */
  normal(): number {
    if (!Number.isNaN(this.spare)) {
      const value = this.spare;
      this.spare = Number.NaN;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** Standard Gumbel: adding it to utilities and taking the largest draws from their softmax. */
  gumbel(): number {
    return -Math.log(-Math.log(this.uniform() + 1e-12) + 1e-12);
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.uniform());
  }

  /** Marsaglia-Tsang; mean = shape × scale. */
  gamma(shape: number, scale: number): number {
    if (shape < 1) return this.gamma(shape + 1, scale) * (1 - this.uniform()) ** (1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = this.normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(1 - this.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v * scale;
    }
  }

  beta(a: number, b: number): number {
    const x = this.gamma(a, 1);
    return x / (x + this.gamma(b, 1));
  }

  /** Knuth for small means, the rounded normal beyond. */
  poisson(mean: number): number {
    if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = this.uniform(); product > limit; product *= this.uniform()) count++;
    return count;
  }
}

/** Key of the sub-stream `name` of a seed. */
export function streamKey(seed: number, name: string): number {
  let hash = mix(seed ^ 0x5bd1e995);
  for (let i = 0; i < name.length; i++) hash = mix(hash ^ Math.imul(name.charCodeAt(i) + i, 0x01000193));
  return hash;
}

export function stream(seed: number, name: string, x = 0, y = 0): Random {
  return new Random().reset(streamKey(seed, name), x, y);
}

/** One uniform number for a key and two coordinates, without a generator: for questions asked millions of times. */
export function uniformAt(key: number, x: number, y: number): number {
  return (mix(mix(key ^ Math.imul(x, 0x9e3779b1)) ^ Math.imul(y, 0x85ebca77)) >>> 0) / 4294967296;
}

/** 32 bits for a key and two coordinates, unsigned. */
export function bitsAt(key: number, x: number, y: number): number {
  return mix(mix(key ^ Math.imul(x, 0x9e3779b1)) ^ Math.imul(y, 0x85ebca77)) >>> 0;
}

function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return h ^ (h >>> 15);
}
