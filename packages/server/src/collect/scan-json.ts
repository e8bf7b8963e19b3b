/**
 * Reads a body once, byte by byte, before anything is made of it: is it JSON, how deep, how many events, how long is
 * each, which write key does it name. Allocates nothing on the way, so a hostile body costs its length and no more. It
 * accepts exactly what `JSON.parse` accepts (a property test compares the two), up to the limits.
 *
 * The bytes must be valid UTF-8; the caller has checked that.
 */
export type JsonScan =
  | {
      readonly kind: 'json';
      readonly isObject: boolean;
      /** Elements of the top-level `batch` when that is an array (the last one wins, as in `JSON.parse`), else null. */
      readonly batchCount: number | null;
      /** The first element of a top-level `batch` that is over the limit. */
      readonly oversized: { readonly index: number; readonly bytes: number } | null;
      /** The top-level `writeKey` when that is a text. */
      readonly writeKey: string | null;
    }
  | { readonly kind: 'invalid'; readonly offset: number; readonly problem: string }
  | { readonly kind: 'too_deep'; readonly offset: number };

const VALUE = 0;
const VALUE_OR_END = 1;
const KEY = 2;
const KEY_OR_END = 3;
const COMMA_OR_END = 4;
const DONE = 5;

const OTHER = 0;
const BATCH = 1;
const WRITE_KEY = 2;

const isObjectAt = new Uint8Array(1_024);

