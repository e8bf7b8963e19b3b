/** Text as GBK, which Node can read and not write: the table is made by reading every pair of bytes once. */
export function encodeGbk(text: string): Buffer {
  const bytes: number[] = [];
  for (const character of text) bytes.push(...(pairs().get(character) ?? [character.charCodeAt(0)]));
  return Buffer.from(bytes);
}

let made: Map<string, readonly [number, number]> | undefined;
function pairs() {
  if (made) return made;
  made = new Map();
  const decoder = new TextDecoder('gbk');
  for (let first = 0x81; first <= 0xfe; first += 1) {
    for (let second = 0x40; second <= 0xfe; second += 1) {
      const character = decoder.decode(Uint8Array.of(first, second));
      if (character.length === 1 && character !== '\ufffd' && character > '\u007f')
        made.set(character, [first, second]);
    }
  }
  return made;
}
