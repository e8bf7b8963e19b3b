import { workerData } from 'node:worker_threads';
import { failedAt, finishedAt, generationAt, operationAt, operations, ticketsAt } from './memory-map.ts';
import type { WorkerStart } from './thread-pool.ts';

/** Sleeps until there is a job, takes a ticket, works along until no piece is left. Generation -1 ends it. */
const { module, memory, thread } = workerData as WorkerStart;
const instance = new WebAssembly.Instance(module, { env: { memory } });
const control = new Int32Array(memory.buffer, 0, 1024);
const run = operations.map((operation) => instance.exports[operation] as () => void);
(instance.exports.setThread as (thread: number) => void)(thread);

let seen = 0;
for (;;) {
  Atomics.wait(control, generationAt / 4, seen);
  seen = Atomics.load(control, generationAt / 4);
  if (seen === -1) break;
  if (!takeTicket()) continue;
  try {
    run[control[operationAt / 4]]();
  } catch {
    control[failedAt / 4] = thread;
  }
  Atomics.add(control, finishedAt / 4, 1);
  Atomics.notify(control, finishedAt / 4);
}

function takeTicket(): boolean {
  for (;;) {
    const tickets = Atomics.load(control, ticketsAt / 4);
    if (tickets <= 0) return false;
    if (Atomics.compareExchange(control, ticketsAt / 4, tickets, tickets - 1) === tickets) return true;
  }
}
