const blockBytes = 65_536;
const freeMax = 200;

/**
 * Memory for answers on their way out, used again when they are gone: memory outside of the heap that is asked for anew with each
 * answer makes the collector look at everything again and again.
 */
export class BytePool {
  readonly #free: Buffer[] = [];

  /** A copy. */
  take(bytes: Buffer): Buffer {
    if (bytes.length > blockBytes) return Buffer.from(bytes);
    const block = this.#free.pop() ?? Buffer.allocUnsafeSlow(blockBytes);
    bytes.copy(block);
    return block.subarray(0, bytes.length);
  }

  /** Nobody reads what `take` gave any more. What is never given back is the collector's. */
  giveBack(bytes: Buffer): void {
    if (bytes.buffer.byteLength !== blockBytes || this.#free.length >= freeMax) return;
    this.#free.push(Buffer.from(bytes.buffer));
  }
}
