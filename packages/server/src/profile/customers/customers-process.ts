import { setPriority } from 'node:os';
import process from 'node:process';
import type { CustomerRun } from '@zhiyin/contract';
import type { Workspace } from '../../domain/workspace.ts';
import { type EventStoreAddress, openEventStore } from '../../storage/events/index.ts';
import { type ClusteringResult, clusterPeople } from '../clusters/index.ts';
import { type AnalysedLinks, analyseLinks, type Links } from '../graph/index.ts';
import { findLookAlikes, type LookAlikeResult } from '../look-alikes/index.ts';
import { RunFailure } from './run-failure.ts';

type People = {
  readonly address: EventStoreAddress;
  readonly workspace: Pick<Workspace, 'id' | 'currency' | 'timeZone'>;
  readonly at: Date;
  readonly seed: number;
};
type Tasks = {
  clusters: {
    asks: People & Pick<Parameters<typeof clusterPeople>[2], 'request' | 'former'>;
    gives: ClusteringResult;
  };
  look_alike: {
    asks: People & Pick<Parameters<typeof findLookAlikes>[2], 'request' | 'runId' | 'seedIds'>;
    gives: LookAlikeResult;
  };
  graph: { asks: { readonly links: Links; readonly seed: number }; gives: AnalysedLinks };
};
export type Task = keyof Tasks;
export type TaskAsks<Kind extends Task> = Tasks[Kind]['asks'];
export type TaskGives<Kind extends Task> = Tasks[Kind]['gives'];
export type TaskRequest = { [Kind in Task]: { readonly kind: Kind; readonly asks: TaskAsks<Kind> } }[Task];

export type TaskMessage =
  | { readonly kind: 'progress'; readonly stage: CustomerRun['stage']; readonly done: number }
  | { readonly kind: 'done'; readonly gives: unknown }
  | { readonly kind: 'failed'; readonly failure: NonNullable<CustomerRun['failure']> };

/** Below everything that answers somebody. */
const niceness = 10;

const send = (message: TaskMessage) => process.connected && process.send?.(message);
const progress = (stage: CustomerRun['stage'], done: number) => send({ kind: 'progress', stage, done });

/** Heavy work on people, in a process of its own: it neither delays cleaning nor answers, and cancelling it is ending it. */
async function run(request: TaskRequest): Promise<void> {
  if (request.kind === 'graph') {
    progress('fit', 0);
    send({ kind: 'done', gives: analyseLinks(request.asks.links, request.asks.seed) });
    return;
  }
  const events = openEventStore(request.asks.address);
  try {
    const gives =
      request.kind === 'clusters'
        ? await clusterPeople(events, request.asks.workspace, { ...request.asks, progress })
        : await findLookAlikes(events, request.asks.workspace, { ...request.asks, progress });
    send({ kind: 'done', gives });
  } finally {
    await events.close();
  }
}

setPriority(niceness);
process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => undefined);
process.once('message', async (request: TaskRequest) => {
  try {
    await run(request);
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    send({ kind: 'failed', failure: { code: cause instanceof RunFailure ? cause.code : 'internal', text } });
  }
  process.disconnect();
});
