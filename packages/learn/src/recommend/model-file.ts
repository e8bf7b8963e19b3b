/**
 * Models as bytes. Layout, little endian:
 *
 *     0  magic "ZYMODEL1"
 *     8  uint32 checksum, two lanes: of all bytes from 16 on
 *    16  uint32 length of the header in bytes · uint32 0
 *    24  header: JSON in UTF-8, with `{"$array": type, "at": byte, "length": n}` in the place of typed arrays
 *     …  zeros up to a multiple of 64, then the arrays, each from a multiple of 64 on; `at` counts from the first of them
 */
export const modelMagic = Uint8Array.from('ZYMODEL1', (letter) => letter.charCodeAt(0));
export const headerStart = 24;
export const arrayAlignment = 64;

export const arrayTypes = {
  Float32Array,
  Float64Array,
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
} as const;

export type ArrayTypeName = keyof typeof arrayTypes;
export type TypedArray = InstanceType<(typeof arrayTypes)[ArrayTypeName]>;

export function alignUp(bytes: number): number {
  return Math.ceil(bytes / arrayAlignment) * arrayAlignment;
}

/**
 * Two 32-bit lanes over 32-bit words (the mixing of MurmurHash3, which turns no changed word into the same sum within a lane).
 * @param bytes a multiple of 4, starting at a multiple of 4. Cost: about 1 ns a word.
 */
export function checksumOf(bytes: Uint8Array): readonly [number, number] {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >>> 2);
  let [even, odd] = [0x9747b28c, 0x3c6ef372];
  for (let i = 0; i < words.length; i++) {
    const mixed = Math.imul(rotate(Math.imul(words[i], 0xcc9e2d51), 15), 0x1b873593);
    if (i & 1) odd = (Math.imul(rotate(odd ^ mixed, 13), 5) + 0xe6546b64) | 0;
    else even = (Math.imul(rotate(even ^ mixed, 13), 5) + 0xe6546b64) | 0;
  }
  return [(even ^ words.length) >>> 0, odd >>> 0];
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
