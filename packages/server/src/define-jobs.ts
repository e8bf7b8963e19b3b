import type { Logger } from 'pino';
import { loadRepairRun, removeOldQuarantine, replayQuarantine } from './clean/index.ts';
import { runImport, sendQueuedImports, tidyImports } from './collect/import/index.ts';
import type { JournalWriter } from './collect/index.ts';
import { audienceDeps, composeImportReplay, importDeps } from './compose-stages.ts';
import type { Config } from './config.ts';
import { assert } from './domain/app-error.ts';
import { asWorkspaceId } from './domain/ids.ts';
import type { Workspace } from './domain/workspace.ts';
import type { JobRun, Jobs } from './jobs/index.ts';
import { openModelDoor, tidyCalls } from './llm/index.ts';
import { createRun, customersJob, listDueBrands, runCustomers, sendRun } from './profile/customers/index.ts';
import {
  changeJob,
  exportJob,
  removeOldExports,
  removeOldUploads,
  runChange,
  runDefinition,
  runExport,
  runUpload,
  sendDueDefinitions,
  traitJob,
  uploadJob,
} from './profile/index.ts';
import { keepPredictionsFresh, predictionJob, runPrediction, sendPredictionRun } from './profile/predictions/index.ts';
import { computeJob, computeSegments } from './profile/segments/index.ts';
import {
  createTraining,
  learnExploration,
  listDueWorkspaces,
  listLearningWorkspaces,
  mayLearn,
  runTraining,
  sendTraining,
  trainingJob,
} from './recommend/index.ts';
import { noteChangedPeople } from './storage/control/note-changed-people.ts';
import type { StoreAddresses } from './storage/start-engines.ts';
import type { Stores } from './storage/stores.ts';
import { appendAudit, systemActor, type WorkspaceDirectory } from './trust/index.ts';

export type JobParts = {
  readonly config: Config;
  readonly addresses: StoreAddresses;
  readonly stores: Stores;
  readonly workspaces: WorkspaceDirectory;
  /** The journal of the process in which the jobs run. */
  readonly journal: JournalWriter;
  readonly logger: Logger;
};

const daily = {
  retryLimit: 3,
  backoff: { firstSeconds: 60, mostSeconds: 1_800 },
  concurrency: 1,
  timeoutSeconds: 1_800,
} as const;

