const startBytes = 65_536;
/** From here on one call into the engine is faster than a loop. */
const longBytes = 48;
const zero = 0x30;
const one = 0x31;
const dot = 0x2e;

/** UTF-8 text put together piece by piece in memory that is used again: most pieces of an answer were encoded long before it. */
export class ByteText {
  #bytes = Buffer.allocUnsafe(startBytes);
  #length = 0;

  /** Starts anew. */
  clear(): this {
    this.#length = 0;
    return this;
  }

  add(piece: Buffer): this {
    return this.addPart(piece, 0, piece.length);
  }

  /** `piece[from, to)` */
  addPart(piece: Buffer, from: number, to: number): this {
    const start = this.#length;
    const end = start + to - from;
    if (end > this.#bytes.length) this.#grow(end);
    const bytes = this.#bytes;
    if (to - from >= longBytes) piece.copy(bytes, start, from, to);
    else for (let at = start, read = from; at < end; at += 1, read += 1) bytes[at] = piece[read]!;
    this.#length = end;
    return this;
  }

  addText(text: string): this {
    const atMost = this.#length + 3 * text.length;
    if (atMost > this.#bytes.length) this.#grow(atMost);
    this.#length += this.#bytes.write(text, this.#length);
    return this;
  }

  /** A number from 0 to 1 as JSON, whole: most are 1. */
  addChance(value: number): this {
    if (value !== 1) return this.addText(String(value));
    if (this.#length >= this.#bytes.length) this.#grow(this.#length + 1);
    this.#bytes[this.#length] = one;
    this.#length += 1;
    return this;
  }

  /** A number as JSON, rounded to `digits` places. */
  addRounded(value: number, digits = 4): this {
    const scale = 10 ** digits;
    let parts = Math.round(value * scale);
    if (!(parts > 0 && parts < scale)) return this.addText(String(parts / scale));
    let places = digits;
    while (parts % 10 === 0) {
      parts /= 10;
      places -= 1;
    }
    const start = this.#length;
    const end = start + places + 2;
    if (end > this.#bytes.length) this.#grow(end);
    const bytes = this.#bytes;
    bytes[start] = zero;
    bytes[start + 1] = dot;
    for (let at = end - 1; at > start + 1; at -= 1) {
      bytes[at] = zero + (parts % 10);
      parts = (parts / 10) | 0;
    }
    this.#length = end;
    return this;
  }

  /** What stands there, until something else does. */
  view(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #grow(least: number): void {
    const grown = Buffer.allocUnsafe(2 * least);
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}

export const bytesOf = (text: string): Buffer => Buffer.from(text, 'utf8');
