import { keyedHash } from './keyed-hash.ts';

const mask63 = 0x7fff_ffff_ffff_ffffn;

/** 63-bit keyed hash of `kind`, NUL, `value` as a decimal string, never 0. Not to be turned back without the key. */
export function computeSurrogate(key: Buffer, kind: string, value: string): string {
  const bits = BigInt(`0x${keyedHash(key, `${kind}\0${value}`).slice(0, 16)}`) & mask63;
  return bits === 0n ? '1' : bits.toString();
}

/** 128-bit keyed hash of (source, message id) in the shape of a UUID. */
export function computeMessageKey(key: Buffer, sourceId: number, messageId: string): string {
  const hex = keyedHash(key, `${sourceId}\0${messageId}`);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
