import { rm } from 'node:fs/promises';
import type { ListUpload, MatchField } from '@zhiyin/contract';
import type { TextEncoding } from '../../collect/import/detect-encoding.ts';
import { nameColumns } from '../../collect/import/detect-file.ts';
import { type Compression, openUnpacked } from '../../collect/import/open-text.ts';
import { CsvReader } from '../../collect/import/read-csv.ts';
import { asIdentityId, type IdentityId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import { noteChangedPeople } from '../../storage/control/note-changed-people.ts';
import type { Stores } from '../../storage/stores.ts';
import type { WorkspaceVault } from '../../storage/vault/vault.ts';
import { profilesOf } from '../profile-identities.ts';
import { type Run, sentenceOf, willTryAgain } from './act.ts';
import { changePeople, type Told } from './change-people.ts';
import { endChange } from './changes.ts';
import { getUploadRow, type UploadDeps, uploadFile } from './receive-upload.ts';

const rowsAtOnce = 2_000;
const emptyRowsMax = 20;

type Report = NonNullable<ListUpload['report']>;
type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };
type FileRow = { readonly number: number; readonly identityIds: readonly IdentityId[] };

/**
 * Puts the people of a file on its list. Identifiers become keyed hashes at once and are kept as nothing else: one that nobody has
 * been seen with waits on the list for its person. The file is removed when it is done.
 */
export async function runUpload(
  stores: Stores,
  deps: UploadDeps,
  workspace: Workspace,
  uploadId: number,
  run: Run,
): Promise<void> {
  const upload = await getUploadRow(stores.control, workspace.id, uploadId);
  if (upload.state !== 'running') return;
  const changeId = Number(upload.change_id);
  const vault = await stores.vault.of(workspace.id);
  const report: Mutable<Report> = { rows: 0, matched: 0, duplicates: 0, unmatched: 0, empty: 0, emptyRows: [] };
  const seen = new Set<string>();
  let changed = 0;
  let page = 0;
  const flush = async (rows: readonly FileRow[]) => {
    run.signal.throwIfAborted();
    page += 1;
    const told = await matchRows(stores, workspace, rows, seen, report);
    const change = { id: changeId, mark: { listId: upload.list_id }, action: 'add' } as const;
    const people = await changePeople(stores, workspace.id, change, page, told);
    await noteChangedPeople(stores.control, workspace.id, people.map(asIdentityId));
    changed += people.length;
    run.progress(report.rows, upload.detected.rowsEstimate ?? null);
  };
  try {
    let waiting: FileRow[] = [];
    for await (const cells of readCells(uploadFile(deps, uploadId), upload.detected as FileShape)) {
      report.rows += 1;
      const identityIds = readIdentities(vault, upload.columns, cells);
      if (identityIds.length > 0) waiting.push({ number: report.rows, identityIds });
      else {
        report.empty += 1;
        if (report.emptyRows.length < emptyRowsMax) report.emptyRows.push(report.rows);
      }
      if (waiting.length < rowsAtOnce) continue;
      await flush(waiting);
      waiting = [];
    }
    if (waiting.length > 0) await flush(waiting);
    await endChange(stores.control, workspace.id, changeId, changed, null);
    await stores.control
      .of(workspace.id)
      .query(
        `update list_uploads set state = 'done', report = $3, ended_at = now() where workspace_id = $1 and id = $2`,
        [uploadId, JSON.stringify(report)],
      );
    await rm(uploadFile(deps, uploadId), { force: true });
  } catch (cause) {
    if (!willTryAgain(cause, run)) {
      const error = sentenceOf(cause);
      await endChange(stores.control, workspace.id, changeId, changed, error);
      await stores.control
        .of(workspace.id)
        .query(
          `update list_uploads set state = 'failed', error = $3, ended_at = now() where workspace_id = $1 and id = $2`,
          [uploadId, error],
        );
    }
    throw cause;
  }
}

/** The first identifier of a row that somebody has been seen with tells its person; with none of them known, the first one waits. */
async function matchRows(
  stores: Stores,
  workspace: Workspace,
  rows: readonly FileRow[],
  seen: Set<string>,
  report: Mutable<Report>,
): Promise<Told[]> {
  const all = [...new Set(rows.flatMap((row) => row.identityIds))];
  const found = await stores.control
    .of(workspace.id)
    .query<{ identity_id: string }>(
      'select identity_id from identities where workspace_id = $1 and identity_id = any($2::bigint[])',
      [all],
    );
  const known = new Set(found.map((row) => row.identity_id));
  const profiles = await profilesOf(stores, workspace.id, all);
  return rows.flatMap((row): Told[] => {
    const identityId = row.identityIds.find((id) => known.has(id)) ?? row.identityIds[0]!;
    const profileId = profiles.get(identityId)!;
    if (seen.has(profileId)) {
      report.duplicates += 1;
      return [];
    }
    seen.add(profileId);
    if (known.has(identityId)) report.matched += 1;
    else report.unmatched += 1;
    return [{ profileId, identityId }];
  });
}

const usable: Readonly<Record<MatchField, (value: string) => boolean>> = {
  email: (value) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/u.test(value),
  phone: (value) => value.replaceAll(/\D/gu, '').length >= 5,
  user_id: (value) => !/^(null|none|nan|n\/a|undefined|unknown|0|-1|-)$/iu.test(value),
};

function readIdentities(
  vault: WorkspaceVault,
  columns: Readonly<Record<string, MatchField>>,
  cells: ReadonlyMap<string, string>,
): IdentityId[] {
  return Object.entries(columns).flatMap(([column, field]) => {
    const value = (cells.get(column) ?? '').trim();
    return value !== '' && value.length <= 320 && usable[field](value) ? [vault.surrogate(field, value)] : [];
  });
}

type FileShape = {
  readonly compression: Compression;
  readonly encoding: TextEncoding;
  readonly delimiter: string;
  readonly hasHeader: boolean;
};

/** Rows of the file by the names of its columns, in bounded memory. A row with a broken quote has no cells. */
async function* readCells(file: string, shape: FileShape): AsyncGenerator<ReadonlyMap<string, string>> {
  const decoder = new TextDecoder(shape.encoding);
  const reader = new CsvReader({ delimiter: shape.delimiter, quote: '"' });
  let names: string[] | undefined;
  const records = async function* () {
    for await (const piece of openUnpacked(file, shape.compression)) {
      yield* reader.push(decoder.decode(piece as Buffer, { stream: true }));
    }
    yield* reader.push(decoder.decode());
    yield* reader.end();
  };
  for await (const { fields } of records()) {
    if (!names) {
      names = nameColumns(shape.hasHeader ? fields : fields.map(() => ''));
      if (shape.hasHeader) continue;
    }
    yield new Map(names.map((name, i) => [name, fields[i] ?? '']));
  }
}
