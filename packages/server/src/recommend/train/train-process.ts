import { setPriority } from 'node:os';
import process from 'node:process';
import { openKernels } from '@zhiyin/kernels';
import type { WorkspaceId } from '../../domain/ids.ts';
import { type EventStoreAddress, openEventStore } from '../../storage/events/index.ts';
import { type Trained, type TrainOptions, trainWorkspace } from './train-workspace.ts';

export type TrainRequest = Omit<TrainOptions, 'progress' | 'now'> & {
  readonly address: EventStoreAddress;
  /** Milliseconds. */
  readonly nowMs: number;
};

export type TrainMessage =
  | { readonly kind: 'progress'; readonly stage: string; readonly done: number }
  | { readonly kind: 'done'; readonly trained: Trained }
  | { readonly kind: 'failed'; readonly message: string; readonly code: string };

/** Below everything that answers somebody. */
const niceness = 10;

/** A training, in a process of its own: it neither delays cleaning nor answers, and cancelling it is ending it. */
async function run(request: TrainRequest): Promise<void> {
  const send = (message: TrainMessage) => process.connected && process.send?.(message);
  const events = openEventStore(request.address);
  using kernels = openKernels();
  try {
    const trained = await trainWorkspace(events, kernels, {
      ...request,
      workspaceId: request.workspaceId as WorkspaceId,
      now: new Date(request.nowMs),
      progress: (stage, done) => send({ kind: 'progress', stage, done }),
    });
    send({ kind: 'done', trained });
  } catch (cause) {
    const error = cause as Error & { code?: string };
    send({ kind: 'failed', message: error.message, code: error.code ?? 'internal' });
  } finally {
    await events.close();
  }
}

setPriority(niceness);
process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => undefined);
process.once('message', async (request: TrainRequest) => {
  await run(request);
  process.disconnect();
});
