import type { Import, ImportKind, ImportMapping, ImportOptions, ImportReport } from '@zhiyin/contract';
import { AppError } from '../../domain/app-error.ts';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { ControlSession } from '../../storage/control/control-store.ts';
import type { Detected } from './detect-file.ts';
import type { HandedOn } from './save-progress.ts';

/** A row of `imports`, typed. */
export type ImportRow = {
  readonly id: number;
  readonly sourceId: number;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly fingerprint: string | null;
  readonly kind: ImportKind | null;
  readonly detected: Detected | null;
  readonly mapping: ImportMapping;
  readonly options: ImportOptions;
  readonly state: Import['state'];
  readonly progress: Import['progress'];
  /** How far rows that leave one by one have come; kept for the run after a crash. */
  readonly handedOn: HandedOn | null;
  readonly report: ImportReport | null;
  readonly error: string | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
};

type Raw = {
  id: number;
  source_id: number;
  file_name: string;
  size_bytes: string;
  fingerprint: string | null;
  kind: ImportKind | null;
  detected: Detected | Record<string, never>;
  mapping: ImportMapping;
  options: ImportOptions;
  state: Import['state'];
  progress: (NonNullable<Import['progress']> & { handedOn?: HandedOn }) | Record<string, never>;
  report: ImportReport | Record<string, never>;
  error: string | null;
  created_at: Date;
  started_at: Date | null;
  ended_at: Date | null;
};

const columns =
  'id, source_id, file_name, size_bytes, fingerprint, kind, detected, mapping, options, state, progress, report, error, created_at, started_at, ended_at';

export async function findImportRow(
  session: ControlSession,
  workspaceId: WorkspaceId,
  importId: number,
  lock: 'for update' | '' = '',
): Promise<ImportRow | undefined> {
  const rows = await session
    .of(workspaceId)
    .query<Raw>(`select ${columns} from imports where workspace_id = $1 and id = $2 ${lock}`, [importId]);
  return rows[0] && parse(rows[0]);
}

export async function getImportRow(
  session: ControlSession,
  workspaceId: WorkspaceId,
  importId: number,
  lock: 'for update' | '' = '',
): Promise<ImportRow> {
  const row = await findImportRow(session, workspaceId, importId, lock);
  if (!row) throw new AppError('not_found', `Import ${importId} does not exist.`);
  return row;
}

/** Newest first; `before` is the last id of the page before. */
export async function listImportRows(
  session: ControlSession,
  workspaceId: WorkspaceId,
  page: { before: number | null; limit: number },
): Promise<ImportRow[]> {
  const rows = await session
    .of(workspaceId)
    .query<Raw>(
      `select ${columns} from imports where workspace_id = $1 and ($2::integer is null or id < $2) order by id desc limit $3`,
      [page.before, page.limit],
    );
  return rows.map(parse);
}

/** The finished import that had the same bytes, kind, mapping and options, if there is one. */
export async function findSameImport(
  session: ControlSession,
  workspaceId: WorkspaceId,
  row: ImportRow,
): Promise<ImportRow | undefined> {
  const rows = await session.of(workspaceId).query<Raw>(
    `select ${columns} from imports where workspace_id = $1 and id <> $2 and state = 'done' and fingerprint = $3 and kind = $4
       and mapping = $5::jsonb and options = $6::jsonb order by id limit 1`,
    [row.id, row.fingerprint, row.kind, JSON.stringify(row.mapping), JSON.stringify(row.options)],
  );
  return rows[0] && parse(rows[0]);
}

function parse(raw: Raw): ImportRow {
  return {
    id: raw.id,
    sourceId: raw.source_id,
    fileName: raw.file_name,
    sizeBytes: Number(raw.size_bytes),
    fingerprint: raw.fingerprint,
    kind: raw.kind,
    detected: 'columns' in raw.detected ? (raw.detected as Detected) : null,
    mapping: raw.mapping,
    options: raw.options,
    state: raw.state,
    progress: formatProgress(raw.progress),
    handedOn: raw.progress.handedOn ?? null,
    report: 'received' in raw.report ? (raw.report as ImportReport) : null,
    error: raw.error,
    createdAt: raw.created_at,
    startedAt: raw.started_at,
    endedAt: raw.ended_at,
  };
}

function formatProgress(progress: Raw['progress']): Import['progress'] {
  if (!('stage' in progress)) return null;
  const { handedOn: _, ...shown } = progress as NonNullable<Import['progress']> & { handedOn?: HandedOn };
  return shown;
}

/** As the API shows it. */
export function formatImport(row: ImportRow): Import {
  const { compression: _, ...detected } = row.detected ?? { compression: 'none' };
  return {
    id: row.id,
    fileName: row.fileName,
    sizeBytes: row.sizeBytes,
    kind: row.kind,
    state: row.state,
    detected: row.detected ? (detected as Import['detected']) : null,
    mapping: row.mapping,
    options: row.options,
    progress: row.progress,
    report: row.report,
    error: row.error,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}
