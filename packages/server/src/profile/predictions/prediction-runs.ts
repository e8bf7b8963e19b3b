import type { PredictionRun, PredictionSaid, Realised } from '@zhiyin/contract';
import { AppError } from '../../domain/app-error.ts';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { ControlSession } from '../../storage/control/control-store.ts';

type Summary = Pick<PredictionRun, 'people' | 'meanScore' | 'histogram' | 'drift'>;
type Row = {
  id: number;
  prediction_id: number;
  kind: PredictionRun['kind'];
  state: PredictionRun['state'];
  stage: string;
  progress: number;
  started_by: PredictionRun['startedBy'];
  job_id: string | null;
  model_version: number | null;
  said: PredictionSaid | null;
  summary: Summary | null;
  at: Date | null;
  realised: Realised | null;
  created_at: Date;
  started_at: Date | null;
  ended_at: Date | null;
};

const columns =
  'id, prediction_id, kind, state, stage, progress, started_by, job_id, model_version, said, summary, at, realised, created_at, started_at, ended_at';
/** Shown; older ones stay for their outcomes. */
const runsShown = 100;

export async function listRuns(
  control: ControlSession,
  workspaceId: WorkspaceId,
  predictionId: number,
): Promise<PredictionRun[]> {
  const rows = await control
    .of(workspaceId)
    .query<Row>(
      `select ${columns} from prediction_runs where workspace_id = $1 and prediction_id = $2 order by id desc limit ${runsShown}`,
      [predictionId],
    );
  return rows.map(toRun);
}

/** The latest run of each prediction, and the latest one that scored. */
export async function latestRuns(
  control: ControlSession,
  workspaceId: WorkspaceId,
): Promise<Map<number, { run: PredictionRun; scored: PredictionRun | null }>> {
  const own = control.of(workspaceId);
  const runs = await own.query<Row>(
    `select distinct on (prediction_id) ${columns} from prediction_runs where workspace_id = $1 order by prediction_id, id desc`,
  );
  const scored = await own.query<Row>(
    `select distinct on (prediction_id) ${columns} from prediction_runs where workspace_id = $1 and state = 'done' and summary is not null
     order by prediction_id, id desc`,
  );
  const scoredOf = new Map(scored.map((row) => [row.prediction_id, toRun(row)]));
  return new Map(
    runs.map((row) => [row.prediction_id, { run: toRun(row), scored: scoredOf.get(row.prediction_id) ?? null }]),
  );
}

/** @throws AppError `conflict` while another one waits or runs. */
export async function createRun(
  control: ControlSession,
  workspaceId: WorkspaceId,
  create: {
    readonly predictionId: number;
    readonly kind: PredictionRun['kind'];
    readonly startedBy: PredictionRun['startedBy'];
  },
): Promise<PredictionRun> {
  const [row] = await control.of(workspaceId).query<Row>(
    `insert into prediction_runs (workspace_id, prediction_id, kind, started_by) values ($1, $2, $3, $4)
     on conflict (workspace_id, prediction_id) where state in ('queued', 'running') do nothing returning ${columns}`,
    [create.predictionId, create.kind, create.startedBy],
  );
  if (row) return toRun(row);
  throw new AppError('conflict', 'This prediction is being trained or scored already.', {
    details: { fix: 'Wait for it, or stop it first.' },
  });
}

export async function setRunJob(
  control: ControlSession,
  workspaceId: WorkspaceId,
  runId: number,
  jobId: string | null,
): Promise<void> {
  await control
    .of(workspaceId)
    .query('update prediction_runs set job_id = $3 where workspace_id = $1 and id = $2', [runId, jobId]);
}

/** Queued or running → running; undefined when it was cancelled or is over. */
export async function beginRun(
  control: ControlSession,
  workspaceId: WorkspaceId,
  runId: number,
): Promise<{ predictionId: number; kind: PredictionRun['kind'] } | undefined> {
  const [row] = await control.of(workspaceId).query<Row>(
    `update prediction_runs set state = 'running', stage = 'read', progress = 0, started_at = coalesce(started_at, now())
     where workspace_id = $1 and id = $2 and state in ('queued', 'running') returning ${columns}`,
    [runId],
  );
  return row && { predictionId: row.prediction_id, kind: row.kind };
}

