import { hash } from 'node:crypto';

const blockBytes = 64;
const digestBytes = 32;
const shortBytesMax = 1_024;

type Pads = { readonly inner: Buffer; readonly outer: Buffer };
const prepared = new WeakMap<Buffer, Pads>();

/**
 * HMAC-SHA-256 (RFC 2104) of a text, as hexadecimal digits: two hashes in one call each, over blocks that hold the key already.
 * The same result as `createHmac`, which takes more than ten times as long; this runs once or more per event.
 */
export function keyedHash(key: Buffer, text: string): string {
  let pads = prepared.get(key);
  if (!pads) {
    pads = { inner: padded(key, 0x36, shortBytesMax), outer: padded(key, 0x5c, digestBytes) };
    prepared.set(key, pads);
  }
  // A character has at most three bytes in UTF-8.
  const fits = text.length * 3 <= shortBytesMax;
  const inner = fits ? pads.inner : Buffer.concat([pads.inner.subarray(0, blockBytes), Buffer.from(text, 'utf8')]);
  const end = fits ? blockBytes + inner.write(text, blockBytes, 'utf8') : inner.length;
  pads.outer.write(hash('sha256', inner.subarray(0, end), 'binary'), blockBytes, 'latin1');
  return hash('sha256', pads.outer, 'hex');
}

/** The key's block of the hash, with room for what follows it. */
function padded(key: Buffer, pad: number, room: number): Buffer {
  if (key.length > blockBytes) throw new Error(`keyedHash: keys have at most ${blockBytes} bytes, got ${key.length}`);
  const block = Buffer.alloc(blockBytes + room);
  for (let i = 0; i < blockBytes; i += 1) block[i] = (key[i] ?? 0) ^ pad;
  return block;
}
