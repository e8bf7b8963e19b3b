import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { ListUpload, MatchField } from '@zhiyin/contract';
import { type Detected, detectFile } from '../../collect/import/index.ts';
import { receiveBytes } from '../../collect/import/receive-bytes.ts';
import { AppError } from '../../domain/app-error.ts';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { ControlSession } from '../../storage/control/control-store.ts';
import type { Stores } from '../../storage/stores.ts';
import { type Act, operatorOf, type Queue } from './act.ts';
import { insertChange } from './changes.ts';
import { getListRow } from './manage-lists.ts';

export type UploadDeps = { readonly uploadDir: string; readonly diskReserveBytes: number };

type Shape = Pick<Detected, 'compression' | 'delimiter' | 'hasHeader'> & NonNullable<ListUpload['detected']>;
export type UploadRow = {
  id: number;
  list_id: number;
  file_name: string;
  size_bytes: string;
  detected: Shape | Record<string, never>;
  columns: Record<string, MatchField>;
  state: ListUpload['state'];
  report: NonNullable<ListUpload['report']> | Record<string, never>;
  change_id: string | null;
  error: string | null;
  created_at: Date;
};

export const uploadJob = 'list-upload';
const matchFields: readonly string[] = ['email', 'phone', 'user_id'] satisfies MatchField[];

export const uploadFile = ({ uploadDir }: UploadDeps, uploadId: number): string =>
  path.join(uploadDir, `list-${uploadId}`);

/** An upload begins as a name; its file follows. */
export async function createUpload(
  stores: Stores,
  workspace: Workspace,
  listId: number,
  fileName: string,
  act: Act,
): Promise<ListUpload> {
  const id = await stores.control.transaction(async (session) => {
    await getListRow(session, workspace.id, listId);
    const [row] = await session
      .of(workspace.id)
      .query<{ id: number }>(
        'insert into list_uploads (workspace_id, list_id, file_name, created_by) values ($1, $2, $3, $4) returning id',
        [listId, fileName, operatorOf(act)],
      );
    await act.audit(session, { listId, uploadId: row!.id });
    return row!.id;
  });
  return getUpload(stores, workspace, id);
}

/** The file as it comes, looked at: how it is written and which of its columns tell people. */
export async function receiveUpload(
  stores: Stores,
  deps: UploadDeps,
  workspace: Workspace,
  uploadId: number,
  bytes: Readable,
  act: Act,
): Promise<ListUpload> {
  const row = await getUploadRow(stores.control, workspace.id, uploadId);
  if (row.state !== 'uploading' && row.state !== 'ready') throw alreadyStarted(row);
  await mkdir(deps.uploadDir, { recursive: true, mode: 0o700 });
  const file = uploadFile(deps, uploadId);
  try {
    const { sizeBytes } = await receiveBytes(bytes, `${file}.partial`, { diskReserveBytes: deps.diskReserveBytes });
    await rename(`${file}.partial`, file);
    const detected = describe(await detectFile(file, { kind: 'customers' }));
    await stores.control.transaction(async (session) => {
      await session.of(workspace.id).query(
        `update list_uploads set size_bytes = $3, detected = $4, state = 'ready', error = null
         where workspace_id = $1 and id = $2`,
        [uploadId, sizeBytes, JSON.stringify(detected)],
      );
      await act.audit(session, { uploadId, sizeBytes });
    });
  } catch (cause) {
    await rm(`${file}.partial`, { force: true });
    await rm(file, { force: true });
    throw cause;
  }
  return getUpload(stores, workspace, uploadId);
}

