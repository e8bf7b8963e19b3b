import type * as contract from '@zhiyin/contract';
import type { z } from 'zod';
import { AppError } from '../../domain/app-error.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { ControlSession } from '../../storage/control/control-store.ts';
import type { Stores } from '../../storage/stores.ts';
import { checkPrediction, readPredictionOptions } from './check-prediction.ts';
import { createPrediction, getPrediction, listPredictions, updatePrediction } from './manage-predictions.ts';
import { listPredictionModels, servePredictionModel } from './prediction-models.ts';
import { cancelRun, createRun, listRuns, setRunJob } from './prediction-runs.ts';
import { listPersonScores, listScoredPeople } from './read-scores.ts';

type Of<Schema extends z.ZodType> = z.output<Schema>;
type Details = Record<string, string | number | boolean | null>;
type Act = { readonly audit: (session: ControlSession, details?: Details) => Promise<void> };
type Queue = {
  send(
    name: string,
    data: Readonly<Record<string, string | number | boolean | null>>,
    options: { readonly subject?: string; readonly workspaceId?: Workspace['id'] },
  ): Promise<string | null>;
  cancel(workspaceId: Workspace['id'], jobId: string): Promise<unknown>;
};
type Start = Pick<contract.PredictionRun, 'kind' | 'startedBy'>;
type View = { readonly reveal: boolean; readonly locale: contract.Locale };

/** What the routes call. */
export type PredictionsStage = ReturnType<typeof createPredictionsStage>;

export function createPredictionsStage(now: () => Date = () => new Date()) {
  const get = (stores: Stores, workspace: Workspace, predictionId: number) =>
    getPrediction(stores.control, workspace.id, predictionId, now());
  return {
    list: (stores: Stores, workspace: Workspace) => listPredictions(stores.control, workspace.id, now()),
    get,
    options: (stores: Stores, workspace: Workspace) => readPredictionOptions(stores, workspace, now()),
    check: (stores: Stores, workspace: Workspace, ask: Of<typeof contract.predictionCreateSchema>) =>
      checkPrediction(stores, workspace, ask, now()),
    async create(stores: Stores, workspace: Workspace, create: Of<typeof contract.predictionCreateSchema>, act: Act) {
      return get(stores, workspace, await createPrediction(stores.control, workspace.id, create, act.audit));
    },
    async update(
      stores: Stores,
      workspace: Workspace,
      predictionId: number,
      update: Of<typeof contract.predictionUpdateSchema>,
      act: Act,
    ) {
      await updatePrediction(stores.control, workspace.id, predictionId, update, act.audit);
      return get(stores, workspace, predictionId);
    },
    async start(stores: Stores, workspace: Workspace, predictionId: number, start: Start, act: Act & { jobs: Queue }) {
      const prediction = await get(stores, workspace, predictionId);
      if (start.kind === 'score' && !prediction.serving) {
        throw new AppError('conflict', 'This prediction has no model yet.', { details: { fix: 'Train it first.' } });
      }
      const run = await stores.control.transaction(async (session) => {
        const created = await createRun(session, workspace.id, { predictionId, ...start });
        await act.audit(session, { runId: created.id, kind: start.kind });
        return created;
      });
      await sendPredictionRun(stores, act.jobs, workspace.id, run.id);
      return run;
    },
    async cancel(stores: Stores, workspace: Workspace, runId: number, act: Act & { jobs: Queue }) {
      const { run, jobId } = await stores.control.transaction(async (session) => {
        const cancelled = await cancelRun(session, workspace.id, runId);
        await act.audit(session);
        return cancelled;
      });
      // The job may have ended in the meantime: then there is nothing to stop.
      if (jobId) await act.jobs.cancel(workspace.id, jobId).catch(() => undefined);
      return run;
    },
    async runs(stores: Stores, workspace: Workspace, predictionId: number) {
      await get(stores, workspace, predictionId);
      return listRuns(stores.control, workspace.id, predictionId);
    },
    async models(stores: Stores, workspace: Workspace, predictionId: number) {
      await get(stores, workspace, predictionId);
      return listPredictionModels(stores.control, workspace.id, predictionId);
    },
    serve: (stores: Stores, workspace: Workspace, predictionId: number, version: number, act: Act) =>
      servePredictionModel(stores.control, workspace.id, predictionId, version, act.audit),
    async people(
      stores: Stores,
      workspace: Workspace,
      predictionId: number,
      query: Of<typeof contract.scoredPeopleQuerySchema>,
      view: View,
    ): Promise<contract.Page<contract.ScoredPerson>> {
      const { scored } = await get(stores, workspace, predictionId);
      if (!scored) return { rows: [], nextCursor: null, total: 0 };
      return listScoredPeople(stores, workspace, predictionId, query, view, scored);
    },
    person: (stores: Stores, workspace: Workspace, profileId: string) =>
      listPersonScores(stores, workspace, profileId, now()),
  };
}

export const predictionJob = 'prediction';

export async function sendPredictionRun(
  stores: Stores,
  jobs: Pick<Queue, 'send'>,
  workspaceId: Workspace['id'],
  runId: number,
): Promise<void> {
  const jobId = await jobs.send(predictionJob, { runId }, { subject: `prediction run ${runId}`, workspaceId });
  await setRunJob(stores.control, workspaceId, runId, jobId);
}
