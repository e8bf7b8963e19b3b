/** into ← from, with each number 0 or scaled: by Murmur's finaliser on (seed, position), as in src/reference/attention.ts. */
export function dropInto(
  from: usize,
  into: usize,
  count: i32,
  position: u32,
  seed: u32,
  below: u32,
  factor: f32,
): void {
  const factors = f32x4.splat(factor);
  const bound = i32x4.splat(<i32>below);
  const seeds = i32x4.splat(<i32>seed);
  let places = i32x4.add(i32x4.splat(<i32>position), i32x4(0, 1, 2, 3));
  let j = 0;
  for (; j + 4 <= count; j += 4) {
    const isDropped = i32x4.lt_u(mixed(places, seeds), bound);
    v128.store(into, f32x4.mul(v128.load(from), v128.andnot(factors, isDropped)));
    places = i32x4.add(places, i32x4.splat(4));
    from += 16;
    into += 16;
  }
  if (j === count) return;
  const kept = v128.andnot(factors, i32x4.lt_u(mixed(places, seeds), bound));
  store<f32>(into, load<f32>(from) * f32x4.extract_lane(kept, 0));
  if (j + 1 < count) store<f32>(into, load<f32>(from, 4) * f32x4.extract_lane(kept, 1), 4);
  if (j + 2 < count) store<f32>(into, load<f32>(from, 8) * f32x4.extract_lane(kept, 2), 8);
}

function mixed(places: v128, seeds: v128): v128 {
  let hash = v128.xor(seeds, i32x4.mul(places, i32x4.splat(0x9e3779b1)));
  hash = i32x4.mul(v128.xor(hash, i32x4.shr_u(hash, 16)), i32x4.splat(0x85ebca6b));
  hash = i32x4.mul(v128.xor(hash, i32x4.shr_u(hash, 13)), i32x4.splat(0xc2b2ae35));
  return v128.xor(hash, i32x4.shr_u(hash, 16));
}
