import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import process from 'node:process';
import { AppError, type ErrorCode } from '../../domain/app-error.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { ModelDoor } from '../../llm/index.ts';
import type { EventStoreAddress } from '../../storage/events/index.ts';
import { removeModelFile, saveModelFile } from '../../storage/models/model-files.ts';
import type { Stores } from '../../storage/stores.ts';
import { registerModel } from '../models/model-registry.ts';
import { loadDeedWeights } from '../people/deed-weights.ts';
import { embedItems } from './embed-items.ts';
import type { TrainMessage, TrainRequest } from './train-process.ts';
import type { Trained } from './train-workspace.ts';
import { beginTraining, endTraining, noteProgress } from './training-runs.ts';

export type TrainingParts = {
  readonly stores: Stores;
  readonly address: EventStoreAddress;
  readonly modelDir: string;
  readonly days: number;
  readonly entriesMax: number;
  readonly timeBudgetSeconds: number;
  /** Embeddings of items come from here, where an endpoint is set. */
  readonly door: ModelDoor;
};

const seed = 20_260_101;

/**
 * The job: trains in a process of its own, then registers the model and, when it earns its place, serves it. Servers go on with the
 * one before until the new one stands.
 * @throws AppError when it failed; a cancelled or ended training does nothing.
 */
export async function runTraining(
  parts: TrainingParts,
  workspace: Workspace,
  trainingId: number,
  run: { readonly signal: AbortSignal; readonly progress: (done: number, total: number | null) => void },
): Promise<void> {
  const { stores, modelDir } = parts;
  const begun = await beginTraining(stores.control, workspace.id, trainingId);
  if (!begun) return;
  const name = `${new Date().toISOString().slice(0, 10)}-${randomBytes(6).toString('hex')}`;
  let vectorsFile: string | undefined;
  try {
    const { weights } = await loadDeedWeights(stores.control, workspace.id);
    const embedded = await embedItems(stores.events, parts.door, workspace, run.signal);
    run.signal.throwIfAborted();
    if (embedded?.vectors) {
      vectorsFile = (await saveModelFile(modelDir, workspace.id, `${name}-vectors`, embedded.vectors)).fileName;
    }
    const trained = await trainInProcess(
      {
        address: parts.address,
        modelDir,
        workspaceId: workspace.id,
        name,
        nowMs: Date.now(),
        days: parts.days,
        entriesMax: parts.entriesMax,
        timeBudgetSeconds: parts.timeBudgetSeconds,
        seed,
        weights,
        ...(embedded
          ? {
              embeddings: {
                report: embedded.report,
                file: vectorsFile === undefined ? undefined : path.join(modelDir, vectorsFile),
              },
            }
          : {}),
      },
      run.signal,
      (stage, done) => {
        run.progress(Math.round(done * 100), 100);
        void noteProgress(stores.control, workspace.id, trainingId, { stage, progress: done }).catch(() => undefined);
      },
    );
    const { version, forgotten } = await registerModel(stores.control, workspace.id, {
      ...trained,
      state: !trained.earnsItsPlace ? 'rejected' : begun.promote ? 'serving' : 'candidate',
    });
    await endTraining(stores.control, workspace.id, trainingId, { state: 'done', modelVersion: version });
    for (const fileName of forgotten) await removeModelFile(modelDir, fileName);
  } catch (cause) {
    // The process stops: the training stays as it is, and the job is given back to whoever goes on.
    if (run.signal.aborted && (run.signal.reason as Error | undefined)?.name === 'Stopping') throw cause;
    const state = run.signal.aborted ? 'cancelled' : 'failed';
    const error = cause instanceof Error ? cause.message : String(cause);
    await endTraining(stores.control, workspace.id, trainingId, { state, ...(state === 'failed' ? { error } : {}) });
    // Too little data is no fault of the job: trying again at once would find the same.
    if (cause instanceof AppError && cause.code === 'conflict') return;
    throw cause;
  } finally {
    // The bundle holds them now.
    if (vectorsFile !== undefined) await removeModelFile(modelDir, vectorsFile);
  }
}

const heapMb = 4_096;

function trainInProcess(
  request: TrainRequest,
  signal: AbortSignal,
  progress: (stage: string, done: number) => void,
): Promise<Trained> {
  const { promise, resolve, reject } = Promise.withResolvers<Trained>();
  const child = fork(path.join(import.meta.dirname, 'train-process.ts'), [], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [...process.execArgv.filter((one) => !one.startsWith('--inspect')), `--max-old-space-size=${heapMb}`],
  });
  const stop = () => child.kill('SIGKILL');
  signal.addEventListener('abort', stop, { once: true });
  child.on('message', (message: TrainMessage) => {
    if (message.kind === 'progress') progress(message.stage, message.done);
    if (message.kind === 'done') resolve(message.trained);
    if (message.kind === 'failed') reject(new AppError(message.code as ErrorCode, message.message));
  });
  child.once('error', reject);
  child.once('exit', (code, killed) => {
    signal.removeEventListener('abort', stop);
    reject(
      signal.aborted
        ? new Error('the training was cancelled')
        : new AppError('internal', `recommend: the training ended without a model (code ${code}, signal ${killed})`),
    );
  });
  child.send(request);
  return promise;
}