/** From here on it is a job: who is found is put on the list by one change, which can be undone. */
export async function startUpload(
  stores: Stores,
  workspace: Workspace,
  uploadId: number,
  columns: Readonly<Record<string, MatchField>>,
  act: Act & { readonly jobs: Queue },
): Promise<ListUpload> {
  await stores.control.transaction(async (session) => {
    const row = await getUploadRow(session, workspace.id, uploadId);
    if (row.state !== 'ready') throw alreadyStarted(row);
    const known = new Set(row.detected.columns?.map((column) => column.name));
    const missing = Object.keys(columns).find((name) => !known.has(name));
    if (missing !== undefined) {
      throw new AppError('input.invalid', `The file has no column ${JSON.stringify(missing)}.`, {
        details: { field: 'columns', fix: `It has: ${[...known].join(', ')}.` },
      });
    }
    const changeId = await insertChange(
      session,
      workspace.id,
      { mark: { listId: row.list_id }, action: 'add', source: { kind: 'upload', id: uploadId } },
      act,
    );
    await session
      .of(workspace.id)
      .query(
        `update list_uploads set columns = $3, change_id = $4, state = 'running' where workspace_id = $1 and id = $2`,
        [uploadId, JSON.stringify(columns), changeId],
      );
    await act.audit(session, { uploadId, changeId, fields: Object.values(columns) });
  });
  const subject = `upload ${uploadId}`;
  await act.jobs.send(uploadJob, { uploadId }, { subject, singletonKey: subject, workspaceId: workspace.id });
  return getUpload(stores, workspace, uploadId);
}

export async function getUpload(stores: Stores, workspace: Workspace, uploadId: number): Promise<ListUpload> {
  return formatUpload(await getUploadRow(stores.control, workspace.id, uploadId));
}

/** Uploads of a list, latest first. */
export async function listUploads(stores: Stores, workspace: Workspace, listId: number): Promise<ListUpload[]> {
  const rows = await stores.control
    .of(workspace.id)
    .query<UploadRow>(`select * from list_uploads where workspace_id = $1 and list_id = $2 order by id desc limit 50`, [
      listId,
    ]);
  return rows.map(formatUpload);
}

export async function getUploadRow(
  control: ControlSession,
  workspaceId: WorkspaceId,
  uploadId: number,
): Promise<UploadRow> {
  const [row] = await control
    .of(workspaceId)
    .query<UploadRow>('select * from list_uploads where workspace_id = $1 and id = $2', [uploadId]);
  if (row) return row;
  throw new AppError('not_found', `There is no upload ${uploadId}.`, { details: { field: 'uploadId' } });
}

const alreadyStarted = (row: UploadRow): AppError =>
  row.state === 'uploading'
    ? new AppError('conflict', `Upload ${row.id} has no file yet.`, {
        details: { field: 'file', fix: 'PUT …/file first.' },
      })
    : new AppError('conflict', `Upload ${row.id} is ${row.state}.`, { details: { fix: 'Begin a new upload.' } });

/** Cells of the file are not kept: they are addresses and numbers of people. How full a column is says enough. */
function describe(detected: Detected): Shape {
  if (detected.format !== 'csv' && detected.format !== 'tsv') {
    throw new AppError('input.invalid', `A list is read from CSV or TSV, not from ${detected.format}.`, {
      details: { field: 'file', fix: 'Save the file as CSV.' },
    });
  }
  return {
    compression: detected.compression,
    hasHeader: detected.hasHeader,
    encoding: detected.encoding,
    delimiter: detected.delimiter,
    rowsEstimate: detected.rowsEstimate,
    columns: detected.columns.map(({ name, field, samples }) => ({
      name,
      field: field !== null && matchFields.includes(field) ? (field as MatchField) : null,
      filled: samples.length,
    })),
  };
}

function formatUpload(row: UploadRow): ListUpload {
  const { compression: _compression, hasHeader: _hasHeader, ...detected } = row.detected as Shape;
  return {
    id: row.id,
    listId: row.list_id,
    fileName: row.file_name,
    sizeBytes: Number(row.size_bytes),
    state: row.state,
    detected: detected.columns ? detected : null,
    report: 'rows' in row.report ? (row.report as NonNullable<ListUpload['report']>) : null,
    changeId: row.change_id === null ? null : Number(row.change_id),
    error: row.error,
    createdAt: row.created_at.toISOString(),
  };
}
