import type { Training } from '@zhiyin/contract';
import { AppError } from '../../domain/app-error.ts';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { ControlSession } from '../../storage/control/control-store.ts';

type Row = {
  id: number;
  state: Training['state'];
  stage: string;
  progress: number;
  promote: boolean;
  started_by: Training['startedBy'];
  job_id: string | null;
  model_version: number | null;
  error: string | null;
  created_at: Date;
  started_at: Date | null;
  ended_at: Date | null;
};

const columns =
  'id, state, stage, progress, promote, started_by, job_id, model_version, error, created_at, started_at, ended_at';

export async function listTrainings(control: ControlSession, workspaceId: WorkspaceId): Promise<Training[]> {
  const rows = await control
    .of(workspaceId)
    .query<Row>(`select ${columns} from recommend_trainings where workspace_id = $1 order by id desc limit 50`);
  return rows.map(toTraining);
}

/** @throws AppError `conflict` while another one waits or runs. */
export async function createTraining(
  control: ControlSession,
  workspaceId: WorkspaceId,
  create: { readonly promote: boolean; readonly startedBy: Training['startedBy'] },
): Promise<Training> {
  const [row] = await control.of(workspaceId).query<Row>(
    `insert into recommend_trainings (workspace_id, promote, started_by) values ($1, $2, $3)
     on conflict (workspace_id) where state in ('queued', 'running') do nothing returning ${columns}`,
    [create.promote, create.startedBy],
  );
  if (row) return toTraining(row);
  throw new AppError('conflict', 'A training of this workspace waits or runs already.', {
    details: { fix: 'Wait for it, or cancel it first.' },
  });
}

export async function setTrainingJob(
  control: ControlSession,
  workspaceId: WorkspaceId,
  trainingId: number,
  jobId: string | null,
): Promise<void> {
  await control
    .of(workspaceId)
    .query('update recommend_trainings set job_id = $3 where workspace_id = $1 and id = $2', [trainingId, jobId]);
}

/** Queued or running → running; false when it was cancelled or is over. */
export async function beginTraining(
  control: ControlSession,
  workspaceId: WorkspaceId,
  trainingId: number,
): Promise<{ promote: boolean } | undefined> {
  const [row] = await control.of(workspaceId).query<{ promote: boolean }>(
    `update recommend_trainings set state = 'running', stage = 'read', progress = 0, started_at = coalesce(started_at, now())
     where workspace_id = $1 and id = $2 and state in ('queued', 'running') returning promote`,
    [trainingId],
  );
  return row;
}

export async function noteProgress(
  control: ControlSession,
  workspaceId: WorkspaceId,
  trainingId: number,
  at: { readonly stage: string; readonly progress: number },
): Promise<void> {
  await control
    .of(workspaceId)
    .query(
      `update recommend_trainings set stage = $3, progress = $4 where workspace_id = $1 and id = $2 and state = 'running'`,
      [trainingId, at.stage, at.progress],
    );
}

export async function endTraining(
  control: ControlSession,
  workspaceId: WorkspaceId,
  trainingId: number,
  end: { readonly state: 'done' | 'failed' | 'cancelled'; readonly modelVersion?: number; readonly error?: string },
): Promise<void> {
  await control.of(workspaceId).query(
    `update recommend_trainings set state = $3, model_version = $4, error = $5, ended_at = now(),
       progress = case when $3 = 'done' then 1 else progress end
     where workspace_id = $1 and id = $2 and state in ('queued', 'running')`,
    [trainingId, end.state, end.modelVersion ?? null, end.error?.slice(0, 500) ?? null],
  );
}

/** @returns the job to stop. @throws AppError `not_found`, `conflict` when it is over. */
export async function cancelTraining(
  control: ControlSession,
  workspaceId: WorkspaceId,
  trainingId: number,
): Promise<{ training: Training; jobId: string | null }> {
  const [row] = await control.of(workspaceId).query<Row>(
    `update recommend_trainings set state = 'cancelled', ended_at = now()
     where workspace_id = $1 and id = $2 and state in ('queued', 'running') returning ${columns}`,
    [trainingId],
  );
  if (row) return { training: toTraining(row), jobId: row.job_id };
  const [known] = await control
    .of(workspaceId)
    .query<{ state: string }>('select state from recommend_trainings where workspace_id = $1 and id = $2', [
      trainingId,
    ]);
  if (known) throw new AppError('conflict', `Training ${trainingId} is over already: ${known.state}.`);
  throw new AppError('not_found', `Training ${trainingId} does not exist.`, {
    details: { field: 'trainingId', fix: 'GET …/recommend/trainings lists them.' },
  });
}

/** Workspaces whose model is missing or older than `hours`, and that nobody trains. */
export async function listDueWorkspaces(control: ControlSession, hours: number): Promise<number[]> {
  const rows = await control.query<{ id: number }>(
    `select w.id from workspaces w
     where not exists (select from recommend_trainings t where t.workspace_id = w.id
       and (t.state in ('queued', 'running') or t.created_at > now() - make_interval(hours => $1)))
     order by w.id`,
    [hours],
  );
  return rows.map(({ id }) => id);
}

function toTraining(row: Row): Training {
  return {
    id: row.id,
    state: row.state,
    stage: row.stage,
    progress: row.progress,
    startedBy: row.started_by,
    modelVersion: row.model_version,
    error: row.error,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
  };
}