export function scanJson(bytes: Buffer, limits: { depthMax: number; eventBytesMax: number }): JsonScan {
  const length = bytes.length;
  const depthMax = Math.min(limits.depthMax, isObjectAt.length - 1);
  let at = 0;
  let depth = 0;
  let expects = VALUE;
  let topKey = OTHER;
  let inBatch = false;
  let batchCount: number | null = null;
  let elementStart = 0;
  let oversized: { index: number; bytes: number } | null = null;
  let writeKeyStart = -1;
  let writeKeyEnd = -1;

  for (;;) {
    if (at >= length) break;
    const byte = bytes[at] as number;
    if (byte <= 0x20 && isSpace(byte)) {
      at += 1;
      continue;
    }

    if (expects === COMMA_OR_END) {
      if (byte === 0x2c) {
        expects = isObjectAt[depth] === 1 ? KEY : VALUE;
        at += 1;
        continue;
      }
      if (byte !== (isObjectAt[depth] === 1 ? 0x7d : 0x5d)) return unexpected(bytes, at);
    } else if (expects === KEY || (expects === KEY_OR_END && byte !== 0x7d)) {
      if (byte !== 0x22) return unexpected(bytes, at);
      const end = skipText(bytes, at);
      if (end < 0) return unexpected(bytes, ~end);
      if (depth === 1) topKey = nameKey(bytes, at, end);
      at = end;
      while (at < length && isSpace(bytes[at] as number)) at += 1;
      if (bytes[at] !== 0x3a) return unexpected(bytes, at);
      at += 1;
      expects = VALUE;
      continue;
    } else if (expects === DONE) return unexpected(bytes, at);

    if (byte === 0x7d || byte === 0x5d) {
      // Only an end that fits gets here, except a "]" or "}" where a value must stand.
      if (expects === VALUE || (expects === VALUE_OR_END && byte === 0x7d)) return unexpected(bytes, at);
      depth -= 1;
      at += 1;
      if (depth === 1) inBatch = false;
    } else {
      if (depth === 1 && isObjectAt[1] === 1) {
        if (topKey === BATCH) batchCount = byte === 0x5b ? 0 : null;
        if (topKey === WRITE_KEY) writeKeyStart = byte === 0x22 ? at : -1;
      } else if (inBatch && depth === 2) {
        batchCount = (batchCount ?? 0) + 1;
        elementStart = at;
      }
      if (byte === 0x7b || byte === 0x5b) {
        if (depth === 1) inBatch = topKey === BATCH && byte === 0x5b && isObjectAt[1] === 1;
        depth += 1;
        if (depth > depthMax) return { kind: 'too_deep', offset: at };
        isObjectAt[depth] = byte === 0x7b ? 1 : 0;
        expects = byte === 0x7b ? KEY_OR_END : VALUE_OR_END;
        at += 1;
        continue;
      }
      const end = byte === 0x22 ? skipText(bytes, at) : skipScalar(bytes, at, byte);
      if (end < 0) return unexpected(bytes, ~end);
      if (writeKeyStart === at) writeKeyEnd = end;
      at = end;
    }
    if (inBatch && depth === 2 && oversized === null && at - elementStart > limits.eventBytesMax) {
      oversized = { index: (batchCount ?? 1) - 1, bytes: at - elementStart };
    }
    expects = depth === 0 ? DONE : COMMA_OR_END;
  }
  if (expects !== DONE) return { kind: 'invalid', offset: length, problem: 'the body ends too early' };
  const writeKey =
    writeKeyStart < 0 ? null : (JSON.parse(bytes.toString('utf8', writeKeyStart, writeKeyEnd)) as string);
  return { kind: 'json', isObject: isObjectAt[1] === 1 && startsObject(bytes), batchCount, oversized, writeKey };
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function startsObject(bytes: Buffer): boolean {
  let at = 0;
  while (isSpace(bytes[at] as number)) at += 1;
  return bytes[at] === 0x7b;
}

const isEscape = new Uint8Array(256).map((_, byte) => ('"\\/bfnrt'.includes(String.fromCharCode(byte)) ? 1 : 0));
const isHex = new Uint8Array(256).map((_, byte) => (/[0-9a-fA-F]/.test(String.fromCharCode(byte)) ? 1 : 0));
const isDigit = new Uint8Array(256).map((_, byte) => (byte >= 0x30 && byte <= 0x39 ? 1 : 0));

/** @returns the offset behind the closing quote, or the complement (`~`) of where it went wrong. */
function skipText(bytes: Buffer, start: number): number {
  const length = bytes.length;
  let at = start + 1;
  for (;;) {
    let byte = 0x22;
    while (at < length) {
      byte = bytes[at] as number;
      if (byte === 0x22 || byte === 0x5c || byte < 0x20) break;
      at += 1;
    }
    if (at >= length) return ~length;
    if (byte === 0x22) return at + 1;
    if (byte !== 0x5c) return ~at;
    const escaped = bytes[at + 1];
    if (escaped === undefined) return ~length;
    if (isEscape[escaped] === 1) at += 2;
    else if (escaped === 0x75) {
      for (let digit = at + 2; digit < at + 6; digit += 1) {
        if (digit >= length || isHex[bytes[digit] as number] !== 1) return ~digit;
      }
      at += 6;
    } else return ~(at + 1);
  }
}

/** A number, true, false or null. @returns as `skipText`. */
function skipScalar(bytes: Buffer, start: number, byte: number): number {
  if (byte === 0x74) return skipWord(bytes, start, 'true');
  if (byte === 0x66) return skipWord(bytes, start, 'false');
  if (byte === 0x6e) return skipWord(bytes, start, 'null');
  let at = byte === 0x2d ? start + 1 : start;
  if (bytes[at] === 0x30) at += 1;
  else {
    const end = skipDigits(bytes, at);
    if (end === at) return ~at;
    at = end;
  }
  if (bytes[at] === 0x2e) {
    const end = skipDigits(bytes, at + 1);
    if (end === at + 1) return ~end;
    at = end;
  }
  if (bytes[at] === 0x65 || bytes[at] === 0x45) {
    const signed = bytes[at + 1] === 0x2b || bytes[at + 1] === 0x2d ? at + 2 : at + 1;
    const end = skipDigits(bytes, signed);
    if (end === signed) return ~end;
    at = end;
  }
  return at;
}

function skipDigits(bytes: Buffer, start: number): number {
  let at = start;
  while (at < bytes.length && isDigit[bytes[at] as number] === 1) at += 1;
  return at;
}

function skipWord(bytes: Buffer, start: number, word: string): number {
  for (let index = 0; index < word.length; index += 1) {
    if (bytes[start + index] !== word.charCodeAt(index)) return ~(start + index);
  }
  return start + word.length;
}

/** `"b\u0061tch"` is the key batch too: a key with escapes is decoded first. */
function nameKey(bytes: Buffer, start: number, end: number): number {
  const bytesLong = end - start - 2;
  // Longest spelling of eight characters: all of them as \uXXXX.
  if (bytesLong < 5 || bytesLong > 48) return OTHER;
  const plain = bytes.toString('latin1', start + 1, end - 1);
  const key = plain.includes('\\') ? (JSON.parse(bytes.toString('utf8', start, end)) as string) : plain;
  if (key === 'batch') return BATCH;
  return key === 'writeKey' ? WRITE_KEY : OTHER;
}

function unexpected(bytes: Buffer, offset: number): JsonScan {
  if (offset >= bytes.length) {
    return { kind: 'invalid', offset: bytes.length, problem: 'the body ends too early' };
  }
  const byte = bytes[offset] as number;
  const shown =
    byte > 0x20 && byte < 0x7f ? `"${String.fromCharCode(byte)}"` : `0x${byte.toString(16).padStart(2, '0')}`;
  return { kind: 'invalid', offset, problem: `unexpected ${shown} at byte ${offset}` };
}
