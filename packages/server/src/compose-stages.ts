import path from 'node:path';
import type { Logger } from 'pino';
import {
  cleaningRules,
  countOrigins,
  deleteRepairRule,
  discardQuarantine,
  type ImportReplay,
  listProperties,
  listQuarantine,
  listRefusals,
  listRepairRules,
  previewRepair,
  readWorkspaceBalance,
  registerPeople,
  remerge,
  replayQuarantine,
  ruleNote,
  saveRepairRun,
  unmerge,
  updateProperty,
  updateRepairRule,
} from './clean/index.ts';
import {
  type ImportDeps,
  judgeImportRows,
  openImportStage,
  replayImportRows,
  sendQueuedImports,
} from './collect/import/index.ts';
import type { JournalReader, JournalWriter } from './collect/index.ts';
import { lookAgain } from './collect/journal/index.ts';
import type { Config } from './config.ts';
import type { HttpDeps } from './http/index.ts';
import type { Jobs } from './jobs/index.ts';
import { createLlmStage } from './llm/index.ts';
import {
  followEvents,
  listEvents,
  listItems,
  listReviews,
  listSpend,
  readHealth,
  readOverviewExtent,
  readOverviewPanel,
} from './measure/index.ts';
import { customerStage } from './profile/customers/index.ts';
import { createAudienceStage, getPerson, listPeople, listPersonEvents } from './profile/index.ts';
import { createPredictionsStage } from './profile/predictions/index.ts';
import { segmentsStage } from './profile/segments/index.ts';
import { createRecommendStage, type RecommendEngine } from './recommend/index.ts';
import type { Stores } from './storage/stores.ts';

export type StageParts = {
  readonly config: Config;
  readonly stores: Stores;
  /** All journals of this installation, for the balance. */
  readonly journals: readonly JournalReader[];
  readonly journal: JournalWriter;
  readonly logger: Logger;
  readonly recommendEngine: RecommendEngine;
};

/** From this many records on a replay is a job: the answer comes at once and the work can be watched and cancelled. */
const replayAtOnceMax = 1_000;

/** What the routes call, each stage with what it needs beside the stores. */
export function composeStages(
  parts: StageParts,
): Pick<
  HttpDeps,
  | 'profile'
  | 'customers'
  | 'audiences'
  | 'measure'
  | 'clean'
  | 'imports'
  | 'predictions'
  | 'recommend'
  | 'llm'
  | 'segments'
> {
  const { journals, journal } = parts;
  return {
    segments: segmentsStage,
    profile: { listPeople, getPerson, listPersonEvents },
    customers: customerStage,
    audiences: createAudienceStage(audienceDeps(parts.config)),
    measure: {
      readOverviewPanel,
      readOverviewExtent,
      readHealth: async (stores, workspace, range) =>
        readHealth(stores, workspace, range, {
          ...(await readWorkspaceBalance(stores.control, workspace.id, journals)),
          oldestPendingMs: await oldestPendingMs(stores, journals),
        }),
      listEvents,
      followEvents,
      listItems,
      listReviews,
      listSpend,
    },
    clean: {
      listQuarantine,
      previewRepair: (stores, workspace, request, view) =>
        previewRepair(stores, workspace, request, view, { judgeImportRows: judgeRows(parts) }),
      async replayQuarantine(stores, workspace, request, act) {
        const origins = await countOrigins(stores, workspace, request.filter);
        const total = origins.records + origins.fileRows;
        if (total <= replayAtOnceMax) {
          const imports = composeImportReplay(parts, act.jobs);
          const done = await replayQuarantine(stores, workspace, request, { journal, imports });
          await act.audit(stores.control, { records: done.records });
          return done;
        }
        const runId = await saveRepairRun(stores, workspace, request);
        const jobId = await act.jobs.send(
          'quarantine-replay',
          { runId },
          { subject: `replay ${runId}`, workspaceId: workspace.id },
        );
        await act.audit(stores.control, { records: total, runId });
        return { records: total, jobId, note: request.keepAs ? ruleNote(origins) : null };
      },
      discardQuarantine,
      listRepairRules,
      updateRepairRule,
      deleteRepairRule,
      listRefusals,
      unmerge,
      remerge,
      listProperties,
      updateProperty,
    },
    imports: openImportStage(importDeps(parts)),
    predictions: createPredictionsStage(),
    recommend: createRecommendStage(parts.recommendEngine),
    llm: createLlmStage(parts.stores),
  };
}

type ReplayParts = Pick<StageParts, 'config' | 'stores' | 'logger'>;

/** Rows of files on their way back: judged and queued by imports, and run by the job `import`. */
export function composeImportReplay(parts: ReplayParts, jobs: Pick<Jobs, 'send'>): ImportReplay {
  return {
    judgeImportRows: judgeRows(parts),
    async replayImportRows(stores, workspace, rows) {
      const replayed = await replayImportRows(stores, importDeps(parts), workspace, rows);
      await sendQueuedImports(stores, jobs, workspace.id);
      return replayed;
    },
  };
}

const judgeRows =
  (parts: ReplayParts): ImportReplay['judgeImportRows'] =>
  (stores, workspace, importId, rows) =>
    judgeImportRows(stores, importDeps(parts), workspace, importId, rows);

/** Imports know of identity resolution and of cleaning's rules only what is handed to them here. */
export function importDeps({
  config,
  stores: _,
  logger,
}: Pick<StageParts, 'config' | 'stores' | 'logger'>): ImportDeps {
  return {
    ports: { rules: cleaningRules, registerPeople },
    importDir: config.collect.importDir,
    diskReserveBytes: config.collect.diskReserveBytes,
    database: config.events.database,
    engineReadsFiles: config.events.url === undefined,
    log: logger,
  };
}

/** Files of audiences lie beside those of imports, and not where the engine reads; Parquet is written there for the moment. */
export function audienceDeps(config: Config) {
  return {
    uploadDir: path.join(config.dataDir, 'uploads'),
    exportDir: path.join(config.dataDir, 'exports'),
    importDir: config.events.importDir,
    diskReserveBytes: config.collect.diskReserveBytes,
    engineReadsFiles: config.events.url === undefined,
  };
}

async function oldestPendingMs(stores: Stores, journals: readonly JournalReader[]): Promise<number> {
  const oldest = await Promise.all(journals.map((journal) => lookAgain(() => oldestWaiting(stores, journal))));
  const instants = oldest.filter((at) => at !== null).map((at) => at.getTime());
  return instants.length > 0 ? Math.max(0, Date.now() - Math.min(...instants)) : 0;
}

async function oldestWaiting(stores: Stores, journal: JournalReader): Promise<Date | null> {
  const [checkpoint] = await stores.control.query<{ segment: string; byte_offset: string }>(
    'select segment, byte_offset from journal_checkpoints where journal_id = $1',
    [journal.id],
  );
  const position = checkpoint
    ? { segment: Number(checkpoint.segment), offset: Number(checkpoint.byte_offset) }
    : await journal.start();
  return journal.oldestAt(position);
}
