import type { Job } from '@zhiyin/contract';
import type { PgBoss } from 'pg-boss';
import { AppError } from '../domain/app-error.ts';
import type { WorkspaceId } from '../domain/ids.ts';
import type { JobPage } from './jobs.ts';

type Row = {
  id: string;
  name: string;
  state: Job['state'];
  retry_count: number;
  retry_limit: number;
  created_on: Date;
  started_on: Date | null;
  completed_on: Date | null;
  start_after: Date;
  output: { message?: string; progress?: { done: number; total: number | null } } | null;
  subject: string | null;
  cursor: string;
};

/** The workspace's jobs, newest first. */
export async function listJobs(
  boss: PgBoss,
  schema: string,
  query: {
    workspaceId: WorkspaceId;
    cursor: string | undefined;
    limit: number;
    schedules: JobPage['schedules'];
    says: (name: string) => string;
  },
): Promise<JobPage> {
  const after = parseCursor(query.cursor);
  const { rows } = (await boss.getDb().executeSql(
    `select id, name, state::text as state, retry_count, retry_limit, created_on, started_on, completed_on, start_after, output,
            data->>'subject' as subject, (extract(epoch from created_on) * 1000000)::bigint || '.' || id as cursor
     from ${schema}.job
     where data->>'workspaceId' = $1
       and ($2::bigint is null or ((extract(epoch from created_on) * 1000000)::bigint, id) < ($2::bigint, $3::uuid))
     order by created_on desc, id desc limit $4`,
    [String(query.workspaceId), after?.at ?? null, after?.id ?? null, query.limit + 1],
  )) as { rows: Row[] };
  const page = rows.slice(0, query.limit);
  return {
    rows: page.map((row) => formatJob(row, query.says(row.name))),
    nextCursor: rows.length > query.limit ? (page.at(-1)?.cursor ?? null) : null,
    schedules: query.schedules.map(({ name, cron, timeZone, says }) => ({ name, cron, timeZone, says })),
  };
}

function formatJob(row: Row, says: string): Job {
  const waits = row.state === 'retry' || row.state === 'created';
  return {
    id: row.id,
    name: row.name,
    state: row.state,
    attempts: row.started_on ? row.retry_count + 1 : 0,
    attemptsMax: row.retry_limit + 1,
    createdAt: row.created_on.toISOString(),
    startedAt: row.started_on?.toISOString() ?? null,
    endedAt: row.completed_on?.toISOString() ?? null,
    nextAttemptAt: waits ? row.start_after.toISOString() : null,
    error: row.output?.message ?? null,
    subject: row.subject || says,
    progress: row.state === 'active' ? (row.output?.progress ?? null) : null,
  };
}

function parseCursor(cursor: string | undefined): { at: string; id: string } | undefined {
  if (cursor === undefined) return undefined;
  const [, at, id] = /^(\d{1,18})\.([0-9a-f-]{36})$/.exec(cursor) ?? [];
  if (at && id) return { at, id };
  throw new AppError('input.invalid', 'The cursor is not one of ours.', {
    details: { field: 'cursor', fix: 'Use nextCursor of the page before, unchanged.' },
  });
}
