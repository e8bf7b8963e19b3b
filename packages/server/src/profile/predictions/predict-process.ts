import { setPriority } from 'node:os';
import process from 'node:process';
import type { PredictionRun } from '@zhiyin/contract';
import { type EventStoreAddress, openEventStore } from '../../storage/events/index.ts';
import { readModelFile, type SavedModel } from '../../storage/models/model-files.ts';
import { isPredictionBundle } from './prediction.ts';
import { type ScoreOptions, type ScoreSummary, scorePrediction } from './score/score-prediction.ts';
import { type Trained, type TrainOptions, trainPrediction } from './train/train-prediction.ts';

type Serialised<Options> = Omit<Options, 'progress' | 'now'> & { readonly nowMs: number };

export type PredictRequest = { readonly address: EventStoreAddress } & (
  | ({ readonly kind: 'train' } & Serialised<TrainOptions>)
  | ({
      readonly kind: 'score';
      readonly modelDir: string;
      readonly file: Pick<SavedModel, 'fileName' | 'checksum'>;
    } & Serialised<ScoreOptions>)
);

export type PredictMessage =
  | { readonly kind: 'progress'; readonly stage: PredictionRun['stage']; readonly done: number }
  | { readonly kind: 'trained'; readonly trained: Trained }
  | { readonly kind: 'scored'; readonly summary: ScoreSummary }
  | { readonly kind: 'failed'; readonly message: string; readonly code: string };

/** Below everything that answers somebody. */
const niceness = 10;

/** A training or a scoring, in a process of its own: it neither delays cleaning nor answers, and cancelling it is ending it. */
async function run(request: PredictRequest): Promise<void> {
  const send = (message: PredictMessage) => process.connected && process.send?.(message);
  const events = openEventStore(request.address);
  const own = {
    now: new Date(request.nowMs),
    progress: (stage: string, done: number) => void send({ kind: 'progress', stage, done }),
  };
  try {
    if (request.kind === 'train') {
      send({ kind: 'trained', trained: await trainPrediction(events, { ...request, ...own }) });
    } else {
      const bundle = await readModelFile(request.modelDir, request.file, isPredictionBundle);
      send({ kind: 'scored', summary: await scorePrediction(events, bundle, { ...request, ...own }) });
    }
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
process.once('message', async (request: PredictRequest) => {
  await run(request);
  process.disconnect();
});