/** Every job there is. All processes know them, workers run them. */
export function defineJobs(jobs: Jobs, parts: JobParts): void {
  const { addresses, config, stores, workspaces, journal } = parts;
  const door = openModelDoor({ stores });
  const workspaceOf = async (run: JobRun): Promise<Workspace> => {
    assert(run.workspaceId !== null, `job ${run.jobId} names no workspace`);
    return workspaces.get(run.workspaceId);
  };

  jobs.define(
    {
      name: 'import',
      says: 'Reads a file into the stores',
      retryLimit: 5,
      backoff: { firstSeconds: 5, mostSeconds: 300 },
      concurrency: 1,
      timeoutSeconds: 6 * 3_600,
    },
    async (run) => {
      await runImport(stores, importDeps(parts), await workspaceOf(run), Number(run.data.importId), {
        signal: run.signal,
        journal,
        onProgress: ({ rowsDone, rowsTotal }) => run.progress(rowsDone, rowsTotal),
      });
      await noteChangedPeople(stores.control, (await workspaceOf(run)).id, null);
    },
  );

  jobs.define(
    {
      name: computeJob,
      says: 'Looks at everybody for a segment whose rule is new',
      retryLimit: 5,
      backoff: { firstSeconds: 5, mostSeconds: 300 },
      concurrency: 1,
      timeoutSeconds: 2 * 3_600,
    },
    async (run) => {
      const segmentId = run.data.segmentId === null ? null : Number(run.data.segmentId);
      await computeSegments(stores, await workspaceOf(run), {
        segmentIds: segmentId === null ? null : [segmentId],
        now: () => new Date(),
        signal: run.signal,
        progress: run.progress,
      });
    },
  );

  jobs.define(
    {
      name: 'quarantine-replay',
      says: 'Mends quarantined records and cleans them once more',
      retryLimit: 5,
      backoff: { firstSeconds: 5, mostSeconds: 300 },
      concurrency: 1,
      timeoutSeconds: 3_600,
    },
    async (run) => {
      const workspace = await workspaceOf(run);
      const request = await loadRepairRun(stores, workspace, Number(run.data.runId));
      const imports = composeImportReplay(parts, jobs);
      await replayQuarantine(stores, workspace, request, {
        journal,
        imports,
        signal: run.signal,
        onProgress: run.progress,
      });
    },
  );

  jobs.define(
    { ...daily, name: 'imports-tidy', says: 'Removes uploads that were never finished and files of old imports' },
    async () => {
      await tidyImports(stores, importDeps(parts), (session, { workspaceId, importId }) =>
        appendAudit(session, {
          workspaceId,
          actor: systemActor,
          action: 'import.cancel',
          target: { kind: 'import', id: importId },
        }),
      );
      await sendQueuedImports(stores, jobs);
    },
  );
  jobs.schedule('imports-tidy', '20 3 * * *', 'UTC', 'Every night');

  jobs.define(
    { ...daily, name: 'quarantine-tidy', says: 'Removes quarantined records that were replayed or discarded long ago' },
    () => removeOldQuarantine(stores, config.clean.quarantineRetentionDays),
  );
  jobs.schedule('quarantine-tidy', '40 3 * * *', 'UTC', 'Every night');

  jobs.define(
    {
      ...daily,
      name: 'llm-tidy',
      says: 'Removes old prompts and calls of the model endpoint, and embeddings not used',
    },
    () => tidyCalls(stores.control, new Date()),
  );
  jobs.schedule('llm-tidy', '50 3 * * *', 'UTC', 'Every night');

  defineAudienceJobs(jobs, parts, workspaceOf);

  jobs.define(
    {
      name: trainingJob,
      says: 'Trains a recommendation model and serves it when it earns its place',
      retryLimit: 2,
      backoff: { firstSeconds: 30, mostSeconds: 600 },
      concurrency: 1,
      timeoutSeconds: 6 * 3_600,
    },
    async (run) => {
      const parts = {
        stores,
        address: addresses.events,
        ...config.recommend.training,
        modelDir: config.recommend.modelDir,
        door,
      };
      await runTraining(parts, await workspaceOf(run), Number(run.data.trainingId), run);
    },
  );
  jobs.define(
    { ...daily, name: 'recommend-train-due', says: 'Starts a training where the model is missing or a day old' },
    async () => {
      for (const workspaceId of await listDueWorkspaces(stores.control, config.recommend.trainEveryHours)) {
        if (!(await mayLearn(stores, asWorkspaceId(workspaceId), config.recommend.training.days))) continue;
        const training = await createTraining(stores.control, asWorkspaceId(workspaceId), {
          promote: true,
          startedBy: 'schedule',
        });
        await sendTraining(stores, jobs, asWorkspaceId(workspaceId), training.id);
      }
    },
  );
  jobs.define(
    {
      ...daily,
      name: 'recommend-learn',
      says: 'Learns from what surfaces tried: what was clicked and bought of it',
      retryLimit: 0,
    },
    async (run) => {
      for (const workspaceId of await listLearningWorkspaces(stores.control)) {
        const workspace = await workspaces.get(asWorkspaceId(workspaceId));
        await learnExploration(stores, workspace, new Date(), { signal: run.signal });
      }
    },
  );
  jobs.schedule('recommend-learn', '*/5 * * * *', 'UTC', 'Every five minutes');
  jobs.schedule('recommend-train-due', '17 * * * *', 'UTC', 'Every hour');

  jobs.define(
    {
      name: predictionJob,
      says: 'Trains a prediction where asked to, and scores people with it',
      retryLimit: 1,
      backoff: { firstSeconds: 30, mostSeconds: 600 },
      concurrency: 1,
      timeoutSeconds: 6 * 3_600,
    },
    async (run) => {
      const predictionParts = {
        stores,
        address: addresses.events,
        modelDir: config.recommend.modelDir,
        timeBudgetSeconds: config.recommend.training.timeBudgetSeconds,
      };
      const workspace = await workspaceOf(run);
      await runPrediction(predictionParts, workspace, Number(run.data.runId), run);
      // Scores are traits, and the process that wrote them does not know who reads them.
      await noteChangedPeople(stores.control, workspace.id, null);
    },
  );
  jobs.define(
    {
      ...daily,
      name: 'predictions-due',
      says: 'Scores people anew where scores are old, and judges what was foretold',
    },
    () =>
      keepPredictionsFresh(stores, new Date(), (workspaceId, runId) =>
        sendPredictionRun(stores, jobs, workspaceId, runId),
      ),
  );
  jobs.schedule('predictions-due', '37 * * * *', 'UTC', 'Every hour');

  jobs.define(
    {
      name: customersJob,
      says: 'Groups customers, finds clusters and look-alikes, and reads the graph of people',
      retryLimit: 2,
      backoff: { firstSeconds: 30, mostSeconds: 600 },
      concurrency: 1,
      timeoutSeconds: 3 * 3_600,
    },
    async (run) => {
      const workspace = await workspaceOf(run);
      await runCustomers({ stores, address: addresses.events }, workspace, Number(run.data.runId), run);
      await noteChangedPeople(stores.control, workspace.id, null);
    },
  );
  jobs.define({ ...daily, name: 'customers-due', says: 'Groups customers anew once a day' }, async () => {
    for (const id of await listDueBrands(stores.control, 24)) {
      const run = await createRun(stores.control, asWorkspaceId(id), {
        request: { kind: 'rfm' },
        startedBy: 'schedule',
      });
      await sendRun(stores, jobs, asWorkspaceId(id), run.id);
    }
  });
  jobs.schedule('customers-due', '5 * * * *', 'UTC', 'Every hour');
}

