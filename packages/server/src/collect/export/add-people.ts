import { type IdentityKind, identityKinds } from '../../domain/identity.ts';
import { asIdentityId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import type { ExportTable } from './export-tables.ts';

export type ExportRow = Record<string, unknown>;

/** Adds who stands behind surrogates, from the vault, and opens sealed records. Only called when the caller may see them. */
export async function addPeople(
  stores: Stores,
  workspace: Workspace,
  what: ExportTable,
  rows: readonly ExportRow[],
): Promise<ExportRow[]> {
  const vault = await stores.vault.of(workspace.id);
  if (what === 'quarantine') {
    return rows.map(({ raw_sealed, ...row }) => ({
      ...row,
      raw: vault.openRecord(Buffer.from(String(raw_sealed), 'base64')).toString('utf8'),
    }));
  }
  const ids = [...new Set(rows.flatMap(identityIdsOf))].filter((id) => id !== '0').map(asIdentityId);
  if (ids.length === 0) return [...rows];
  const known = new Map(
    (await vault.revealIdentities(ids)).map((identity) => [identity.identityId as string, identity]),
  );
  return rows.map(({ identity_ids, ...row }) => {
    const found = identityIdsOf({ ...row, identity_ids }).flatMap((id) => known.get(id) ?? []);
    const of = (kind: IdentityKind) =>
      found
        .filter((identity) => identity.kind === kind)
        .map((identity) => identity.value)
        .join('; ');
    return { ...row, ...Object.fromEntries(identityKinds.map((kind) => [kind, of(kind)])) };
  });
}

/** Without that right: surrogates only, and no sealed bytes. */
export function leaveOutPeople(rows: readonly ExportRow[]): ExportRow[] {
  return rows.map(({ raw_sealed: _sealed, identity_ids: _ids, ...row }) => row);
}

function identityIdsOf(row: ExportRow): string[] {
  if (Array.isArray(row.identity_ids)) return row.identity_ids.map(String);
  return row.identity_id === undefined ? [] : [String(row.identity_id)];
}
