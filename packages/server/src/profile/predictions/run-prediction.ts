import { fork } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { AppError, type ErrorCode } from '../../domain/app-error.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { EventStoreAddress } from '../../storage/events/index.ts';
import { removeModelFile } from '../../storage/models/model-files.ts';
import type { Stores } from '../../storage/stores.ts';
import { getDefinition } from './manage-predictions.ts';
import type { PredictMessage, PredictRequest } from './predict-process.ts';
import { type Definition, say } from './prediction.ts';
import { registerPredictionModel, servingModels } from './prediction-models.ts';
import { beginRun, endRun, noteRunProgress } from './prediction-runs.ts';
import type { ScoreSummary } from './score/score-prediction.ts';
import { thinOldScores } from './score/thin-old-scores.ts';
import type { Trained } from './train/train-prediction.ts';

export type PredictionParts = {
  readonly stores: Stores;
  readonly address: EventStoreAddress;
  readonly modelDir: string;
  readonly timeBudgetSeconds: number;
};

type Run = { readonly signal: AbortSignal; readonly progress: (done: number, total: number | null) => void };

const rowsMax = 40_000;
const seed = 20_260_101;
/** Of a run that trains, this much of the bar is training. */
const trainingShare = 0.75;

/**
 * The job: trains when asked to, then scores everybody with the model that serves. Readers go on with the scores before until the new
 * ones are whole.
 * @throws AppError when it failed; a cancelled or ended run does nothing.
 */
export async function runPrediction(
  parts: PredictionParts,
  workspace: Workspace,
  runId: number,
  run: Run,
): Promise<void> {
  const { control } = parts.stores;
  const begun = await beginRun(control, workspace.id, runId);
  if (!begun) return;
  const note = (stage: string, done: number) => {
    run.progress(Math.round(done * 100), 100);
    void noteRunProgress(control, workspace.id, runId, { stage, progress: done }).catch(() => undefined);
  };
  try {
    const definition = await getDefinition(control, workspace.id, begun.predictionId);
    if (begun.kind === 'train') {
      const said = await train(parts, workspace, definition, run.signal, (stage, done) =>
        note(stage, trainingShare * done),
      );
      if (said) return await endRun(control, workspace.id, runId, { state: 'refused', said });
    }
    const serving = (await servingModels(control, workspace.id)).get(definition.id);
    if (!serving) return await endRun(control, workspace.id, runId, { state: 'refused', said: say('no_model') });
    const from = begun.kind === 'train' ? trainingShare : 0;
    const summary = (await inProcess(
      {
        kind: 'score',
        address: parts.address,
        modelDir: parts.modelDir,
        file: { fileName: serving.fileName, checksum: serving.checksum },
        workspace: { id: workspace.id, currency: workspace.currency, timeZone: workspace.timeZone },
        definition,
        runId,
        nowMs: Date.now(),
      },
      run.signal,
      (stage, done) => note(stage, from + (1 - from) * done),
    )) as ScoreSummary;
    await endRun(control, workspace.id, runId, {
      state: 'done',
      modelVersion: serving.version,
      summary,
      at: summary.at,
    });
    await thinOldScores(parts.stores.events, workspace.id, definition.id, runId, summary.people ?? 0);
  } catch (cause) {
    // The process stops: the run stays as it is, and the job is given back to whoever goes on.
    if (run.signal.aborted && (run.signal.reason as Error | undefined)?.name === 'Stopping') throw cause;
    const state = run.signal.aborted ? 'cancelled' : 'failed';
    const message = cause instanceof Error ? cause.message : String(cause);
    await endRun(control, workspace.id, runId, {
      state,
      ...(state === 'failed' ? { said: say('failed', { message: message.slice(0, 300) }) } : {}),
    });
    throw cause;
  }
}

/** @returns why not, where there is too little to learn from. */
async function train(
  parts: PredictionParts,
  workspace: Workspace,
  definition: Definition,
  signal: AbortSignal,
  progress: (stage: string, done: number) => void,
) {
  const trained = (await inProcess(
    {
      kind: 'train',
      address: parts.address,
      modelDir: parts.modelDir,
      workspaceId: workspace.id,
      currency: workspace.currency,
      timeZone: workspace.timeZone,
      definition,
      rowsMax,
      timeBudgetSeconds: parts.timeBudgetSeconds,
      seed,
      nowMs: Date.now(),
    },
    signal,
    progress,
  )) as Trained;
  if (trained.kind === 'refused') return trained.said;
  const { forgotten } = await registerPredictionModel(parts.stores.control, workspace.id, definition.id, trained);
  for (const fileName of forgotten) await removeModelFile(parts.modelDir, fileName);
  return undefined;
}

const heapMb = 4_096;

function inProcess(
  request: PredictRequest,
  signal: AbortSignal,
  progress: (stage: string, done: number) => void,
): Promise<Trained | ScoreSummary> {
  const { promise, resolve, reject } = Promise.withResolvers<Trained | ScoreSummary>();
  const child = fork(path.join(import.meta.dirname, 'predict-process.ts'), [], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [...process.execArgv.filter((one) => !one.startsWith('--inspect')), `--max-old-space-size=${heapMb}`],
  });
  const stop = () => child.kill('SIGKILL');
  signal.addEventListener('abort', stop, { once: true });
  child.on('message', (message: PredictMessage) => {
    if (message.kind === 'progress') progress(message.stage, message.done);
    if (message.kind === 'trained') resolve(message.trained);
    if (message.kind === 'scored') resolve(message.summary);
    if (message.kind === 'failed') reject(new AppError(message.code as ErrorCode, message.message));
  });
  child.once('error', reject);
  child.once('exit', (code, killed) => {
    signal.removeEventListener('abort', stop);
    reject(
      signal.aborted
        ? new Error('the run was cancelled')
        : new AppError('internal', `prediction: the process ended without an answer (code ${code}, signal ${killed})`),
    );
  });
  child.send(request);
  return promise;
}
