import { heapAt } from './memory-map.ts';

type Words = Float32Array | Uint32Array | Int8Array;

const pageBytes = 65536;
const pagesMax = 65536;
const gibibyte = 2 ** 30;

/**
 * One shared memory, handed out as a stack: `mark` and `release` free everything allocated in between. Views stay valid when the
 * memory grows.
 */
export class SharedMemory {
  readonly memory: WebAssembly.Memory;
  private top = heapAt;
  /** Beyond it nothing was ever handed out: still zero. */
  private touched = heapAt;
  /** The memory as it was called before each growth; all of them are one memory. */
  private readonly buffers = new Set<ArrayBufferLike>();

  constructor() {
    this.memory = new WebAssembly.Memory({ initial: 16, maximum: pagesMax, shared: true });
    this.buffers.add(this.memory.buffer);
  }

  mark(): number {
    return this.top;
  }

  release(mark: number): void {
    this.top = mark;
  }

  /** Address of `bytes` of memory on a line of its own; not zeroed. */
  allocate(bytes: number): number {
    const address = Math.ceil(this.top / 64) * 64;
    const end = address + bytes;
    // Vectors of four may read past the last number, hence the line at the end.
    const pages = Math.ceil((end + 64) / pageBytes) - this.memory.buffer.byteLength / pageBytes;
    if (end + 64 > pagesMax * pageBytes || (pages > 0 && !this.grow(pages))) {
      throw new RangeError(
        `kernels: ${(bytes / gibibyte).toFixed(2)} GiB do not fit; ${(this.top / gibibyte).toFixed(2)} of the 4 GiB that WASM memory can hold are in use`,
      );
    }
    this.top = end;
    this.touched = Math.max(this.touched, end);
    return address;
  }

  float32(length: number): Float32Array {
    const address = this.allocateZeroed(length * 4);
    return new Float32Array(this.memory.buffer, address, length);
  }

  uint32(length: number): Uint32Array {
    const address = this.allocateZeroed(length * 4);
    return new Uint32Array(this.memory.buffer, address, length);
  }

  int8(length: number): Int8Array {
    const address = this.allocateZeroed(length);
    return new Int8Array(this.memory.buffer, address, length);
  }

  holds(array: Words): boolean {
    return this.buffers.has(array.buffer);
  }

  private allocateZeroed(bytes: number): number {
    if (!(Number.isInteger(bytes) && bytes >= 0)) {
      throw new RangeError(`kernels: an array needs a whole number of entries, got ${bytes} bytes`);
    }
    const touchedBefore = this.touched;
    const address = this.allocate(bytes);
    const used = Math.min(address + bytes, touchedBefore) - address;
    if (used > 0) new Uint8Array(this.memory.buffer, address, used).fill(0);
    return address;
  }

  private grow(pages: number): boolean {
    try {
      this.memory.grow(pages);
      this.buffers.add(this.memory.buffer);
      return true;
    } catch {
      return false;
    }
  }
}
