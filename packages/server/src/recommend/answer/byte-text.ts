const startBytes = 65_536;
/** From here on one call into the engine is faster than a loop. */
const longBytes = 32;
const zero = 0x30;
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

  add(piece: Uint8Array): this {
    const { length } = piece;
    this.#ensure(length);
    if (length >= longBytes) this.#bytes.set(piece, this.#length);
    else for (let at = 0; at < length; at += 1) this.#bytes[this.#length + at] = piece[at]!;
    this.#length += length;
    return this;
  }

  addText(text: string): this {
    this.#ensure(3 * text.length);
    this.#length += this.#bytes.write(text, this.#length);
    return this;
  }

  /** A share as JSON, rounded to `digits` places. */
  addShare(value: number, digits = 4): this {
    const scale = 10 ** digits;
    let parts = Math.round(value * scale);
    if (!(parts > 0 && parts < scale)) return this.addText(String(parts / scale));
    while (parts % 10 === 0) {
      parts /= 10;
      digits -= 1;
    }
    this.#ensure(digits + 2);
    this.#bytes[this.#length] = zero;
    this.#bytes[this.#length + 1] = dot;
    for (let at = this.#length + 1 + digits; at > this.#length + 1; at -= 1) {
      this.#bytes[at] = zero + (parts % 10);
      parts = Math.floor(parts / 10);
    }
    this.#length += digits + 2;
    return this;
  }

  /** A copy of what stands there. */
  toBytes(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#length));
  }

  #ensure(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(2 * (this.#length + more));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

export const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'utf8');
