/** a · b + c, in one rounding where the engine has it. */
export function madd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return v128.relaxed_madd<f32>(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

export function sumLanes(x: v128): f32 {
  const pairs = f32x4.add(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

export function largestLane(x: v128): f32 {
  const pairs = f32x4.max(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return max(f32x4.extract_lane(pairs, 0), f32x4.extract_lane(pairs, 1));
}

/** [Σ a, Σ b, Σ c, Σ d]. */
export function sumFour(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/** eˣ to about 2 units in the last place: 2ⁿ times a polynomial on [-½ ln 2, ½ ln 2] (Cephes expf). */
export function exp4(x: v128): v128 {
  const bounded = f32x4.max(f32x4.min(x, f32x4.splat(88.3)), f32x4.splat(-87.3));
  const n = f32x4.nearest(f32x4.mul(bounded, f32x4.splat(<f32>Math.LOG2E)));
  let r = f32x4.sub(bounded, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.1219444e-4)));
  let p = madd(f32x4.splat(1.98756915e-4), r, f32x4.splat(1.3981999507e-3));
  p = madd(p, r, f32x4.splat(8.3334519073e-3));
  p = madd(p, r, f32x4.splat(4.1665795894e-2));
  p = madd(p, r, f32x4.splat(1.6666665459e-1));
  p = madd(p, r, f32x4.splat(5.0000001201e-1));
  p = f32x4.add(madd(f32x4.mul(p, r), r, r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(p, power);
}

export function exp1(x: f32): f32 {
  return f32x4.extract_lane(exp4(f32x4.splat(x)), 0);
}

/** Four numbers from `from`, the first `count` of them; zeros after. Reads no further. */
export function loadPart(from: usize, count: i32): v128 {
  let x = f32x4.splat(0);
  if (count > 0) x = f32x4.replace_lane(x, 0, load<f32>(from));
  if (count > 1) x = f32x4.replace_lane(x, 1, load<f32>(from, 4));
  if (count > 2) x = f32x4.replace_lane(x, 2, load<f32>(from, 8));
  if (count > 3) x = f32x4.replace_lane(x, 3, load<f32>(from, 12));
  return x;
}

export function dot(a: usize, b: usize, size: i32): f32 {
  let sum0 = f32x4.splat(0);
  let sum1 = f32x4.splat(0);
  let l = 0;
  for (; l + 8 <= size; l += 8) {
    sum0 = madd(v128.load(a), v128.load(b), sum0);
    sum1 = madd(v128.load(a, 16), v128.load(b, 16), sum1);
    a += 32;
    b += 32;
  }
  let sum = sumLanes(f32x4.add(sum0, sum1));
  for (; l < size; l++) {
    sum += load<f32>(a) * load<f32>(b);
    a += 4;
    b += 4;
  }
  return sum;
}

/** `dot` of four rows, `rowBytes` apart, with one b: none of the sums waits for another. Each rounds as `dot` does. */
export function dotFour(a: usize, rowBytes: usize, b: usize, size: i32, into: usize): void {
  const end = a + ((<usize>(size & ~7)) << 2);
  const second = rowBytes;
  const third = rowBytes << 1;
  const fourth = rowBytes * 3;
  let a0 = f32x4.splat(0);
  let a1 = f32x4.splat(0);
  let b0 = f32x4.splat(0);
  let b1 = f32x4.splat(0);
  let c0 = f32x4.splat(0);
  let c1 = f32x4.splat(0);
  let d0 = f32x4.splat(0);
  let d1 = f32x4.splat(0);
  while (a < end) {
    const low = v128.load(b);
    const high = v128.load(b, 16);
    a0 = madd(v128.load(a), low, a0);
    a1 = madd(v128.load(a, 16), high, a1);
    b0 = madd(v128.load(a + second), low, b0);
    b1 = madd(v128.load(a + second, 16), high, b1);
    c0 = madd(v128.load(a + third), low, c0);
    c1 = madd(v128.load(a + third, 16), high, c1);
    d0 = madd(v128.load(a + fourth), low, d0);
    d1 = madd(v128.load(a + fourth, 16), high, d1);
    a += 32;
    b += 32;
  }
  v128.store(into, sumFour(f32x4.add(a0, a1), f32x4.add(b0, b1), f32x4.add(c0, c1), f32x4.add(d0, d1)));
  for (let l = size & ~7; l < size; l++) {
    const factor = load<f32>(b);
    store<f32>(into, load<f32>(into) + load<f32>(a) * factor);
    store<f32>(into, load<f32>(into, 4) + load<f32>(a + second) * factor, 4);
    store<f32>(into, load<f32>(into, 8) + load<f32>(a + third) * factor, 8);
    store<f32>(into, load<f32>(into, 12) + load<f32>(a + fourth) * factor, 12);
    a += 4;
    b += 4;
  }
}

/** into += factor · from. */
export function addScaled(into: usize, from: usize, factor: f32, size: i32): void {
  const factors = f32x4.splat(factor);
  let l = 0;
  for (; l + 4 <= size; l += 4) {
    v128.store(into, madd(v128.load(from), factors, v128.load(into)));
    into += 16;
    from += 16;
  }
  for (; l < size; l++) {
    store<f32>(into, load<f32>(into) + factor * load<f32>(from));
    into += 4;
    from += 4;
  }
}
