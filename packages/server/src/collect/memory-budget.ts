import { AppError } from '../domain/app-error.ts';

/** Bytes of request bodies that may be in memory at the same time, from the first byte received until the answer. */
export class MemoryBudget {
  readonly #bytesMax: number;
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** @throws AppError `overload` */
  hold(bytes: number): { resize(bytes: number): void; release(): void } {
    this.#take(bytes);
    let held = bytes;
    let released = false;
    return {
      resize: (next) => {
        this.#take(next - held);
        held = next;
      },
      release: () => {
        if (released) return;
        released = true;
        this.#bytes -= held;
      },
    };
  }

  #take(bytes: number): void {
    if (bytes > 0 && this.#bytes + bytes > this.#bytesMax) {
      throw new AppError(
        'overload',
        `collect: ${this.#bytes} bytes are being received, the limit is ${this.#bytesMax}`,
        {
          details: { fix: 'Send again after the time in Retry-After.' },
        },
      );
    }
    this.#bytes += bytes;
  }
}
