export type TextEncoding = 'utf-8' | 'gb18030' | 'utf-16le';

/**
 * From the first bytes of a text: UTF-8 unless it is not valid as such, then GB18030 (which holds GBK and GB2312).
 * `whole` says that the bytes end where the text ends; otherwise a cut character at the end is forgiven.
 */
export function detectEncoding(bytes: Buffer, whole: boolean): TextEncoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (looksWide(bytes)) return 'utf-16le';
  for (const cut of whole ? [0] : [0, 1, 2, 3]) {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, bytes.length - cut));
      return 'utf-8';
    } catch {
      // Perhaps a character is cut at the end: try one byte less.
    }
  }
  return 'gb18030';
}

/** Text in Latin letters as UTF-16LE has a zero in every second byte. */
function looksWide(bytes: Buffer): boolean {
  const pairs = Math.min(bytes.length >> 1, 500);
  if (pairs < 4) return false;
  let zeros = 0;
  for (let i = 0; i < pairs; i++) if (bytes[i * 2 + 1] === 0 && bytes[i * 2] !== 0) zeros++;
  return zeros / pairs > 0.6;
}