export async function noteRunProgress(
  control: ControlSession,
  workspaceId: WorkspaceId,
  runId: number,
  at: { readonly stage: string; readonly progress: number },
): Promise<void> {
  await control
    .of(workspaceId)
    .query(
      `update prediction_runs set stage = $3, progress = $4 where workspace_id = $1 and id = $2 and state = 'running'`,
      [runId, at.stage, at.progress],
    );
}

export async function endRun(
  control: ControlSession,
  workspaceId: WorkspaceId,
  runId: number,
  end: {
    readonly state: 'done' | 'failed' | 'cancelled' | 'refused';
    readonly modelVersion?: number;
    readonly said?: PredictionSaid;
    readonly summary?: Summary;
    readonly at?: string | null;
  },
): Promise<void> {
  await control.of(workspaceId).query(
    `update prediction_runs set state = $3, model_version = $4, said = $5, summary = $6, at = $7, ended_at = now(),
       progress = case when $3 = 'done' then 1 else progress end
     where workspace_id = $1 and id = $2 and state in ('queued', 'running')`,
    [
      runId,
      end.state,
      end.modelVersion ?? null,
      end.said ? JSON.stringify(end.said) : null,
      end.summary ? JSON.stringify(end.summary) : null,
      end.at ?? null,
    ],
  );
}

/** @returns the job to stop. @throws AppError `not_found`, `conflict` when it is over. */
export async function cancelRun(
  control: ControlSession,
  workspaceId: WorkspaceId,
  runId: number,
): Promise<{ run: PredictionRun; jobId: string | null }> {
  const [row] = await control.of(workspaceId).query<Row>(
    `update prediction_runs set state = 'cancelled', ended_at = now()
     where workspace_id = $1 and id = $2 and state in ('queued', 'running') returning ${columns}`,
    [runId],
  );
  if (row) return { run: toRun(row), jobId: row.job_id };
  const [known] = await control
    .of(workspaceId)
    .query<{ state: string }>('select state from prediction_runs where workspace_id = $1 and id = $2', [runId]);
  if (known) throw new AppError('conflict', `Run ${runId} is over already: ${known.state}.`);
  throw new AppError('not_found', `Run ${runId} does not exist.`, {
    details: { field: 'runId', fix: 'GET …/predictions/:predictionId/runs lists them.' },
  });
}

/** Scorings whose horizon is over and that nobody has judged yet, oldest first. */
export async function listUnjudged(
  control: ControlSession,
  workspaceId: WorkspaceId,
  predictionId: number,
  until: Date,
): Promise<{ id: number; at: Date }[]> {
  return control.of(workspaceId).query<{ id: number; at: Date }>(
    `select id, at from prediction_runs where workspace_id = $1 and prediction_id = $2 and state = 'done' and realised is null
       and summary is not null and at < $3 order by id limit 20`,
    [predictionId, until],
  );
}

export async function saveRealised(
  control: ControlSession,
  workspaceId: WorkspaceId,
  runId: number,
  realised: Realised,
): Promise<void> {
  await control
    .of(workspaceId)
    .query('update prediction_runs set realised = $3 where workspace_id = $1 and id = $2', [
      runId,
      JSON.stringify(realised),
    ]);
}

function toRun(row: Row): PredictionRun {
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    stage: row.stage,
    progress: row.progress,
    startedBy: row.started_by,
    modelVersion: row.model_version,
    said: row.said,
    at: row.at?.toISOString() ?? null,
    people: row.summary?.people ?? null,
    meanScore: row.summary?.meanScore ?? null,
    histogram: row.summary?.histogram ?? [],
    drift: row.summary?.drift ?? null,
    realised: row.realised,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
  };
}
