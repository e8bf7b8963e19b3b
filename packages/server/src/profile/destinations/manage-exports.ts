import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { AudienceColumn, AudienceExport, AudienceExportCreate, Page } from '@zhiyin/contract';
import { AppError } from '../../domain/app-error.ts';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { ControlSession } from '../../storage/control/control-store.ts';
import type { Stores } from '../../storage/stores.ts';
import { type Act, operatorOf, type Queue } from '../audiences/act.ts';
import { identifiersIn } from './read-audience-rows.ts';

export type ExportDeps = {
  /** Where files wait to be fetched. */
  readonly exportDir: string;
  /** Where the engine may read and write, for Parquet. */
  readonly importDir: string;
  readonly engineReadsFiles: boolean;
};

export type ExportRow = {
  id: number;
  segment_id: number | null;
  list_id: number | null;
  of: string | null;
  format: AudienceExport['format'];
  destination_id: number | null;
  destination_name: string | null;
  columns: AudienceColumn[];
  reveal: boolean;
  state: AudienceExport['state'];
  rows_total: number;
  rows_done: number;
  sent_through: string;
  size_bytes: string;
  job_id: string | null;
  error: string | null;
  by: string | null;
  created_at: Date;
  ended_at: Date | null;
  expires_at: Date | null;
};

export const exportJob = 'audience-export';
export const exportDays = 7;

export const exportFile = (deps: ExportDeps, row: Pick<ExportRow, 'id' | 'format'>): string =>
  path.join(deps.exportDir, `${row.id}.${row.format}`);

/**
 * Who may see whom is looked at here and once more when the file is fetched: an export with direct identifiers is made and taken
 * only by those who may see them.
 */
export async function createExport(
  stores: Stores,
  deps: ExportDeps,
  workspace: Workspace,
  create: AudienceExportCreate,
  view: { readonly reveal: boolean },
  act: Act & { readonly jobs: Queue },
): Promise<AudienceExport> {
  const reveal = assertMayReveal(create.columns, view.reveal);
  const { to } = create;
  if (to.format === 'parquet' && !deps.engineReadsFiles) {
    throw new AppError('input.invalid', 'Parquet is written by the embedded event store only.', {
      details: { field: 'to.format', fix: 'Choose csv, or send it to a ClickHouse destination.' },
    });
  }
  const exportId = await stores.control.transaction(async (session) => {
    await assertThere(session, workspace.id, create);
    const [row] = await session.of(workspace.id).query<{ id: number }>(
      `insert into audience_exports (workspace_id, segment_id, list_id, format, destination_id, columns, reveal, created_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8) returning id`,
      [
        create.segmentId ?? null,
        create.listId ?? null,
        to.format,
        to.format === 'destination' ? to.destinationId : null,
        JSON.stringify(create.columns),
        reveal,
        operatorOf(act),
      ],
    );
    await act.audit(session, {
      exportId: row!.id,
      segmentId: create.segmentId ?? null,
      listId: create.listId ?? null,
      format: to.format,
      destinationId: to.format === 'destination' ? to.destinationId : null,
      columns: create.columns,
    });
    return row!.id;
  });
  const subject = `export ${exportId}`;
  const jobId = await act.jobs.send(
    exportJob,
    { exportId },
    { subject, singletonKey: subject, workspaceId: workspace.id },
  );
  await stores.control
    .of(workspace.id)
    .query('update audience_exports set job_id = $3 where workspace_id = $1 and id = $2', [exportId, jobId]);
  return getExport(stores, workspace, exportId);
}

export async function listExports(
  stores: Stores,
  workspace: Workspace,
  query: { segmentId?: number | undefined; listId?: number | undefined; cursor?: string | undefined; limit: number },
): Promise<Page<AudienceExport>> {
  const rows = await readExportRows(stores.control, workspace.id, {
    segmentId: query.segmentId ?? null,
    listId: query.listId ?? null,
    before: query.cursor && /^\d{1,9}$/.test(query.cursor) ? Number(query.cursor) : null,
    limit: query.limit + 1,
  });
  const page = rows.slice(0, query.limit);
  return {
    rows: page.map(toExport),
    nextCursor: rows.length > query.limit ? String(page.at(-1)!.id) : null,
    total: null,
  };
}

export async function getExport(stores: Stores, workspace: Workspace, exportId: number): Promise<AudienceExport> {
  return toExport(await getExportRow(stores.control, workspace.id, exportId));
}

export async function cancelExport(
  stores: Stores,
  workspace: Workspace,
  exportId: number,
  act: Act & { readonly jobs: Queue },
): Promise<AudienceExport> {
  const row = await getExportRow(stores.control, workspace.id, exportId);
  if (row.state !== 'queued' && row.state !== 'running') {
    throw new AppError('conflict', `Export ${exportId} is ${row.state}.`, { details: { fix: 'Start a new one.' } });
  }
  await stores.control.transaction(async (session) => {
    await session
      .of(workspace.id)
      .query(
        `update audience_exports set state = 'cancelled', ended_at = now() where workspace_id = $1 and id = $2 and state in ('queued', 'running')`,
        [exportId],
      );
    await act.audit(session);
  });
  // It may have ended in the meantime: then there is nothing to stop.
  if (row.job_id) await act.jobs.cancel(workspace.id, row.job_id).catch(() => undefined);
  return getExport(stores, workspace, exportId);
}

