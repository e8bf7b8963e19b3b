import type {
  DeedWeights,
  ItemAttribute,
  RecommendAnswer,
  RecommendExploration,
  RecommendExplorationQuery,
  RecommendModel,
  RecommendPreview,
  RecommendQuality,
  RecommendQualityQuery,
  RecommendStatus,
  RecommendWeights,
  Surface,
  SurfaceUpdate,
  Training,
} from '@zhiyin/contract';
import type { Workspace } from '../domain/workspace.ts';
import type { ControlSession } from '../storage/control/control-store.ts';
import type { Stores } from '../storage/stores.ts';
import { listAttributes } from './catalogue/list-attributes.ts';
import type { RecommendEngine } from './engine.ts';
import { findServingModel, listModels, serveModel } from './models/model-registry.ts';
import { readDeedWeights, saveDeedWeights } from './people/deed-weights.ts';
import { readExploration } from './quality/read-exploration.ts';
import { readQuality } from './quality/read-quality.ts';
import { listSurfaces, resetSurface, updateSurface } from './surfaces/manage-surfaces.ts';
import { cancelTraining, createTraining, listTrainings, setTrainingJob } from './train/training-runs.ts';

type Details = Record<string, string | number | boolean | null>;
type Act = { readonly audit: (session: ControlSession, details?: Details) => Promise<void> };
/** The queue, as far as trainings need it. */
type Queue = {
  send(
    name: string,
    data: Record<string, number>,
    options: { subject: string; workspaceId: Workspace['id'] },
  ): Promise<string | null>;
  cancel(workspaceId: Workspace['id'], jobId: string): Promise<void>;
};

/** What the console asks of recommendations. */
export type RecommendStage = {
  listSurfaces(stores: Stores, workspace: Workspace): Promise<Surface[]>;
  updateSurface(
    stores: Stores,
    workspace: Workspace,
    surface: string,
    update: SurfaceUpdate,
    act: Act,
  ): Promise<Surface>;
  resetSurface(stores: Stores, workspace: Workspace, surface: string, act: Act): Promise<void>;
  preview(stores: Stores, workspace: Workspace, request: RecommendPreview): Promise<RecommendAnswer>;
  listAttributes(stores: Stores, workspace: Workspace): Promise<ItemAttribute[]>;
  readWeights(stores: Stores, workspace: Workspace): Promise<RecommendWeights>;
  /** Undefined: back to the weights of the program. */
  saveWeights(
    stores: Stores,
    workspace: Workspace,
    weights: DeedWeights | undefined,
    act: Act,
  ): Promise<RecommendWeights>;
  listModels(stores: Stores, workspace: Workspace): Promise<RecommendModel[]>;
  serveModel(stores: Stores, workspace: Workspace, version: number, act: Act): Promise<RecommendModel>;
  listTrainings(stores: Stores, workspace: Workspace): Promise<Training[]>;
  startTraining(
    stores: Stores,
    workspace: Workspace,
    start: { readonly promote: boolean; readonly startedBy: Training['startedBy'] },
    act: Act & { readonly jobs: Queue },
  ): Promise<Training>;
  cancelTraining(
    stores: Stores,
    workspace: Workspace,
    trainingId: number,
    act: Act & { readonly jobs: Queue },
  ): Promise<Training>;
  readQuality(stores: Stores, workspace: Workspace, query: RecommendQualityQuery): Promise<RecommendQuality>;
  readExploration(
    stores: Stores,
    workspace: Workspace,
    query: RecommendExplorationQuery,
  ): Promise<RecommendExploration>;
  readStatus(stores: Stores, workspace: Workspace): Promise<RecommendStatus>;
};

export function createRecommendStage(engine: RecommendEngine): RecommendStage {
  return {
    listSurfaces,
    updateSurface: (stores, workspace, surface, update, act) =>
      updateSurface(stores, workspace, surface, update, act.audit),
    resetSurface: (stores, workspace, surface, act) => resetSurface(stores, workspace, surface, act.audit),
    async preview(_stores, workspace, { draft, ...request }) {
      const answer = await engine.answer(
        workspace,
        { ...request, debug: true },
        { record: false, ...(draft ? { draft } : {}) },
      );
      return JSON.parse(answer.toString()) as RecommendAnswer;
    },
    listAttributes: async (_stores, workspace) => listAttributes((await engine.of(workspace)).catalogue),
    readWeights: readDeedWeights,
    saveWeights: (stores, workspace, weights, act) =>
      saveDeedWeights(stores, workspace, weights, (session) => act.audit(session)),
    listModels: (stores, workspace) => listModels(stores.control, workspace.id),
    serveModel: (stores, workspace, version, act) =>
      serveModel(stores.control, workspace.id, version, (session, details) => act.audit(session, details)),
    listTrainings: (stores, workspace) => listTrainings(stores.control, workspace.id),
    async startTraining(stores, workspace, start, act) {
      const training = await stores.control.transaction(async (session) => {
        const created = await createTraining(session, workspace.id, start);
        await act.audit(session, { trainingId: created.id, promote: start.promote });
        return created;
      });
      await sendTraining(stores, act.jobs, workspace.id, training.id);
      return training;
    },
    async cancelTraining(stores, workspace, trainingId, act) {
      const { training, jobId } = await stores.control.transaction(async (session) => {
        const cancelled = await cancelTraining(session, workspace.id, trainingId);
        await act.audit(session);
        return cancelled;
      });
      // The job may have ended in the meantime: then there is nothing to stop.
      if (jobId) await act.jobs.cancel(workspace.id, jobId).catch(() => undefined);
      return training;
    },
    readQuality,
    readExploration,
    async readStatus(stores, workspace) {
      const kept = await engine.of(workspace);
      await kept.keepFresh(Date.now());
      const [serving, trainings] = await Promise.all([
        findServingModel(stores.control, workspace.id),
        listTrainings(stores.control, workspace.id),
      ]);
      return {
        catalogue: {
          items: kept.catalogue.live,
          inStock: kept.catalogue.liveItems().length,
          newItems: kept.newItems().length,
          memoryBytes: Math.round(kept.catalogue.memoryBytes()),
          loadedAt: kept.loadedAt === 0 ? null : new Date(kept.loadedAt).toISOString(),
        },
        model: serving?.card ?? null,
        training: trainings[0] ?? null,
        decisions: engine.decisions(),
        freshEvents: kept.fresh.taken,
      };
    },
  };
}

export const trainingJob = 'recommend-train';

export async function sendTraining(
  stores: Stores,
  jobs: Pick<Queue, 'send'>,
  workspaceId: Workspace['id'],
  trainingId: number,
): Promise<void> {
  const jobId = await jobs.send(trainingJob, { trainingId }, { subject: `training ${trainingId}`, workspaceId });
  await setTrainingJob(stores.control, workspaceId, trainingId, jobId);
}
