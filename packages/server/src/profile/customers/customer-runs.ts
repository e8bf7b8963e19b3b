import type { CustomerRun, CustomerRunCreate, CustomerRunKind } from '@zhiyin/contract';
import { AppError } from '../../domain/app-error.ts';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { ControlSession } from '../../storage/control/control-store.ts';

type Row = {
  id: number;
  kind: CustomerRunKind;
  state: CustomerRun['state'];
  stage: CustomerRun['stage'];
  progress: number;
  started_by: CustomerRun['startedBy'];
  request: CustomerRunCreate;
  failure: CustomerRun['failure'];
  job_id: string | null;
  created_at: Date;
  started_at: Date | null;
  ended_at: Date | null;
};

const columns =
  'id, kind, state, stage, progress, started_by, request, failure, job_id, created_at, started_at, ended_at';

export type StoredRun<Result> = {
  readonly run: CustomerRun;
  readonly request: CustomerRunCreate;
  readonly result: Result | null;
};

export async function listRuns(
  control: ControlSession,
  workspaceId: WorkspaceId,
  kind?: CustomerRunKind,
): Promise<CustomerRun[]> {
  const rows = await control
    .of(workspaceId)
    .query<Row>(
      `select ${columns} from customer_runs where workspace_id = $1 and ($2::text is null or kind = $2) order by id desc limit 50`,
      [kind ?? null],
    );
  return rows.map(toRun);
}

/** The newest of a kind; with `isDone`, the newest that came to an end with a result. */
export async function findLatestRun<Result>(
  control: ControlSession,
  workspaceId: WorkspaceId,
  kind: CustomerRunKind,
  isDone: boolean,
): Promise<StoredRun<Result> | undefined> {
  const [row] = await control.of(workspaceId).query<Row & { result: Result | null }>(
    `select ${columns}, result from customer_runs where workspace_id = $1 and kind = $2 and (not $3 or state = 'done')
     order by id desc limit 1`,
    [kind, isDone],
  );
  return row && toStored(row);
}

export async function listStoredRuns<Result>(
  control: ControlSession,
  workspaceId: WorkspaceId,
  kind: CustomerRunKind,
): Promise<StoredRun<Result>[]> {
  const rows = await control
    .of(workspaceId)
    .query<Row & { result: Result | null }>(
      `select ${columns}, result from customer_runs where workspace_id = $1 and kind = $2 order by id desc limit 50`,
      [kind],
    );
  return rows.map(toStored);
}

/** @throws AppError `conflict` while another of its kind waits or runs. */
export async function createRun(
  control: ControlSession,
  workspaceId: WorkspaceId,
  create: { readonly request: CustomerRunCreate; readonly startedBy: CustomerRun['startedBy'] },
): Promise<CustomerRun> {
  const [row] = await control.of(workspaceId).query<Row>(
    `insert into customer_runs (workspace_id, kind, request, started_by) values ($1, $2, $3, $4)
     on conflict (workspace_id, kind) where state in ('queued', 'running') do nothing returning ${columns}`,
    [create.request.kind, JSON.stringify(create.request), create.startedBy],
  );
  if (row) return toRun(row);
  throw new AppError('conflict', 'One of this kind waits or runs already.', {
    details: { fix: 'Wait for it, or cancel it first.' },
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
    .query('update customer_runs set job_id = $3 where workspace_id = $1 and id = $2', [runId, jobId]);
}

/** Queued or running → running; undefined when it was cancelled or is over. */
export async function beginRun(
  control: ControlSession,
  workspaceId: WorkspaceId,
  runId: number,
): Promise<CustomerRunCreate | undefined> {
  const [row] = await control.of(workspaceId).query<{ request: CustomerRunCreate }>(
    `update customer_runs set state = 'running', stage = 'read', progress = 0, started_at = coalesce(started_at, now())
     where workspace_id = $1 and id = $2 and state in ('queued', 'running') returning request`,
    [runId],
  );
  return row?.request;
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
      `update customer_runs set stage = $3, progress = $4 where workspace_id = $1 and id = $2 and state = 'running'`,
      [runId, at.stage, at.progress],
    );
}

export async function endRun(
  control: ControlSession,
  workspaceId: WorkspaceId,
  runId: number,
  end:
    | { readonly state: 'done'; readonly result: object }
    | { readonly state: 'failed'; readonly failure: NonNullable<CustomerRun['failure']> }
    | { readonly state: 'cancelled' },
): Promise<void> {
  await control.of(workspaceId).query(
    `update customer_runs set state = $3, result = $4, failure = $5, ended_at = now(),
       progress = case when $3 = 'done' then 1 else progress end
     where workspace_id = $1 and id = $2 and state in ('queued', 'running')`,
    [
      runId,
      end.state,
      end.state === 'done' ? JSON.stringify(end.result) : null,
      end.state === 'failed' ? JSON.stringify(end.failure) : null,
    ],
  );
}

/** @returns the job to stop. @throws AppError `not_found`, `conflict` when it is over. */
export async function cancelRun(
  control: ControlSession,
  workspaceId: WorkspaceId,
  runId: number,
): Promise<{ run: CustomerRun; jobId: string | null }> {
  const [row] = await control.of(workspaceId).query<Row>(
    `update customer_runs set state = 'cancelled', ended_at = now()
     where workspace_id = $1 and id = $2 and state in ('queued', 'running') returning ${columns}`,
    [runId],
  );
  if (row) return { run: toRun(row), jobId: row.job_id };
  const [known] = await control
    .of(workspaceId)
    .query<{ state: string }>('select state from customer_runs where workspace_id = $1 and id = $2', [runId]);
  if (known) throw new AppError('conflict', `Run ${runId} is over already: ${known.state}.`);
  throw new AppError('not_found', `Run ${runId} does not exist.`, {
    details: { field: 'runId', fix: 'GET …/customers/runs lists them.' },
  });
}

/** Brands whose customers were not grouped for so many hours, and that nobody groups. */
export async function listDueBrands(control: ControlSession, hours: number): Promise<number[]> {
  const rows = await control.query<{ id: number }>(
    `select w.id from workspaces w
     where not exists (select from customer_runs r where r.workspace_id = w.id and r.kind = 'rfm'
       and (r.state in ('queued', 'running') or r.created_at > now() - make_interval(hours => $1)))
     order by w.id`,
    [hours],
  );
  return rows.map(({ id }) => id);
}

const toStored = <Result>(row: Row & { result: Result | null }): StoredRun<Result> => ({
  run: toRun(row),
  request: row.request,
  result: row.result,
});

function toRun(row: Row): CustomerRun {
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    stage: row.stage,
    progress: row.progress,
    startedBy: row.started_by,
    failure: row.failure,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
  };
}
