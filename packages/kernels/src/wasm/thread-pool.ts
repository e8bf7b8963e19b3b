import { Worker } from 'node:worker_threads';
import {
  failedAt,
  finishedAt,
  generationAt,
  nextPieceAt,
  type Operation,
  operationAt,
  operations,
  realsAt,
  scratchAt,
  ticketsAt,
  wholesAt,
} from './memory-map.ts';
import type { SharedMemory } from './shared-memory.ts';

export type WorkerStart = {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly thread: number;
};

export type Job = {
  /** Addresses and counts, by slot. */
  readonly wholes: readonly number[];
  readonly reals?: readonly number[];
  /** Per thread. */
  readonly scratchBytes?: number;
  /** Rough count of operations: what is small stays on the calling thread. */
  readonly cost?: number;
};

/** Below it waking a worker costs more than it saves: some 50 microseconds of work. */
const sharedCost = 2_000_000;

/**
 * Runs operations of the module on the calling thread and on workers. A job has tickets; a worker that is awake in time takes one
 * and works along, the others sleep on. The caller waits only for tickets that were taken, so a busy or still starting worker
 * never holds it up.
 */
export class ThreadPool {
  readonly threads: number;
  private readonly workers: Worker[] = [];
  private readonly instance: WebAssembly.Instance;
  private readonly control: Int32Array;
  private readonly reals: Float32Array;
  private readonly memory: SharedMemory;
  private readonly module: WebAssembly.Module;
  private isClosed = false;

  constructor(module: WebAssembly.Module, memory: SharedMemory, threads: number) {
    this.threads = threads;
    this.memory = memory;
    this.module = module;
    this.instance = new WebAssembly.Instance(module, { env: { memory: memory.memory } });
    this.control = new Int32Array(memory.memory.buffer, 0, 1024);
    this.reals = new Float32Array(memory.memory.buffer, realsAt, 32);
  }

  run(operation: Operation, job: Job): void {
    if (this.isClosed) throw new Error(`kernels: ${operation} was called after close`);
    const mark = this.memory.mark();
    const isShared = this.threads > 1 && (job.cost ?? 0) > sharedCost;
    const stride = Math.ceil((job.scratchBytes ?? 0) / 64 + 1) * 64;
    const scratch = job.scratchBytes ? this.memory.allocate(stride * (isShared ? this.threads : 1)) : 0;
    this.control.set(job.wholes, wholesAt / 4);
    this.reals.set(job.reals ?? []);
    this.control[scratchAt / 4] = scratch;
    this.control[scratchAt / 4 + 1] = stride;
    this.control[operationAt / 4] = operations.indexOf(operation);
    this.control[nextPieceAt / 4] = 0;
    try {
      if (isShared) this.runShared(operation);
      else this.runHere(operation);
    } finally {
      this.memory.release(mark);
    }
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    Atomics.store(this.control, generationAt / 4, -1);
    Atomics.notify(this.control, generationAt / 4);
  }

  private runHere(operation: Operation): void {
    (this.instance.exports[operation] as () => void)();
  }

  private runShared(operation: Operation): void {
    const { control } = this;
    this.startWorkers();
    control[failedAt / 4] = 0;
    Atomics.store(control, finishedAt / 4, 0);
    Atomics.store(control, ticketsAt / 4, this.threads - 1);
    Atomics.add(control, generationAt / 4, 1);
    Atomics.notify(control, generationAt / 4);
    try {
      this.runHere(operation);
    } finally {
      const taken = this.threads - 1 - Atomics.exchange(control, ticketsAt / 4, 0);
      for (;;) {
        const finished = Atomics.load(control, finishedAt / 4);
        if (finished >= taken) break;
        Atomics.wait(control, finishedAt / 4, finished);
      }
    }
    if (control[failedAt / 4] !== 0) throw new Error(`kernels: ${operation} failed in worker ${control[failedAt / 4]}`);
  }

  /** On the first call that is worth sharing. Workers never keep the process alive. */
  private startWorkers(): void {
    while (this.workers.length < this.threads - 1) {
      const thread = this.workers.length + 1;
      const workerData: WorkerStart = { module: this.module, memory: this.memory.memory, thread };
      const worker = new Worker(new URL('./kernel-worker.ts', import.meta.url), {
        workerData,
        name: `kernels ${thread}`,
        execArgv: [],
        stdin: false,
      });
      // A worker that cannot start is a worker that takes no tickets: the others do its work.
      worker.on('error', () => {});
      worker.unref();
      this.workers.push(worker);
    }
  }
}