/** Tags, lists and exports of whole segments: work that can be long, is watched, and goes on where it broke off. */
function defineAudienceJobs(
  jobs: Jobs,
  { config, stores }: JobParts,
  workspaceOf: (run: JobRun) => Promise<Workspace>,
): void {
  const deps = audienceDeps(config);
  const patient = {
    retryLimit: 3,
    backoff: { firstSeconds: 5, mostSeconds: 300 },
    concurrency: 1,
    timeoutSeconds: 3_600,
  } as const;

  jobs.define(
    { ...patient, name: changeJob, says: 'Puts a tag on everybody of a segment or list, or takes it away' },
    async (run) => runChange(stores, await workspaceOf(run), Number(run.data.changeId), run),
  );
  jobs.define({ ...patient, name: uploadJob, says: 'Puts the people of a file on a list' }, async (run) =>
    runUpload(stores, deps, await workspaceOf(run), Number(run.data.uploadId), run),
  );
  jobs.define(
    { ...patient, retryLimit: 5, name: exportJob, says: 'Sends a segment or list to a file or a destination' },
    async (run) => runExport(stores, deps, await workspaceOf(run), Number(run.data.exportId), run),
  );
  jobs.define({ ...patient, name: traitJob, says: 'Computes a trait of everybody' }, async (run) =>
    runDefinition(stores, await workspaceOf(run), Number(run.data.traitId), run),
  );
  jobs.define({ ...daily, name: 'computed-traits-due', says: 'Starts the computed traits whose time has come' }, () =>
    sendDueDefinitions(stores, jobs),
  );
  jobs.schedule('computed-traits-due', '*/5 * * * *', 'UTC', 'Every five minutes');

  jobs.define(
    { ...daily, name: 'audiences-tidy', says: 'Removes files of exports and of uploads whose days are over' },
    async () => {
      await removeOldExports(stores, deps);
      await removeOldUploads(stores, deps);
    },
  );
  jobs.schedule('audiences-tidy', '55 3 * * *', 'UTC', 'Every night');
}