export async function openExportFile(
  stores: Stores,
  deps: ExportDeps,
  workspace: Workspace,
  exportId: number,
  view: { readonly reveal: boolean },
): Promise<{ body: Readable; contentType: string; fileName: string }> {
  const row = await getExportRow(stores.control, workspace.id, exportId);
  assertMayReveal(row.columns, view.reveal);
  const file = exportFile(deps, row);
  const found = row.state === 'done' && row.format !== 'destination' && (await stat(file).catch(() => undefined));
  if (!found) {
    throw new AppError('not_found', `Export ${exportId} has no file (any more).`, {
      details: { fix: `Files are kept for ${exportDays} days; start the export again.` },
    });
  }
  return {
    body: createReadStream(file),
    contentType: row.format === 'csv' ? 'text/csv; charset=utf-8' : 'application/vnd.apache.parquet',
    fileName: `${row.of ?? 'people'}-${row.created_at.toISOString().slice(0, 10)}.${row.format}`,
  };
}

/** Files whose days are over, of every workspace. */
export async function removeOldExports(stores: Pick<Stores, 'control'>, deps: ExportDeps): Promise<void> {
  const rows = await stores.control.query<{ id: number; format: AudienceExport['format'] }>(
    `update audience_exports set expires_at = null, size_bytes = 0 where expires_at < now() returning id, format`,
  );
  for (const row of rows) await rm(exportFile(deps, row), { force: true });
}

export function assertMayReveal(columns: readonly string[], mayReveal: boolean): boolean {
  const found = identifiersIn(columns);
  if (found.length > 0 && !mayReveal) {
    throw new AppError('auth.forbidden', `Columns ${found.join(', ')} show who people are.`, {
      details: { field: 'columns', fix: 'Leave them out, or ask somebody who may see people in clear.' },
    });
  }
  return found.length > 0;
}

async function assertThere(
  session: ControlSession,
  workspaceId: WorkspaceId,
  { segmentId, listId, to }: AudienceExportCreate,
): Promise<void> {
  const own = session.of(workspaceId);
  const [found] = await own.query<{ audience: boolean; destination: boolean }>(
    `select exists (select from segments s where s.workspace_id = $1 and s.id = $2)
         or exists (select from lists l where l.workspace_id = $1 and l.id = $3) as audience,
       exists (select from destinations d where d.workspace_id = $1 and d.id = $4) as destination`,
    [segmentId ?? null, listId ?? null, to.format === 'destination' ? to.destinationId : null],
  );
  const missing = !found?.audience
    ? segmentId !== undefined
      ? 'segmentId'
      : 'listId'
    : to.format === 'destination' && !found.destination
      ? 'to.destinationId'
      : null;
  if (missing) {
    throw new AppError('not_found', `There is no such ${missing.replace(/^to\.|Id$/g, '').replace(/Id$/, '')}.`, {
      details: { field: missing },
    });
  }
}

export async function getExportRow(
  control: ControlSession,
  workspaceId: WorkspaceId,
  exportId: number,
): Promise<ExportRow> {
  const wanted = { id: exportId, segmentId: null, listId: null, before: null, limit: 1 };
  const [row] = await readExportRows(control, workspaceId, wanted);
  if (row) return row;
  throw new AppError('not_found', `There is no export ${exportId}.`, { details: { field: 'exportId' } });
}

function readExportRows(
  control: ControlSession,
  workspaceId: WorkspaceId,
  wanted: { id?: number; segmentId: number | null; listId: number | null; before: number | null; limit: number },
): Promise<ExportRow[]> {
  return control.of(workspaceId).query<ExportRow>(
    `select e.*, o.name as by,
       (select d.name from destinations d where d.workspace_id = $1 and d.id = e.destination_id) as destination_name,
       coalesce(
         (select s.name from segments s where s.workspace_id = $1 and s.id = e.segment_id),
         (select l.name from lists l where l.workspace_id = $1 and l.id = e.list_id)) as of
     from audience_exports e left join operators o on o.id = e.created_by
     where e.workspace_id = $1 and ($2::int is null or e.id = $2) and ($3::int is null or e.segment_id = $3)
       and ($4::int is null or e.list_id = $4) and ($5::int is null or e.id < $5)
     order by e.id desc limit $6`,
    [wanted.id ?? null, wanted.segmentId, wanted.listId, wanted.before, wanted.limit],
  );
}

const toExport = (row: ExportRow): AudienceExport => ({
  id: row.id,
  segmentId: row.segment_id,
  listId: row.list_id,
  of: row.of ?? '',
  format: row.format,
  destination: row.destination_id === null ? null : { id: row.destination_id, name: row.destination_name ?? '' },
  columns: row.columns,
  state: row.state,
  rowsTotal: row.rows_total,
  rowsDone: row.rows_done,
  sizeBytes: Number(row.size_bytes),
  error: row.error,
  by: row.by,
  createdAt: row.created_at.toISOString(),
  endedAt: row.ended_at?.toISOString() ?? null,
  expiresAt: row.expires_at?.toISOString() ?? null,
});
