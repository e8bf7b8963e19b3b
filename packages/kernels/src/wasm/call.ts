import type { Operation } from './memory-map.ts';
import type { SharedMemory } from './shared-memory.ts';
import type { Job, ThreadPool } from './thread-pool.ts';

type Words = Float32Array | Uint32Array | Int8Array;
type Staged = { readonly array: Words; readonly inMemory: Words; readonly address: number; isWritten: boolean };

/**
 * One call of a kernel: gives arrays an address. Arrays that lie in the shared memory have one; others are copied in, and back
 * when they are written. What is allocated is freed at the end.
 */
export class Call {
  readonly threads: number;
  private readonly pool: ThreadPool;
  private readonly memory: SharedMemory;
  private readonly staged: Staged[] = [];

  constructor(pool: ThreadPool, memory: SharedMemory) {
    this.pool = pool;
    this.memory = memory;
    this.threads = pool.threads;
  }

  /** Address of an array that is only read; 0 for none. */
  read(array: Words | undefined): number {
    return array ? this.stage(array, true).address : 0;
  }

  /** Of an array that is wholly overwritten. */
  write(array: Words): number {
    const staged = this.stage(array, false);
    staged.isWritten = true;
    return staged.address;
  }

  /** Of an array that is read and written. */
  update(array: Words): number {
    const staged = this.stage(array, true);
    staged.isWritten = true;
    return staged.address;
  }

  allocate(bytes: number): number {
    return this.memory.allocate(bytes);
  }

  /** Frees, within a call, what was allocated since `mark`; no array may have been given an address in between. */
  mark(): number {
    return this.memory.mark();
  }

  release(mark: number): void {
    this.memory.release(mark);
  }

  float32(address: number, length: number): Float32Array {
    return new Float32Array(this.memory.memory.buffer, address, length);
  }

  uint32(address: number, length: number): Uint32Array {
    return new Uint32Array(this.memory.memory.buffer, address, length);
  }

  run(operation: Operation, job: Job): void {
    this.pool.run(operation, job);
  }

  copyBack(): void {
    for (const { array, inMemory, isWritten } of this.staged) if (isWritten && array !== inMemory) array.set(inMemory);
  }

  private stage(array: Words, withContent: boolean): Staged {
    const known = this.staged.find(
      (staged) =>
        staged.array.buffer === array.buffer &&
        staged.array.byteOffset === array.byteOffset &&
        staged.array.byteLength === array.byteLength,
    );
    if (known) return known;
    if (this.memory.holds(array)) return this.keep(array, array, array.byteOffset);
    const address = this.memory.allocate(array.byteLength);
    const make = array.constructor as new (buffer: ArrayBufferLike, offset: number, length: number) => Words;
    const inMemory = new make(this.memory.memory.buffer, address, array.length);
    if (withContent) inMemory.set(array);
    return this.keep(array, inMemory, address);
  }

  private keep(array: Words, inMemory: Words, address: number): Staged {
    const staged: Staged = { array, inMemory, address, isWritten: false };
    this.staged.push(staged);
    return staged;
  }
}
