import type { ImportKind, ImportMapping, ImportOptions } from '@zhiyin/contract';
import { AppError } from '../../domain/app-error.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import type { ImportAct } from './import-deps.ts';

export type SavedMappingRow = {
  readonly id: number;
  readonly name: string;
  readonly kind: ImportKind;
  readonly mapping: ImportMapping;
  readonly options: ImportOptions;
};

const columns = 'id, name, kind, mapping, options';

export async function listSavedMappings(stores: Stores, workspace: Workspace): Promise<SavedMappingRow[]> {
  return stores.control
    .of(workspace.id)
    .query<SavedMappingRow>(
      `select ${columns} from import_mappings where workspace_id = $1 order by id desc limit 500`,
    );
}

/** Saved again under the same name, it replaces the one before. */
export async function saveMapping(
  stores: Stores,
  workspace: Workspace,
  mapping: Omit<SavedMappingRow, 'id'>,
  act: ImportAct,
): Promise<SavedMappingRow> {
  return stores.control.transaction(async (session) => {
    const [row] = await session.of(workspace.id).query<SavedMappingRow>(
      `insert into import_mappings (workspace_id, name, kind, mapping, options) values ($1, $2, $3, $4, $5)
       on conflict (workspace_id, name) do update set kind = excluded.kind, mapping = excluded.mapping, options = excluded.options returning ${columns}`,
      [mapping.name, mapping.kind, JSON.stringify(mapping.mapping), JSON.stringify(mapping.options)],
    );
    await act.audit(session, { name: mapping.name });
    return row!;
  });
}

export async function deleteMapping(
  stores: Stores,
  workspace: Workspace,
  mappingId: number,
  act: ImportAct,
): Promise<void> {
  await stores.control.transaction(async (session) => {
    const rows = await session
      .of(workspace.id)
      .query<{ name: string }>('delete from import_mappings where workspace_id = $1 and id = $2 returning name', [
        mappingId,
      ]);
    if (rows.length === 0) throw new AppError('not_found', `Saved mapping ${mappingId} does not exist.`);
    await act.audit(session, { name: rows[0]!.name });
  });
}
